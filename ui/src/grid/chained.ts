import type { PageOptions } from './pages.ts'

/** A part of a list; `total` null: nobody counted. `next`: where the rest begins, null: there is none. */
export type Part<Row> = {
  readonly total: number | null
  readonly next: number | null
  readonly items: readonly Row[]
}

/**
 * Loads pages of a list that nobody may have counted: such a list has one page more, as long as it goes on, and each of its
 * pages begins where the one before says. A counted list is asked anywhere.
 */
export function loadChained<Row>(
  ask: (at: number, limit: number, signal: AbortSignal) => Promise<Part<Row>>,
): PageOptions<Row>['load'] {
  const begins = new Map<number, number | null>([[0, 0]])
  let isCounted = false

  /** Where the page at `offset` begins; null: the list ends before. */
  const beginOf = async (offset: number, limit: number, signal: AbortSignal): Promise<number | null> => {
    let known = offset
    while (known > 0 && !begins.has(known)) known -= limit
    for (; known < offset; known += limit) {
      const begin = begins.get(known) ?? null
      if (begin === null) return null
      begins.set(known + limit, (await ask(begin, limit, signal)).next)
    }
    return begins.get(offset) ?? null
  }

  return async (offset, limit, signal) => {
    const begin = isCounted ? offset : await beginOf(offset, limit, signal)
    if (begin === null) return { revision: '', total: offset, items: [] }
    const { total, next, items } = await ask(begin, limit, signal)
    isCounted = total !== null
    begins.set(offset + limit, next)
    return { revision: '', total: total ?? offset + items.length + (next === null ? 0 : limit), items }
  }
}
