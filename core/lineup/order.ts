import { compareChannels } from './channel.ts'
import type { Channel, ChannelKey } from './channel.ts'
import type { Group } from './lineup.ts'

/** By what a list of channels can be ordered. */
export type ChannelSort = 'number' | 'name' | 'group'

/** The same for every channel list: without regard to case and accents, numbers in names by their value. */
const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/**
 * The channels in another order; equal ones stay in order of number. `group`: by the order of the group that
 * `groupOf` names, inside of it as the group is sorted; channels without a group last.
 */
export function sortChannels(
  channels: readonly Channel[],
  sort: ChannelSort,
  by: { readonly groups: readonly Group[]; readonly groupOf: (channel: Channel) => string | null },
): readonly Channel[] {
  switch (sort) {
    case 'number':
      return channels.toSorted(compareChannels)
    case 'name':
      return channels.toSorted((a, b) => collator.compare(a.name, b.name) || compareChannels(a, b))
    case 'group': {
      const ofGroup = Map.groupBy(channels, (channel) => by.groupOf(channel) ?? '')
      const grouped = by.groups
        .toSorted((a, b) => a.order - b.order)
        .flatMap((group) => {
          const members = ofGroup.get(group.name) ?? []
          ofGroup.delete(group.name)
          return sortGroup(members, group)
        })
      return [...grouped, ...[...ofGroup.values()].flat().toSorted(compareChannels)]
    }
    default:
      return sort satisfies never
  }
}

/** The channels of a group in the group's own order, see `Group.sort`. */
export function sortGroup(
  channels: readonly Channel[],
  { sort, members = [] }: Pick<Group, 'sort' | 'members'>,
): readonly Channel[] {
  if (sort === undefined) return channels.toSorted(compareChannels)
  if (sort === 'name') return sortChannels(channels, 'name', { groups: [], groupOf: () => null })
  const places = new Map(members.map((key, place) => [key, place]))
  const place = (channel: Channel): number => places.get(channel.key) ?? Infinity
  // Infinity - Infinity is NaN, which falls through to the number like 0 does.
  return channels.toSorted((a, b) => place(a) - place(b) || compareChannels(a, b))
}

/** The channels of these keys, in the order of the keys; those that are not there are left out. */
export function pickChannels(channels: readonly Channel[], keys: readonly ChannelKey[]): readonly Channel[] {
  const byKey = new Map(channels.map((channel) => [channel.key, channel]))
  return keys.flatMap((key) => byKey.get(key) ?? [])
}
