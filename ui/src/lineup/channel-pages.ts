import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { ChannelsAnswer } from '../api/answers.ts'
import type { ChannelAnswer } from '../api/answers.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { pagesOf } from './window.ts'
import type { RowWindow } from './window.ts'

/** What part of the line-up is shown. */
export type ChannelFilter = { readonly q: string; readonly group: string | null }

/** Channels fetched in one request; no request grows with the line-up. */
export const PAGE_SIZE = 60

// Programmes change; a page older than this is asked for again when it is looked at.
const STALE_MS = 60_000

/** A filtered line-up of any length, fetched page by page where it is looked at. */
export type ChannelPages = {
  /** Null until the first answer. */
  readonly total: ReadonlySignal<number | null>
  readonly problem: ReadonlySignal<Problem | null>
  /** Counts answers: read it to be drawn again when rows arrive. */
  readonly version: ReadonlySignal<number>
  row(index: number): ChannelAnswer | null
  /** Fetches what is missing or stale in this window. */
  look(window: RowWindow, now: number): void
  /** Asks for the beginning again, whatever is known. */
  refresh(): void
  close(): void
}

/** Address of one page of the filtered line-up. */
export function channelsPath({ q, group }: ChannelFilter, offset: number, limit: number): string {
  const query = new URLSearchParams()
  if (q !== '') query.set('q', q)
  if (group !== null) query.set('group', group)
  query.set('offset', String(offset))
  query.set('limit', String(limit))
  return `/api/v1/channels?${query.toString()}`
}

/** Opens a filtered line-up; the first page is asked for at once. */
export function openChannelPages(filter: ChannelFilter, now: () => number): ChannelPages {
  const total = signal<number | null>(null)
  const problem = signal<Problem | null>(null)
  const version = signal(0)
  const pages = new Map<number, { readonly items: readonly ChannelAnswer[]; readonly at: number }>()
  const asking = new Set<number>()
  const stop = new AbortController()
  let revision: string | null = null

  const load = async (page: number) => {
    asking.add(page)
    try {
      const answer = await ask(channelsPath(filter, page * PAGE_SIZE, PAGE_SIZE), ChannelsAnswer, {
        signal: stop.signal,
      })
      // Another revision: rows may have moved, so that older pages say nothing any more.
      if (revision !== null && revision !== answer.revision) pages.clear()
      revision = answer.revision
      pages.set(page, { items: answer.items, at: now() })
      total.value = answer.total
      problem.value = null
      version.value += 1
    } catch (thrown) {
      if (!stop.signal.aborted) problem.value = asProblem(thrown)
    } finally {
      asking.delete(page)
    }
  }

  void load(0)
  return {
    total,
    problem,
    version,
    row: (index) => pages.get(Math.floor(index / PAGE_SIZE))?.items[index % PAGE_SIZE] ?? null,
    look: (window, at) => {
      for (const page of pagesOf(window, PAGE_SIZE)) {
        const known = pages.get(page)
        if (!asking.has(page) && (known === undefined || at - known.at > STALE_MS)) void load(page)
      }
    },
    refresh: () => {
      if (!asking.has(0)) void load(0)
    },
    close: () => stop.abort(),
  }
}
