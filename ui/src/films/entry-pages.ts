import { ask } from '../api/request.ts'
import { loadChained } from '../grid/chained.ts'
import { openPages } from '../grid/pages.ts'
import type { Pages } from '../grid/pages.ts'
import { EntriesAnswer } from './answers.ts'
import type { Entry, Kind } from './answers.ts'

/** What part of a shelf is shown. */
export type ShelfFilter = {
  readonly source: string
  readonly kind: Kind
  readonly category: string | null
  readonly q: string
}

/** Titles in one request. */
const PAGE_SIZE = 60

/** Opens a part of a shelf. */
export function openEntries({ source, kind, category, q }: ShelfFilter): Pages<Entry> {
  return openPages<Entry>({
    size: PAGE_SIZE,
    now: Date.now,
    load: loadChained((at, limit, signal) => {
      const query = new URLSearchParams({ kind, offset: String(at), limit: String(limit) })
      if (category !== null) query.set('category', category)
      if (q !== '') query.set('q', q)
      const path = `/api/v1/vod/${encodeURIComponent(source)}/entries?${query.toString()}`
      return ask(path, EntriesAnswer, { signal })
    }),
  })
}
