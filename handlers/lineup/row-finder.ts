import { createFoldedNames, indexStored } from '../../core/lineup/editor/facts.ts'
import { findRows } from '../../core/lineup/editor/find-rows.ts'
import type { RowGround, RowQuery } from '../../core/lineup/editor/find-rows.ts'
import { orderRows } from '../../core/lineup/editor/sort.ts'
import type { RowSort } from '../../core/lineup/editor/sort.ts'
import type { Channel, ChannelKey } from '../../core/lineup/channel.ts'
import type { LineupIndex } from '../../core/lineup/lineup.ts'
import type { StoredChannel, StoredLineup } from '../../core/lineup/stored.ts'
import type { Steps } from '../../core/steps.ts'
import type { Gateway } from '../gateway.ts'
import { deskOf } from '../lineup-change.ts'
import { houseFacts } from './house-facts.ts'

/** What of the gateway the owner's list needs. */
export type RowPorts = Pick<Gateway, 'lineup' | 'admin' | 'guideDesk' | 'status' | 'now'>

/** The rows of a list, and of which line-up. */
export type FoundRows = {
  readonly revision: string
  readonly rows: readonly Channel[]
  readonly byKey: ReadonlyMap<ChannelKey, StoredChannel>
}

/** Lists that are kept: scrolling asks for one list window by window, and several pages may be open. */
const MOST_LISTS = 8
/** Guides and sources change without a new line-up; no list is older than this. */
const LIST_LASTS_MS = 10_000

/**
 * Finds the rows of an owner's list, each list once for each line-up: a window of a list that is known takes no time.
 *
 * Fails with `lineup/bad-filter`, `lineup/not-ready`, `http/not-found` on a front.
 */
export function createRowFinder(gateway: RowPorts): (query: RowQuery) => Promise<FoundRows> {
  const folded = createFoldedNames()
  let known: Known | null = null
  const current = (stored: StoredLineup): Known => {
    const lineup = gateway.lineup.current()
    if (known?.lineup !== lineup) known = { lineup, byKey: indexStored(stored), orders: new Map(), lists: new Map() }
    return known
  }
  return (query) => {
    const desk = deskOf(gateway)
    const now = gateway.now()
    const { lists } = current(desk.stored())
    const name = JSON.stringify([query.filter, query.sort, query.isDescending])
    const list = lists.get(name)
    if (list !== undefined && now - list.at < LIST_LASTS_MS) return list.found
    const found = desk.inspect((stored) => find(current(stored), query, { folded, facts: houseFacts(gateway) }))
    lists.delete(name)
    lists.set(name, { at: now, found })
    found.catch(() => lists.delete(name)) // whoever asked hears of it
    const [oldest] = lists.keys()
    if (lists.size > MOST_LISTS && oldest !== undefined) lists.delete(oldest)
    return found
  }
}

type Known = {
  readonly lineup: LineupIndex
  readonly byKey: ReadonlyMap<ChannelKey, StoredChannel>
  readonly orders: Map<RowSort, readonly Channel[]>
  readonly lists: Map<string, { readonly at: number; readonly found: Promise<FoundRows> }>
}

function* find(
  { lineup, byKey, orders }: Known,
  query: RowQuery,
  known: Pick<RowGround, 'folded' | 'facts'>,
): Steps<FoundRows> {
  const { channels, revision } = lineup
  function* order(sort: RowSort): Steps<readonly Channel[]> {
    const ordered = orders.get(sort) ?? (yield* orderRows(channels, sort))
    orders.set(sort, ordered)
    return ordered
  }
  const rows = yield* findRows({ channels, byKey, ...known, orders: order }, query)
  return { revision, rows, byKey }
}
