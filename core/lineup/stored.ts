import type { Brand } from '../brand.ts'
import type { ChannelKey, GuideRef } from './channel.ts'
import type { Join } from './match/judge.ts'
import type { Rule } from './rule.ts'
import type { SourceId, Stream } from './stream.ts'

/** A stream with what its source said of it last, and since when the source no longer lists it. */
export type StoredStream = Stream & {
  /** Groups (bouquets) that contain it, in the source's order. */
  readonly groups: readonly string[]
  readonly hasLogo: boolean
  readonly guide: GuideRef | null
  /** Epoch milliseconds of the refresh that first missed it; null: it is there. */
  readonly goneSince: number | null
  /** The owner has switched it off: it stays where it is and is never opened. */
  readonly isOff?: true
  /** Why it is in this channel. */
  readonly join: Join
}

/** A channel as the house remembers it: the owner's edits beside what sources say, so that neither overwrites the other. */
export type StoredChannel = OwnerChoices & {
  readonly key: ChannelKey
  /** Kept for ever once given; unique in the line-up. */
  readonly number: string
  /** Fail-over order, gone ones included; never empty. */
  readonly streams: readonly StoredStream[]
}

/** What the owner decided about one channel; no refresh changes any of it. */
export type OwnerChoices = {
  /** The owner's name for it; null: the name its first stream has, as the rules make it. */
  readonly ownName: string | null
  /** Null: as the rules say; a channel whose streams are all gone is off whatever this says. */
  readonly ownEnabled: boolean | null
  readonly favourite: boolean
  /** Name of the picture that the owner gave it; null: as its sources have it. */
  readonly ownLogo: string | null
  /** Groups it is in although no source says so; they come first. */
  readonly addedGroups: readonly GroupKey[]
  /** Groups it is not in although a source says so. */
  readonly removedGroups: readonly GroupKey[]
  /** Whether the order of its streams is the owner's: new ones go to the end then. */
  readonly ownOrder: boolean
  /** Channels that it was split from: never proposed as the same again. */
  readonly apart: readonly ChannelKey[]
}

/** The choices of an owner who has not chosen. */
export const NO_CHOICES: OwnerChoices = {
  ownName: null,
  ownEnabled: null,
  favourite: false,
  ownLogo: null,
  addedGroups: [],
  removedGroups: [],
  ownOrder: false,
  apart: [],
}

/** Key of a group that the owner made or changed: one integer from one sequence, never reused. */
export type GroupKey = Brand<number, 'GroupKey'>

/** How the channels of a group are ordered: `own` is the owner's list, what is not in it follows by number. */
export type GroupSort = 'number' | 'name' | 'own'

/** What the owner decided about a group. Groups of sources that nobody touched have no such record. */
export type StoredGroup = {
  readonly key: GroupKey
  /** What sources call it; null: a group of the owner's own. */
  readonly sourceName: string | null
  /** The owner's name for it; null: the source's. */
  readonly ownName: string | null
  /** Not listed, and channels that are in no other group are off. */
  readonly hidden: boolean
  /** Address of a picture; null: none. */
  readonly logo: string | null
  readonly sort: GroupSort
  /** Channels in the owner's order, for `sort: 'own'`. */
  readonly members: readonly ChannelKey[]
  /** Place among the groups that the owner ordered, which come first; null: after them, as sources order it. */
  readonly position: number | null
}

/** A subset of the channels for a player: chosen ones in their own order, then what a filter finds. */
export type StoredSelection = {
  /** `[a-z0-9][a-z0-9-]*`, part of addresses. */
  readonly id: string
  readonly name: string
  /** Null: only `members`. */
  readonly filter: string | null
  readonly members: readonly ChannelKey[]
  /** Order of what the filter finds. */
  readonly sort: 'number' | 'name' | 'group'
}

/** The groups of one source in its own order. */
export type SourceGroups = { readonly sourceId: SourceId; readonly names: readonly string[] }

/** Everything that is remembered of the line-up. Immutable: a channel that did not change stays the same object. */
export type StoredLineup = {
  readonly revision: string
  /** The key that the next new channel gets. */
  readonly nextKey: number
  /** In order of key. */
  readonly channels: readonly StoredChannel[]
  readonly groups: readonly SourceGroups[]
  /** The key that the next touched group gets. */
  readonly nextGroupKey: number
  /** In order of key. */
  readonly ownGroups: readonly StoredGroup[]
  readonly selections: readonly StoredSelection[]
  readonly rules: readonly Rule[]
}

/** The line-up of a house that has never seen a source. */
export const EMPTY_STORED_LINEUP: StoredLineup = {
  revision: '0',
  nextKey: 1,
  channels: [],
  groups: [],
  nextGroupKey: 1,
  ownGroups: [],
  selections: [],
  rules: [],
}

/** The number as a group key. Fails with `RangeError` for anything but a positive whole number. */
export function groupKey(key: number): GroupKey {
  if (!Number.isSafeInteger(key) || key < 1) throw new RangeError(`Group key ${key} should be a positive whole number`)
  return key as GroupKey
}

/** Whether some source offers the channel now. */
export const isPresent = (channel: StoredChannel): boolean =>
  channel.streams.some((stream) => stream.goneSince === null)

/** The name that its sources give it: that of the first stream that is there. */
export function sourceNameOf(channel: StoredChannel): string {
  const first = channel.streams.find((stream) => stream.goneSince === null) ?? channel.streams[0]
  return first?.name ?? `Channel ${channel.number}`
}

/** The name that it has without regard to rules. */
export const nameOf = (channel: StoredChannel): string => channel.ownName ?? sourceNameOf(channel)
