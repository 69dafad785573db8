import { eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import { sortByNumber } from '../channel.ts'
import type { Channel, ChannelKey } from '../channel.ts'
import { createFilter } from '../filter/filter.ts'
import { subjectOf } from '../filter/subject.ts'
import type { Lineup } from '../lineup.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import { createLineupView } from '../view.ts'
import { indexStored, markChannels, OWN_FACTS } from './facts.ts'
import type { FoldedNames, HouseFacts } from './facts.ts'
import { orderRows } from './sort.ts'
import type { RowSort } from './sort.ts'

/** An owner's list: what it shows, in which order. An empty filter means all channels. */
export type RowQuery = { readonly filter: string; readonly sort: RowSort; readonly isDescending: boolean }

/** Places in a list, `to` excluded. */
export type RowRange = { readonly from: number; readonly to: number }

/** Where rows are found. `channels`: as viewers see them, disabled ones too, in order of number. */
export type RowGround = {
  readonly channels: readonly Channel[]
  readonly byKey: ReadonlyMap<ChannelKey, StoredChannel>
  readonly facts: HouseFacts
  readonly folded?: FoldedNames
  /** The channels in another order, if somebody worked it out already. */
  readonly orders?: (sort: RowSort) => Steps<readonly Channel[]>
}

/** The channels of an owner's list, switched off ones too. Fails with `lineup/bad-filter`. */
export function* findRows(ground: RowGround, { filter, sort, isDescending }: RowQuery): Steps<readonly Channel[]> {
  const { byKey, facts } = ground
  const isMeant = filter === '' ? null : createFilter(filter)
  const marks = markChannels(byKey, facts, ground.folded)
  const ordered = yield* ground.orders?.(sort) ?? orderRows(ground.channels, sort)
  if (isMeant === null) return isDescending ? ordered.toReversed() : ordered
  const found: Channel[] = []
  yield* eachInSteps(ordered, (channel) => {
    if (isMeant(subjectOf(channel, byKey.get(channel.key)?.favourite === true, marks))) found.push(channel)
  })
  return isDescending ? found.reverse() : found
}

/** What is known already of the line-up that is edited. */
export type KnownGround = {
  readonly facts?: HouseFacts
  /** The line-up as viewers see it, in order of number; good for an edit of the same revision only. */
  readonly seen?: Pick<Lineup, 'revision' | 'channels'>
}

/** Where rows of a stored line-up are found; what is known already is not worked out again. */
export function* groundOf(stored: StoredLineup, { facts = OWN_FACTS, seen }: KnownGround): Steps<RowGround> {
  const byKey = indexStored(stored)
  if (seen?.revision === stored.revision) return { channels: seen.channels, byKey, facts }
  const { channels } = yield* createLineupView()(stored)
  return { channels: sortByNumber(channels), byKey, facts }
}

/** The rows at these places, each once, in the order of the list. Places behind its end are left out. */
export function pickRows<T>(rows: readonly T[], ranges: readonly RowRange[]): readonly T[] {
  const picked: T[] = []
  let done = 0
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    for (const row of rows.slice(Math.max(done, from), to)) picked.push(row)
    done = Math.max(done, to)
  }
  return picked
}
