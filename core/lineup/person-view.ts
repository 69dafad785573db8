import type { Channel, ChannelKey } from './channel.ts'
import { isAdultGroup } from './adult-group.ts'
import { indexLineup } from './lineup.ts'
import type { LineupIndex, LineupReader, View } from './lineup.ts'
import { stableHash } from '../stable-hash.ts'

/** Different views of one line-up that are kept; people with the same limits share one. */
const MOST_VIEWS = 64

/**
 * The same line-up, and what somebody sees of it: worked out once for each line-up and view. Its revision tells views
 * apart, so that no cache hands one person's list to another.
 */
export function withViews(reader: LineupReader): LineupReader {
  const views = new WeakMap<LineupIndex, Map<string, LineupIndex>>()
  return {
    current(view) {
      const lineup = reader.current()
      if (view === undefined || seesAll(view)) return lineup
      const { groups, selections, adultLock } = view
      const key = JSON.stringify([groups, selections, adultLock])
      const known = views.get(lineup) ?? new Map<string, LineupIndex>()
      views.set(lineup, known)
      const seen = known.get(key) ?? narrow(lineup, view, key)
      known.delete(key)
      known.set(key, seen)
      const [oldest] = known.keys()
      if (known.size > MOST_VIEWS && oldest !== undefined) known.delete(oldest)
      return seen
    },
  }
}

/** Whether a view leaves nothing out. */
export const seesAll = ({ groups, selections, adultLock }: View): boolean =>
  groups === null && selections === null && !adultLock

function narrow(lineup: LineupIndex, { groups, selections, adultLock }: View, key: string): LineupIndex {
  const named = new Set(groups)
  const picked = new Set<ChannelKey>(
    (lineup.selections ?? []).filter(({ id }) => selections?.includes(id)).flatMap(({ channels }) => channels),
  )
  const isOpen = groups === null && selections === null
  const sees = (channel: Channel): boolean =>
    (isOpen || picked.has(channel.key) || channel.groups.some((name) => named.has(name))) &&
    !(adultLock && channel.groups.some(isAdultGroup))
  const channels = lineup.channels.filter(sees)
  const shown = new Set(channels.flatMap((channel) => channel.groups))
  const keys = new Set(channels.map((channel) => channel.key))
  const left = (lineup.selections ?? []).map((one) => ({
    ...one,
    channels: one.channels.filter((channel) => keys.has(channel)),
  }))
  return indexLineup({
    revision: `${lineup.revision}.${stableHash(key).toString(36)}`,
    channels,
    groups: lineup.groups.filter(({ name }) => shown.has(name)),
    selections: left.filter((one) => one.channels.length > 0),
  })
}
