import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { pagesOf } from './window.ts'
import type { RowWindow } from './window.ts'

/** One answer: so many rows from `offset` on, how many there are in all, and of which state of the house. */
export type PageAnswer<Row> = { readonly revision: string; readonly total: number; readonly items: readonly Row[] }

/** A list of any length, fetched page by page where it is looked at. */
export type Pages<Row> = {
  /** Null until the first answer. */
  readonly total: ReadonlySignal<number | null>
  readonly problem: ReadonlySignal<Problem | null>
  /** Counts answers: read it to be drawn again when rows arrive. */
  readonly version: ReadonlySignal<number>
  /** Of which state of the house the last answer was; '' until then. */
  readonly revision: ReadonlySignal<string>
  row(index: number): Row | null
  /** Rows that are known here, with their places. */
  known(): Iterable<readonly [index: number, row: Row]>
  /** Fetches what is missing or stale in this window. */
  look(window: RowWindow, now: number): void
  /** What is known may be old: what is looked at is asked for again, and shown until the answer is there. */
  refresh(): void
  /** Shows a row as it will be, until the next answer. */
  put(index: number, row: Row): void
  close(): void
}

/** How a list is fetched. */
export type PageOptions<Row> = {
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<PageAnswer<Row>>
  /** Rows in one request. */
  readonly size: number
  /** A page older than this is asked for again when it is looked at; absent: only after `refresh`. */
  readonly staleMs?: number
  readonly now: () => number
  /** Called when a page that was known is there again. */
  readonly onRenewed?: (before: readonly Row[], after: readonly Row[], revision: string) => void
}

type Page<Row> = {
  items: readonly Row[]
  readonly at: number
  /** How often the list had been refreshed when it was asked for. */
  readonly refreshes: number
  readonly revision: string
}

// Whoever scrolls through 100,000 rows needs no memory of all of them.
const MOST_PAGES = 100

/** Opens a list; its first page is asked for at once. */
export function openPages<Row>({ load, size, staleMs = Infinity, now, onRenewed }: PageOptions<Row>): Pages<Row> {
  const total = signal<number | null>(null)
  const problem = signal<Problem | null>(null)
  const version = signal(0)
  const revision = signal('')
  const pages = new Map<number, Page<Row>>()
  const asking = new Set<number>()
  const stop = new AbortController()
  let refreshes = 0

  const fetchPage = async (page: number) => {
    asking.add(page)
    const asked = refreshes
    try {
      const answer = await load(page * size, size, stop.signal)
      if (stop.signal.aborted) return
      const before = pages.get(page)
      pages.delete(page)
      pages.set(page, { items: answer.items, at: now(), refreshes: asked, revision: answer.revision })
      const [oldest] = pages.keys()
      if (pages.size > MOST_PAGES && oldest !== undefined) pages.delete(oldest)
      revision.value = answer.revision
      total.value = answer.total
      problem.value = null
      version.value += 1
      if (before !== undefined) onRenewed?.(before.items, answer.items, answer.revision)
    } catch (thrown) {
      if (!stop.signal.aborted) problem.value = asProblem(thrown)
    } finally {
      asking.delete(page)
    }
  }

  void fetchPage(0)
  return {
    total,
    problem,
    version,
    revision,
    row: (index) => pages.get(Math.floor(index / size))?.items[index % size] ?? null,
    *known() {
      for (const [page, { items }] of pages)
        for (const [index, row] of items.entries()) yield [page * size + index, row] as const
    },
    look: (window, at) => {
      for (const page of pagesOf(window, size)) {
        const known = pages.get(page)
        // Of another revision: rows may have moved.
        const isOfNow = known?.refreshes === refreshes && known.revision === revision.peek()
        const isGood = known !== undefined && isOfNow && at - known.at <= staleMs
        if (!asking.has(page) && !isGood) void fetchPage(page)
      }
    },
    refresh: () => {
      refreshes += 1
      version.value += 1
      // Nobody looks at the rows of an empty list.
      if ((total.peek() ?? 0) === 0 && !asking.has(0)) void fetchPage(0)
    },
    put: (index, row) => {
      const page = pages.get(Math.floor(index / size))
      if (page === undefined || page.items[index % size] === undefined) return
      page.items = page.items.with(index % size, row)
      version.value += 1
    },
    close: () => stop.abort(),
  }
}
