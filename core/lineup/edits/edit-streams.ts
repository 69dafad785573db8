import { Failure } from '../../errors.ts'
import { channelId, channelKey, MAX_CHANNEL_KEY } from '../channel.ts'
import type { ChannelKey } from '../channel.ts'
import type { Join } from '../match/judge.ts'
import { createNumbering } from '../numbering.ts'
import { createRules } from '../rules.ts'
import { NO_CHOICES } from '../stored.ts'
import type { StoredChannel, StoredLineup, StoredStream } from '../stored.ts'
import { createStreamOrder } from '../stream-order.ts'
import type { SourceId, StreamId } from '../stream.ts'
import { changeChannels, getChannel } from './change-channels.ts'

const BY_OWNER: Join = { by: 'owner', score: 1, evidence: '' }

/**
 * The line-up with the streams of `others` in the channel `into`, behind its own; the others are no more. Pure.
 *
 * A favourite makes the joined one a favourite. Groups' and selections' own orders name the joined channel where they
 * named one of the others. Fails with `lineup/unknown-channel`, `lineup/bad-edit`.
 */
export function joinChannels(stored: StoredLineup, into: ChannelKey, others: readonly ChannelKey[]): StoredLineup {
  const target = getChannel(stored, into)
  const joined = [...new Set(others)].map((key) => getChannel(stored, key))
  if (joined.length === 0 || joined.includes(target))
    throw new Failure('lineup/bad-edit', 'A channel can be joined with one or more other channels')
  const media = new Set([target, ...joined].map(({ streams }) => streams[0]?.media))
  if (media.size > 1) throw new Failure('lineup/bad-edit', 'Television and radio cannot be one channel')

  const gone = new Set(joined.map(({ key }) => key))
  const rename = (keys: readonly ChannelKey[]): readonly ChannelKey[] =>
    keys.some((key) => gone.has(key)) ? [...new Set(keys.map((key) => (gone.has(key) ? into : key)))] : keys
  const changes = new Map<ChannelKey, StoredChannel | null>()
  for (const channel of stored.channels) {
    const apart = rename(channel.apart)
    if (apart !== channel.apart) changes.set(channel.key, { ...channel, apart })
  }
  for (const key of gone) changes.set(key, null)
  changes.set(into, {
    ...target,
    favourite: [target, ...joined].some(({ favourite }) => favourite),
    apart: [...new Set([target, ...joined].flatMap((channel) => rename(channel.apart)))].filter((key) => key !== into),
    streams: [...target.streams, ...joined.flatMap(({ streams }) => streams.map(ofOwner))],
    // The owner's wish is to have them behind; the next refresh should not sort them elsewhere.
    ownOrder: true,
  })
  return {
    ...changeChannels(stored, changes),
    ownGroups: mapChanged(stored.ownGroups, (group) => withMembers(group, rename(group.members))),
    selections: mapChanged(stored.selections, (selection) => withMembers(selection, rename(selection.members))),
  }
}

const ofOwner = (stream: StoredStream): StoredStream => ({ ...stream, join: BY_OWNER })

const withMembers = <T extends { readonly members: readonly ChannelKey[] }>(
  whole: T,
  members: readonly ChannelKey[],
): T => (members === whole.members ? whole : { ...whole, members })

function mapChanged<T>(all: readonly T[], change: (one: T) => T): readonly T[] {
  const changed = all.map(change)
  return changed.every((one, index) => one === all[index]) ? all : changed
}

/**
 * The line-up with some streams of a channel in a new one of their own, with the next free number. Pure.
 *
 * Both remember that they are not the same: no refresh brings the streams back, and nothing proposes it. Fails with
 * `lineup/unknown-channel`, `lineup/unknown-stream`, and `lineup/bad-edit` if none would stay.
 */
export function splitChannel(stored: StoredLineup, key: ChannelKey, ids: readonly StreamId[]): StoredLineup {
  const channel = getChannel(stored, key)
  const wanted = new Set(ids)
  const leaving = channel.streams.filter(({ id }) => wanted.has(id))
  const staying = channel.streams.filter(({ id }) => !wanted.has(id))
  if (leaving.length < wanted.size || wanted.size === 0) throw unknownStream(key)
  if (staying.length === 0)
    throw new Failure('lineup/bad-edit', 'A channel cannot be split from all of its streams: one has to stay')
  if (stored.nextKey > MAX_CHANNEL_KEY) throw new RangeError('The sequence of channel keys is used up')

  const fresh = channelKey(stored.nextKey)
  const numbering = createNumbering(
    stored.channels.map(({ number }) => number),
    createRules(stored.rules).ranges,
  )
  const [number = ''] = numbering.give([{ wanted: null, range: null }])
  const changed = changeChannels(
    stored,
    new Map([[key, { ...channel, streams: staying, apart: [...channel.apart, fresh] }]]),
  )
  const split: StoredChannel = {
    key: fresh,
    number,
    ...NO_CHOICES,
    apart: [...channel.apart, key],
    streams: leaving.map(ofOwner),
  }
  return { ...changed, nextKey: stored.nextKey + 1, channels: [...changed.channels, split] }
}

/**
 * The line-up with a channel's streams in the owner's order; those that are not named follow as they were. Null goes
 * back to the order by `priority` of the sources. Pure. Fails with `lineup/unknown-channel`, `lineup/unknown-stream`.
 */
export function orderStreams(
  stored: StoredLineup,
  key: ChannelKey,
  ids: readonly StreamId[] | null,
  priority: readonly SourceId[],
): StoredLineup {
  const channel = getChannel(stored, key)
  if (ids === null) {
    const streams = createStreamOrder(priority).ofStreams(channel.streams)
    return changeChannels(stored, new Map([[key, { ...channel, ownOrder: false, streams }]]))
  }
  const byId = new Map(channel.streams.map((stream) => [stream.id, stream]))
  const first = [...new Set(ids)].map((id) => {
    const stream = byId.get(id)
    if (stream === undefined) throw unknownStream(key)
    byId.delete(id)
    return stream
  })
  return changeChannels(stored, new Map([[key, { ...channel, ownOrder: true, streams: [...first, ...byId.values()] }]]))
}

/**
 * The line-up with a stream of a channel switched off, or on again. It stays in its place; who watches it goes on until it
 * ends. Pure. Fails with `lineup/unknown-channel`, `lineup/unknown-stream`.
 */
export function switchStream(stored: StoredLineup, key: ChannelKey, id: StreamId, isOff: boolean): StoredLineup {
  const channel = getChannel(stored, key)
  if (!channel.streams.some((stream) => stream.id === id)) throw unknownStream(key)
  const switched = (stream: StoredStream): StoredStream => {
    if (stream.id !== id || (stream.isOff === true) === isOff) return stream
    const { isOff: _, ...on } = stream
    return isOff ? { ...on, isOff } : on
  }
  return changeChannels(stored, new Map([[key, { ...channel, streams: channel.streams.map(switched) }]]))
}

const unknownStream = (key: ChannelKey): Failure =>
  new Failure('lineup/unknown-stream', `Channel "${channelId(key)}" has no such stream`)
