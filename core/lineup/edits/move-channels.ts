import { Failure } from '../../errors.ts'
import { atOnce } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import { channelId } from '../channel.ts'
import type { ChannelKey } from '../channel.ts'
import { findRows, groundOf } from '../editor/find-rows.ts'
import type { KnownGround } from '../editor/find-rows.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import { changeChannels } from './change-channels.ts'

/** Where channels go in a list that is in order of number. */
export type ChannelMove = {
  readonly channels: readonly ChannelKey[]
  readonly anchor: ChannelKey
  readonly place: 'before' | 'after'
  /** What the list shows; channels that it does not show keep their numbers. Empty: all. */
  readonly filter: string
}

/**
 * The line-up with channels moved to another place of a list by number. Pure.
 *
 * The numbers of the list stay where they are, the channels between the old and the new place move up or down by one: so
 * gaps stay gaps, and no channel outside gets another number. Fails with `lineup/bad-filter`, `lineup/bad-edit` if one
 * of them is not in the list.
 */
export const moveChannels = (stored: StoredLineup, move: ChannelMove): StoredLineup =>
  atOnce(moveChannelsSteps(stored, move))

/** `moveChannels` step by step: it looks at all channels. */
export function* moveChannelsSteps(
  stored: StoredLineup,
  { channels, anchor, place, filter }: ChannelMove,
  known: KnownGround = {},
): Steps<StoredLineup> {
  const ground = yield* groundOf(stored, known)
  const { byKey } = ground
  const list = (yield* findRows(ground, { filter, sort: 'number', isDescending: false })).map(({ key }) => key)
  const moving = new Set(channels)
  const listed = new Set(list)
  for (const key of [...channels, anchor])
    if (!listed.has(key)) throw new Failure('lineup/bad-edit', `Channel "${channelId(key)}" is not in this list`)
  if (moving.has(anchor)) throw new Failure('lineup/bad-edit', 'A channel cannot be moved beside itself')

  const staying = list.filter((key) => !moving.has(key))
  const at = staying.indexOf(anchor) + (place === 'after' ? 1 : 0)
  const order = [...staying.slice(0, at), ...list.filter((key) => moving.has(key)), ...staying.slice(at)]
  const changes = new Map<ChannelKey, StoredChannel>()
  for (const [index, key] of order.entries()) {
    const before = list[index]
    const channel = byKey.get(key)
    const number = before === undefined ? undefined : byKey.get(before)?.number
    if (key !== before && channel !== undefined && number !== undefined) changes.set(key, { ...channel, number })
  }
  return changeChannels(stored, changes)
}
