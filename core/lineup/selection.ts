import type { Channel, ChannelKey } from './channel.ts'
import { createFilter } from './filter/filter.ts'
import { subjectOf } from './filter/subject.ts'
import { FAVOURITES } from './lineup.ts'
import type { Group, Selection } from './lineup.ts'
import { sortChannels } from './order.ts'
import type { StoredLineup, StoredSelection } from './stored.ts'

/** The selections of a line-up: the owner's, and the favourites. Each is worked out when somebody asks for it. */
export function resolveSelections(
  stored: StoredLineup,
  channels: readonly Channel[],
  groups: readonly Group[],
): readonly Selection[] {
  const favourites = new Set(stored.channels.filter(({ favourite }) => favourite).map(({ key }) => key))
  const made = stored.selections.map((selection) =>
    lazily(selection.id, selection.name, () => membersOf(selection, channels, { favourites, groups })),
  )
  if (favourites.size === 0) return made
  const isFavourite = ({ key, enabled }: Channel): boolean => enabled && favourites.has(key)
  const liked = lazily(FAVOURITES, 'Favourites', () => keysOf(sort(channels.filter(isFavourite), 'number', groups)))
  return [...made, liked]
}

/** Filters over many channels take time, and most revisions of a line-up pass before a player asks. */
function lazily(id: string, name: string, make: () => readonly ChannelKey[]): Selection {
  let made: readonly ChannelKey[] | null = null
  return {
    id,
    name,
    get channels() {
      made ??= make()
      return made
    },
  }
}

type Around = { readonly favourites: ReadonlySet<ChannelKey>; readonly groups: readonly Group[] }

function membersOf(
  { members, filter, sort: by }: StoredSelection,
  channels: readonly Channel[],
  { favourites, groups }: Around,
): readonly ChannelKey[] {
  const enabled = new Map(channels.filter((channel) => channel.enabled).map((channel) => [channel.key, channel]))
  const chosen = members.filter((key) => enabled.has(key))
  if (filter === null) return chosen
  for (const key of chosen) enabled.delete(key)
  const isMeant = createFilter(filter)
  const found = [...enabled.values()].filter((channel) => isMeant(subjectOf(channel, favourites.has(channel.key))))
  return [...chosen, ...keysOf(sort(found, by, groups))]
}

const keysOf = (channels: readonly Channel[]): readonly ChannelKey[] => channels.map(({ key }) => key)

const sort = (
  channels: readonly Channel[],
  by: StoredSelection['sort'],
  groups: readonly Group[],
): readonly Channel[] => sortChannels(channels, by, { groups, groupOf: (channel) => channel.groups[0] ?? null })
