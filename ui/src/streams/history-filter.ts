/** By what the history is narrowed; names as the address of the page and the API spell them. */
export const HISTORY_FIELDS = ['person', 'channel', 'source'] as const
/** One of them. */
export type HistoryField = (typeof HISTORY_FIELDS)[number]

/** What of the history is shown; '': all. */
export type HistoryFilter = Readonly<Record<HistoryField | 'reason', string>> & {
  /** Viewings before the first one that is shown. */
  readonly offset: number
}

/** The filter in the query of an address; what is not known there is left alone. */
export function readHistoryFilter(query: Readonly<Record<string, string | undefined>>): HistoryFilter {
  const offset = Number.parseInt(query['offset'] ?? '', 10)
  return {
    person: query['person'] ?? '',
    channel: query['channel'] ?? '',
    source: query['source'] ?? '',
    reason: query['reason'] ?? '',
    offset: offset > 0 && offset < 1_000_000 ? offset : 0,
  }
}

/** The filter as the query of an address, without `?`; '' for all from the newest on. */
export function writeHistoryFilter({ offset, ...filter }: HistoryFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  if (offset > 0) query.set('offset', String(offset))
  return query.toString()
}

/** The filter with something else in it, from the newest on. */
export const narrowed = (filter: HistoryFilter, change: Partial<HistoryFilter>): HistoryFilter => ({
  ...filter,
  offset: 0,
  ...change,
})
