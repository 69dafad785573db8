import { Failure } from '../../errors.ts'
import type { ChannelKey } from '../channel.ts'
import { createGroupNames, groupName } from '../group-names.ts'
import { groupKey } from '../stored.ts'
import type { GroupKey, StoredChannel, StoredGroup, StoredLineup } from '../stored.ts'
import { changeChannels, getChannel } from './change-channels.ts'

/** A group record that says nothing yet. */
export const PLAIN_GROUP: Omit<StoredGroup, 'key' | 'sourceName'> = {
  ownName: null,
  hidden: false,
  logo: null,
  sort: 'number',
  members: [],
  position: null,
}

/**
 * The record of a group by its shown name, made if it is a source's group that nobody touched so far.
 *
 * Fails with `lineup/unknown-group` if neither the owner nor a source has such a group.
 */
export function touchGroup(
  stored: StoredLineup,
  name: string,
): { readonly lineup: StoredLineup; readonly group: StoredGroup } {
  const known = stored.ownGroups.find((group) => groupName(group) === name)
  if (known !== undefined) return { lineup: stored, group: known }
  if (!hasGroup(stored, name)) throw new Failure('lineup/unknown-group', `There is no group "${name}"; add it first`)
  return addRecord(stored, name)
}

/** Whether the owner or a source has a group of this shown name. */
export function hasGroup(stored: StoredLineup, name: string): boolean {
  if (stored.ownGroups.some((group) => groupName(group) === name)) return true
  const isOfSource =
    stored.groups.some((source) => source.names.includes(name)) ||
    stored.channels.some((channel) => channel.streams.some((stream) => stream.groups.includes(name)))
  return isOfSource && stored.ownGroups.every((group) => group.sourceName !== name)
}

const MOST_RECORDS = 5000

/** Adds a record: for a group of the sources, or (null) for one of the owner's own. Fails with `lineup/bad-edit` when there are 5,000. */
export function addRecord(
  stored: StoredLineup,
  sourceName: string | null,
): { readonly lineup: StoredLineup; readonly group: StoredGroup } {
  if (stored.ownGroups.length >= MOST_RECORDS)
    throw new Failure('lineup/bad-edit', `There should be at most ${MOST_RECORDS} groups that you made or changed`)
  const group: StoredGroup = { key: groupKey(stored.nextGroupKey), sourceName, ...PLAIN_GROUP }
  const lineup = { ...stored, nextGroupKey: stored.nextGroupKey + 1, ownGroups: [...stored.ownGroups, group] }
  return { lineup, group }
}

/** The line-up with the channel in these groups and no others. Fails with `lineup/unknown-group`. */
export function setGroups(stored: StoredLineup, key: ChannelKey, wanted: readonly string[]): StoredLineup {
  const channel = getChannel(stored, key)
  const names = createGroupNames(stored.ownGroups)
  const now = names.groupsOf(channel, channel.streams)
  if (now.length === wanted.length && now.every((name, index) => name === wanted[index])) return stored
  const ofSources = names.groupsOf({ ...channel, addedGroups: [], removedGroups: [] }, channel.streams)
  let lineup = stored
  const keyOf = (name: string): GroupKey => {
    const touched = touchGroup(lineup, name)
    lineup = touched.lineup
    return touched.group.key
  }
  const unwanted = ofSources.filter((name) => !wanted.includes(name))
  // Groups of the sources keep their places behind the added ones, unless the owner wants another order.
  const kept = ofSources.filter((name) => wanted.includes(name))
  const inOrder = wanted.slice(wanted.length - kept.length)
  const isOrdered = kept.every((name, index) => name === inOrder[index])
  const added = isOrdered ? wanted.filter((name) => !ofSources.includes(name)) : wanted
  const edited: StoredChannel = {
    ...channel,
    addedGroups: [...new Set(added)].map(keyOf),
    removedGroups: unwanted.map(keyOf),
  }
  return changeChannels(lineup, new Map([[key, edited]]))
}

/** The channel with one group more or less. */
export function withGroup(channel: StoredChannel, group: GroupKey, isIn: boolean): StoredChannel {
  const addedGroups = channel.addedGroups.filter((one) => one !== group)
  const removedGroups = channel.removedGroups.filter((one) => one !== group)
  return isIn
    ? { ...channel, addedGroups: [...addedGroups, group], removedGroups }
    : { ...channel, addedGroups, removedGroups: [...removedGroups, group] }
}
