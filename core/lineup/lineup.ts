import { atOnce, eachInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import { everyStream, sortByNumber } from './channel.ts'
import type { Channel, ChannelId, ChannelKey } from './channel.ts'

/** A named set of channels in the owner's order. */
export type Group = {
  readonly name: string
  /** Place among the groups. */
  readonly order: number
  /** Address of a picture. */
  readonly logo?: string
  /** How its channels are ordered; absent: by number. `own`: as `members` says, what is not in it follows by number. */
  readonly sort?: 'name' | 'own'
  readonly members?: readonly ChannelKey[]
}

/** A subset of the enabled channels for a player, in its own order. */
export type Selection = {
  /** Part of addresses (`selection=`). */
  readonly id: string
  readonly name: string
  readonly channels: readonly ChannelKey[]
}

/** Id of the selection that is always there as soon as some channel is a favourite. */
export const FAVOURITES = 'favourites'

/** All channels in order of number, immutable; `revision` changes with every change and only then. */
export type Lineup = {
  readonly revision: string
  readonly channels: readonly Channel[]
  readonly groups: readonly Group[]
  /** Absent: none. */
  readonly selections?: readonly Selection[]
}

/** A line-up with its look-ups made once. Service references are canonical. */
export type LineupIndex = Lineup & {
  readonly byId: ReadonlyMap<ChannelId, Channel>
  readonly byNumber: ReadonlyMap<string, Channel>
  readonly byServiceRef: ReadonlyMap<string, Channel>
}

/** A line-up without channels. */
export const EMPTY_LINEUP: Lineup = { revision: '0', channels: [], groups: [] }

/** Sorts by number and indexes the enabled channels by id, number and service reference (first one wins). */
export const indexLineup = (lineup: Lineup): LineupIndex => atOnce(indexSteps(lineup))

/** `indexLineup` step by step. */
export function* indexSteps(lineup: Lineup): Steps<LineupIndex> {
  const channels = sortByNumber(lineup.channels)
  const byId = new Map<ChannelId, Channel>()
  const byNumber = new Map<string, Channel>()
  const byServiceRef = new Map<string, Channel>()
  yield* eachInSteps(channels, (channel) => {
    if (!channel.enabled) return
    byId.set(channel.id, channel)
    if (!byNumber.has(channel.number)) byNumber.set(channel.number, channel)
    for (const stream of everyStream(channel)) {
      if (stream.serviceRef !== null && !byServiceRef.has(stream.serviceRef))
        byServiceRef.set(stream.serviceRef, channel)
    }
  })
  return { ...lineup, channels, byId, byNumber, byServiceRef }
}

/** What of a line-up somebody sees. */
export type View = {
  /** Names of groups whose channels they see; with `selections` null as well: all. */
  readonly groups: readonly string[] | null
  /** Ids of selections whose channels they see, beside those of `groups`. */
  readonly selections: readonly string[] | null
  /** Channels of groups for adults are hidden. */
  readonly adultLock: boolean
}

/** Port: the line-up as it is now, in memory. */
export interface LineupReader {
  /**
   * The whole line-up, or what `view` leaves of it. Fails with `lineup/not-ready` until the stored line-up is in memory.
   */
  current(view?: View): LineupIndex
}
