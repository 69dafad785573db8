import { mapInSteps, sortInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import type { Channel } from '../channel.ts'
import { foldName } from '../filter/words.ts'

/** By what an owner's list of channels can be ordered. */
export const ROW_SORTS = ['number', 'name', 'group', 'source', 'streams'] as const
/** One of these orders. */
export type RowSort = (typeof ROW_SORTS)[number]

/**
 * The channels in another order; `channels` are in order of number, and equal ones stay so.
 *
 * By keys that are compared as plain texts: a collator takes a second for 100,000 names, this a tenth of it.
 */
export function* orderRows(channels: readonly Channel[], sort: RowSort): Steps<readonly Channel[]> {
  if (sort === 'number') return channels
  const keyOf = KEYS[sort]
  const keyed = yield* mapInSteps(channels, (channel) => ({ key: keyOf(channel), channel }))
  const sorted = yield* sortInSteps(keyed, (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return sorted.map(({ channel }) => channel)
}

const KEYS: Readonly<Record<Exclude<RowSort, 'number'>, (channel: Channel) => string>> = {
  name: ({ name }) => sortKey(name),
  // Behind all names: who is in no group comes last.
  group: ({ groups: [group] }) => (group === undefined ? '\uffff' : sortKey(group)),
  source: ({ streams: [stream] }) => stream?.sourceId ?? '\uffff',
  streams: ({ streams }) => String(streams.length).padStart(5, '0'),
}

/** Without regard to case and accents; numbers by their value as long as they have up to eight digits. */
const sortKey = (text: string): string => foldName(text).replace(/\d+/g, (digits) => digits.padStart(8, '0'))
