import { compareChannels } from './channel.ts'
import type { Channel } from './channel.ts'
import type { Group } from './lineup.ts'

/** By what a list of channels can be ordered. */
export type ChannelSort = 'number' | 'name' | 'group'

/** The same for every channel list: without regard to case and accents, numbers in names by their value. */
const collator = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/**
 * The channels in another order; equal ones stay in order of number. `group`: by the order of the group that
 * `groupOf` names, channels without a group last.
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
      const orders = new Map(by.groups.map((group) => [group.name, group.order]))
      const order = (channel: Channel): number => orders.get(by.groupOf(channel) ?? '') ?? Infinity
      // Infinity - Infinity is NaN, which falls through to the number like 0 does.
      return channels.toSorted((a, b) => order(a) - order(b) || compareChannels(a, b))
    }
    default:
      return sort satisfies never
  }
}
