import type { Channel, ChannelKey } from '../channel.ts'
import type { ChannelMarks } from '../filter/subject.ts'
import { foldName } from '../filter/words.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import type { SourceId } from '../stream.ts'

/** What the house knows of channels beside the line-up. */
export interface HouseFacts {
  /** Whether some guide is used for it. */
  hasGuide(channel: Channel): boolean
  /** Whether a source does not answer now. */
  isDown(source: SourceId): boolean
}

/** What the line-up says of itself. */
export const OWN_FACTS: HouseFacts = { hasGuide: ({ guide }) => guide !== null, isDown: () => false }

/** Whether the owner decided anything about the channel itself. */
export const isEdited = (channel: StoredChannel): boolean =>
  channel.ownName !== null ||
  channel.ownEnabled !== null ||
  channel.ownLogo !== null ||
  channel.ownOrder ||
  channel.addedGroups.length > 0 ||
  channel.removedGroups.length > 0 ||
  channel.apart.length > 0 ||
  channel.streams.some(({ isOff }) => isOff === true)

/** Whether a stream of it is gone from its source, all of its sources are down, or all of its streams are switched off. */
export function hasProblem({ streams }: StoredChannel, { isDown }: Pick<HouseFacts, 'isDown'>): boolean {
  const inUse = streams.filter(({ isOff }) => isOff !== true)
  return inUse.some(({ goneSince }) => goneSince !== null) || inUse.every(({ sourceId }) => isDown(sourceId))
}

/** The marks of a line-up's channels, for filters. `folded`: names that were worked out before. */
export function markChannels(
  byKey: ReadonlyMap<ChannelKey, StoredChannel>,
  facts: HouseFacts,
  folded: FoldedNames = createFoldedNames(),
): ChannelMarks {
  const ask = (key: ChannelKey, question: (channel: StoredChannel) => boolean): boolean => {
    const channel = byKey.get(key)
    return channel !== undefined && question(channel)
  }
  return {
    isEdited: ({ key }) => ask(key, isEdited),
    hasProblem: ({ key }) => ask(key, (channel) => hasProblem(channel, facts)),
    hasGuide: (channel) => facts.hasGuide(channel),
    folded,
  }
}

/** The name of a channel without case and accents. */
export type FoldedNames = (channel: Channel) => string

/** Remembers how names read without case and accents, as long as somebody holds on to their channels. */
export function createFoldedNames(): FoldedNames {
  const known = new WeakMap<Channel, string>()
  return (channel) => {
    const found = known.get(channel)
    if (found !== undefined) return found
    const folded = foldName(channel.name)
    known.set(channel, folded)
    return folded
  }
}

/** The stored channels by key. */
export const indexStored = ({ channels }: Pick<StoredLineup, 'channels'>): ReadonlyMap<ChannelKey, StoredChannel> =>
  new Map(channels.map((channel) => [channel.key, channel]))
