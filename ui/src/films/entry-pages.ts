import { ask } from '../api/request.ts'
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

/** Opens a part of a shelf. A source that does not say how many there are is asked for one page more, as long as there is one. */
export function openEntries({ source, kind, category, q }: ShelfFilter): Pages<Entry> {
  return openPages<Entry>({
    size: PAGE_SIZE,
    now: Date.now,
    async load(offset, limit, signal) {
      const query = new URLSearchParams({ kind, offset: String(offset), limit: String(limit) })
      if (category !== null) query.set('category', category)
      if (q !== '') query.set('q', q)
      const path = `/api/v1/vod/${encodeURIComponent(source)}/entries?${query.toString()}`
      const { total, items } = await ask(path, EntriesAnswer, { signal })
      const atLeast = offset + items.length + (items.length === limit ? limit : 0)
      return { revision: '', total: total ?? atLeast, items }
    },
  })
}
