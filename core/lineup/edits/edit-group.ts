import { Failure } from '../../errors.ts'
import type { ChannelKey } from '../channel.ts'
import { groupName } from '../group-names.ts'
import type { GroupKey, GroupSort, StoredChannel, StoredGroup, StoredLineup } from '../stored.ts'
import { changeChannels, getChannel } from './change-channels.ts'
import { addRecord, touchGroup } from './channel-groups.ts'
import { readOwnName } from './edit-channel.ts'

/** What the owner may change of a group; absent: unchanged. */
export type GroupEdit = {
  /** Null goes back to what the sources call it. */
  readonly name?: string | null
  readonly hidden?: boolean
  /** Address of a picture, `http(s)://` or a path of this house; null: none. */
  readonly logo?: string | null
  readonly sort?: GroupSort
  /** The channels in the owner's order; sorts the group by it. */
  readonly members?: readonly ChannelKey[]
}

const LONGEST_LOGO = 500

/** The line-up with a new, empty group of the owner's own. Fails with `lineup/name-taken`, `http/bad-request`. */
export function addGroup(stored: StoredLineup, name: string): StoredLineup {
  const ownName = readOwnName(name)
  refuseTaken(stored, ownName ?? '', null)
  const { lineup, group } = addRecord(stored, null)
  return putRecord(lineup, { ...group, ownName })
}

/**
 * The line-up with an edit of the group of this shown name; `stored` itself when nothing changes.
 *
 * Fails with `lineup/unknown-group`, `lineup/unknown-channel`, `lineup/name-taken`, `http/bad-request`.
 */
export function editGroup(stored: StoredLineup, name: string, edit: GroupEdit): StoredLineup {
  const { lineup, group } = touchGroup(stored, name)
  const ownName = edit.name === undefined ? group.ownName : nameFor(lineup, group, edit.name)
  for (const key of edit.members ?? []) getChannel(lineup, key)
  const edited: StoredGroup = {
    ...group,
    ownName,
    hidden: edit.hidden ?? group.hidden,
    logo: edit.logo === undefined ? group.logo : readLogo(edit.logo),
    sort: edit.sort ?? (edit.members === undefined ? group.sort : 'own'),
    members: edit.members === undefined ? group.members : [...new Set(edit.members)],
  }
  return JSON.stringify(edited) === JSON.stringify(group) ? stored : putRecord(lineup, edited)
}

function nameFor(stored: StoredLineup, group: StoredGroup, name: string | null): string | null {
  const ownName = readOwnName(name)
  if (ownName === null && group.sourceName === null)
    throw new Failure('http/bad-request', 'A group of your own needs a name: no source calls it something else')
  refuseTaken(stored, ownName ?? group.sourceName ?? '', group)
  return ownName === group.sourceName ? null : ownName
}

/** Groups of one name are one group to every player, so there cannot be two. */
function refuseTaken(stored: StoredLineup, name: string, except: StoredGroup | null): void {
  const isRecorded = stored.ownGroups.some((group) => group !== except && groupName(group) === name)
  const isOfSource =
    name !== except?.sourceName &&
    stored.groups.some((source) => source.names.includes(name)) &&
    stored.ownGroups.every((group) => group.sourceName !== name)
  if (isRecorded || isOfSource) throw new Failure('lineup/name-taken', `There is a group "${name}" already`)
}

function readLogo(logo: string | null): string | null {
  if (logo === null || logo === '') return null
  const isPath = /^\/(?![/\\])/.test(logo)
  const url = isPath ? null : URL.parse(logo)
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  if ((!isPath && !isWeb) || logo.length > LONGEST_LOGO || /[\s"<>]/.test(logo))
    throw new Failure(
      'http/bad-request',
      `A logo should be an address "http://…", "https://…" or "/…" of at most ${LONGEST_LOGO} characters`,
    )
  return logo
}

/**
 * The line-up without what the owner made of a group: a group of their own is gone, one of the sources is as they have it.
 *
 * Fails with `lineup/unknown-group`.
 */
export function removeGroup(stored: StoredLineup, name: string): StoredLineup {
  const { lineup, group } = touchGroup(stored, name)
  if (lineup !== stored) return stored // nobody had touched it
  const without = (keys: readonly GroupKey[]): readonly GroupKey[] =>
    keys.includes(group.key) ? keys.filter((key) => key !== group.key) : keys
  const changes = new Map<ChannelKey, StoredChannel>()
  for (const channel of stored.channels) {
    const addedGroups = without(channel.addedGroups)
    const removedGroups = without(channel.removedGroups)
    if (addedGroups !== channel.addedGroups || removedGroups !== channel.removedGroups)
      changes.set(channel.key, { ...channel, addedGroups, removedGroups })
  }
  return { ...changeChannels(stored, changes), ownGroups: stored.ownGroups.filter((one) => one !== group) }
}

/** The line-up with these groups first, in this order; the others follow as before. Fails with `lineup/unknown-group`. */
export function orderGroups(stored: StoredLineup, names: readonly string[]): StoredLineup {
  let lineup = stored
  const places = new Map<GroupKey, number>()
  for (const name of new Set(names)) {
    const touched = touchGroup(lineup, name)
    lineup = touched.lineup
    places.set(touched.group.key, places.size)
  }
  const ownGroups = lineup.ownGroups.map((group) => {
    const position = places.get(group.key) ?? null
    return position === group.position ? group : { ...group, position }
  })
  const isSame = ownGroups.every((group, index) => group === stored.ownGroups[index])
  return isSame && ownGroups.length === stored.ownGroups.length ? stored : { ...lineup, ownGroups }
}

const putRecord = (stored: StoredLineup, record: StoredGroup): StoredLineup => ({
  ...stored,
  ownGroups: stored.ownGroups.map((group) => (group.key === record.key ? record : group)),
})
