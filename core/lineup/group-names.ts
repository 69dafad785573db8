import type { GroupKey, StoredChannel, StoredGroup, StoredStream } from './stored.ts'

/** Groups as viewers know them: what sources call them, and what the owner made of it. */
export interface GroupNames {
  /** The record of a shown name; undefined: a group that nobody touched, or none. */
  record(name: string): StoredGroup | undefined
  /** What viewers read where a source says `sourceName`. */
  shown(sourceName: string): string
  isHidden(name: string): boolean
  /** All groups of a channel by their shown names, hidden ones too: added ones first, then as its streams say. */
  groupsOf(channel: StoredChannel, streams: readonly StoredStream[]): readonly string[]
}

/** The name that viewers read. */
export const groupName = (group: StoredGroup): string => group.ownName ?? group.sourceName ?? `Group ${group.key}`

/** Reads the owner's records of groups. */
export function createGroupNames(records: readonly StoredGroup[]): GroupNames {
  const byName = new Map<string, StoredGroup>()
  const bySourceName = new Map<string, StoredGroup>()
  const byKey = new Map<GroupKey, StoredGroup>()
  for (const group of records) {
    byKey.set(group.key, group)
    byName.set(groupName(group), group)
    if (group.sourceName !== null) bySourceName.set(group.sourceName, group)
  }
  const shown = (sourceName: string): string => {
    const record = bySourceName.get(sourceName)
    return record === undefined ? sourceName : groupName(record)
  }
  const namesOf = (keys: readonly GroupKey[]): string[] =>
    keys.flatMap((key) => {
      const group = byKey.get(key)
      return group === undefined ? [] : [groupName(group)]
    })
  return {
    record: (name) => byName.get(name),
    shown,
    isHidden: (name) => byName.get(name)?.hidden === true,
    groupsOf(channel, streams) {
      const [only] = streams
      const isPlain = records.length === 0 && streams.length === 1
      if (isPlain && only !== undefined) return only.groups // most channels: their stream's own list is shared
      const removed = new Set(namesOf(channel.removedGroups))
      const ofSources = streams.flatMap((stream) => stream.groups.map(shown)).filter((name) => !removed.has(name))
      return [...new Set([...namesOf(channel.addedGroups), ...ofSources])]
    },
  }
}
