import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { ask } from '../api/request.ts'
import { openPages } from '../grid/pages.ts'
import type { Pages } from '../grid/pages.ts'
import { RowsAnswer } from './answers.ts'
import type { ChannelRow } from './answers.ts'
import { filterOf } from './view.ts'
import type { View } from './view.ts'

/** Rows fetched in one request. */
const PAGE_SIZE = 100
/** How long a row stays marked that somebody else changed. */
const MARKED_MS = 6000

/** Address of a window of the owner's list. */
export function rowsPath(filter: string, sort: View['sort'], offset: number, limit: number): string {
  const query = new URLSearchParams({ offset: String(offset), limit: String(limit) })
  if (filter !== '') query.set('filter', filter)
  if (sort.by !== 'number') query.set('sort', sort.by)
  if (sort.isDescending) query.set('desc', '1')
  return `/api/v1/lineup/channels?${query.toString()}`
}

/** Which rows somebody else changed a moment ago. */
export type Marks = {
  readonly ids: ReadonlySignal<ReadonlySet<string>>
  /** A revision that came of an edit here: what it changed is no news. */
  own(revision: string): void
  compare(before: readonly ChannelRow[], after: readonly ChannelRow[], revision: string): void
}

const MOST_OWN = 50

/** Makes the marks; `later` calls something after so many milliseconds. */
export function createMarks(later: (work: () => void, ms: number) => void): Marks {
  const ids = signal<ReadonlySet<string>>(new Set())
  const ours = new Set<string>()
  return {
    ids,
    own: (revision) => {
      ours.add(revision)
      const [oldest] = ours
      if (ours.size > MOST_OWN && oldest !== undefined) ours.delete(oldest)
    },
    compare: (before, after, revision) => {
      if (ours.has(revision)) return
      const known = new Map(before.map((row) => [row.id, row]))
      const changed = after.filter((row) => {
        const old = known.get(row.id)
        return old !== undefined && essence(old) !== essence(row)
      })
      if (changed.length === 0) return
      ids.value = new Set([...ids.peek(), ...changed.map(({ id }) => id)])
      later(() => {
        const gone = new Set(changed.map(({ id }) => id))
        ids.value = new Set([...ids.peek()].filter((id) => !gone.has(id)))
      }, MARKED_MS)
    },
  }
}

/** What somebody edits; whether a stream runs changes all the time. */
const essence = (row: ChannelRow): string => JSON.stringify({ ...row, isRunning: false })

/** Opens the list that a view shows. */
export const openRows = (view: View, marks: Marks): Pages<ChannelRow> =>
  openPages({
    load: (offset, limit, signal) => ask(rowsPath(filterOf(view), view.sort, offset, limit), RowsAnswer, { signal }),
    size: PAGE_SIZE,
    now: Date.now,
    onRenewed: marks.compare,
  })

/** The channel as it is now; null: it is gone. Throws `Problem`. */
export async function fetchRow(
  id: string,
  signal?: AbortSignal,
): Promise<{ readonly row: ChannelRow | null; readonly revision: string }> {
  const path = rowsPath(`id = "${id}"`, { by: 'number', isDescending: false }, 0, 1)
  const { items, revision } = await ask(path, RowsAnswer, signal === undefined ? {} : { signal })
  return { row: items[0] ?? null, revision }
}
