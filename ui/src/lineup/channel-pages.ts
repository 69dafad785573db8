import { ChannelsAnswer } from '../api/answers.ts'
import type { ChannelAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { openPages } from '../grid/pages.ts'
import type { Pages } from '../grid/pages.ts'

/** What part of the line-up is shown. */
export type ChannelFilter = { readonly q: string; readonly group: string | null }

/** Channels fetched in one request; no request grows with the line-up. */
export const PAGE_SIZE = 60

// Programmes change; a page older than this is asked for again when it is looked at.
const STALE_MS = 60_000

/** A filtered line-up of any length, fetched page by page where it is looked at. */
export type ChannelPages = Pages<ChannelAnswer>

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
export const openChannelPages = (filter: ChannelFilter, now: () => number): ChannelPages =>
  openPages({
    load: (offset, limit, signal) => ask(channelsPath(filter, offset, limit), ChannelsAnswer, { signal }),
    size: PAGE_SIZE,
    staleMs: STALE_MS,
    now,
  })
