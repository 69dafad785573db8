import { atOnce, mapInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import { channelId } from './channel.ts'
import type { Channel } from './channel.ts'
import { subjectOf } from './filter/subject.ts'
import { createGroupNames } from './group-names.ts'
import type { GroupNames } from './group-names.ts'
import type { Lineup } from './lineup.ts'
import { listGroups } from './list-groups.ts'
import { createRules } from './rules.ts'
import type { Rules } from './rules.ts'
import { resolveSelections } from './selection.ts'
import { isPresent, sourceNameOf } from './stored.ts'
import type { StoredChannel, StoredLineup, StoredStream } from './stored.ts'

/** Makes what viewers get of what is stored, step by step. */
export type LineupView = (stored: StoredLineup) => Steps<Lineup>

/**
 * A view that remembers what it made last: a channel that did not change is the same object in the next line-up, unless
 * rules or groups changed.
 *
 * Channels whose streams are all gone stay in it, switched off and without streams, so that the owner sees to whom a
 * number belongs. Groups and selections show enabled channels only.
 */
export function createLineupView(): LineupView {
  let last: Made | null = null
  return function* (stored) {
    const before = last?.stored.rules === stored.rules && last.stored.ownGroups === stored.ownGroups ? last : null
    const rules = before?.rules ?? createRules(stored.rules)
    const names = before?.names ?? createGroupNames(stored.ownGroups)
    let at = 0
    const channels = yield* mapInSteps(stored.channels, (channel) => {
      // Both are in order of key.
      while ((before?.stored.channels[at]?.key ?? Infinity) < channel.key) at++
      const known = before?.stored.channels[at] === channel ? before.channels[at] : undefined
      return known ?? toChannel(channel, rules, names)
    })
    last = { stored, rules, names, channels }
    const groups = yield* listGroups(stored, channels, names)
    return { revision: stored.revision, channels, groups, selections: resolveSelections(stored, channels, groups) }
  }
}

/** `channels`: those of `stored`, in the same order. */
type Made = {
  readonly stored: StoredLineup
  readonly rules: Rules
  readonly names: GroupNames
  readonly channels: readonly Channel[]
}

/** The line-up that viewers get, made anew. */
export const toLineup = (stored: StoredLineup): Lineup => atOnce(createLineupView()(stored))

const isThere = (stream: StoredStream): boolean => stream.goneSince === null

/** The channel as its sources have it, before any rule. */
export function rawChannel(channel: StoredChannel, names: GroupNames): Channel {
  const there = channel.streams.every(isThere) ? channel.streams : channel.streams.filter(isThere)
  // What a channel is called and where it belongs outlives its streams; only playing needs one that is there.
  const known = there.length > 0 ? there : channel.streams
  return {
    key: channel.key,
    id: channelId(channel.key),
    number: channel.number,
    name: sourceNameOf(channel),
    media: known[0]?.media ?? 'tv',
    groups: names.groupsOf(channel, known),
    enabled: there.length > 0,
    hasLogo: channel.ownLogo !== null || there.some((stream) => stream.hasLogo),
    ...(channel.ownLogo === null ? {} : { ownLogo: channel.ownLogo }),
    ...guidesOf(known),
    ...splitOff(there),
  }
}

/** Most channels have nothing that is switched off, and share the list with what is stored. */
function splitOff(there: readonly StoredStream[]): Pick<Channel, 'streams' | 'offStreams'> {
  const offStreams = there.filter(({ isOff }) => isOff === true)
  if (offStreams.length === 0) return { streams: there }
  return { streams: there.filter(({ isOff }) => isOff !== true), offStreams }
}

/** Most channels have one stream, and so no list. */
function guidesOf(streams: readonly StoredStream[]): Pick<Channel, 'guide' | 'guides'> {
  if (streams.length === 1) return { guide: streams[0]?.guide ?? null }
  const all = streams.flatMap(({ guide }) => (guide === null ? [] : [guide]))
  const guides = all.filter(({ feed }, index) => all.findIndex((one) => one.feed === feed) === index)
  const [guide = null] = guides
  return guides.length > 1 ? { guide, guides } : { guide }
}

/** Whether viewers would get the channel if the owner said nothing about it itself. */
export function isShownByRules(channel: StoredChannel, rules: Rules, names: GroupNames): boolean {
  const raw = rawChannel(channel, names)
  return rules.isShown(subjectOf(raw, channel.favourite)) ?? !isInHiddenGroupsOnly(raw, names)
}

const isInHiddenGroupsOnly = ({ groups }: Channel, names: GroupNames): boolean =>
  groups.length > 0 && groups.every((name) => names.isHidden(name))

function toChannel(channel: StoredChannel, rules: Rules, names: GroupNames): Channel {
  const raw = rawChannel(channel, names)
  const subject = rules.isEmpty ? null : subjectOf(raw, channel.favourite)
  const isShown =
    channel.ownEnabled ?? (subject === null ? null : rules.isShown(subject)) ?? !isInHiddenGroupsOnly(raw, names)
  const enabled = isShown && isPresent(channel)
  return {
    ...raw,
    name: channel.ownName ?? (subject === null ? raw.name : rules.nameFor(subject)),
    // An owner who looks for a channel that is off should find it by all of its groups.
    groups: enabled && raw.groups.some((name) => names.isHidden(name)) ? visible(raw.groups, names) : raw.groups,
    enabled,
  }
}

const visible = (groups: readonly string[], names: GroupNames): readonly string[] =>
  groups.filter((name) => !names.isHidden(name))
