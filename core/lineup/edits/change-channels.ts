import { Failure } from '../../errors.ts'
import { channelId } from '../channel.ts'
import type { ChannelKey } from '../channel.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'

/** The stored channel of this key. Fails with `lineup/unknown-channel`. */
export function getChannel(stored: StoredLineup, key: ChannelKey): StoredChannel {
  const channel = stored.channels.find((candidate) => candidate.key === key)
  if (channel === undefined) throw new Failure('lineup/unknown-channel', `There is no channel "${channelId(key)}"`)
  return channel
}

/**
 * The line-up with other channels in the place of those of the same key; null takes one out. Channels that are equal in
 * every field stay the same object, and so does the line-up if none changed.
 */
export function changeChannels(
  stored: StoredLineup,
  changes: ReadonlyMap<ChannelKey, StoredChannel | null>,
): StoredLineup {
  let hasChanged = false
  const channels = stored.channels.flatMap((channel) => {
    const next = changes.get(channel.key)
    if (next === undefined || (next !== null && isSame(channel, next))) return [channel]
    hasChanged = true
    return next === null ? [] : [next]
  })
  return hasChanged ? { ...stored, channels } : stored
}

function isSame(a: StoredChannel, b: StoredChannel): boolean {
  return (
    a.number === b.number &&
    a.ownName === b.ownName &&
    a.ownEnabled === b.ownEnabled &&
    a.favourite === b.favourite &&
    a.ownLogo === b.ownLogo &&
    a.ownOrder === b.ownOrder &&
    isSameList(a.addedGroups, b.addedGroups) &&
    isSameList(a.removedGroups, b.removedGroups) &&
    isSameList(a.apart, b.apart) &&
    isSameList(a.streams, b.streams)
  )
}

const isSameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((member, index) => member === b[index]))
