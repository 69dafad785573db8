import { channelId, MAX_WHOLE_NUMBER } from '../lineup/channel.ts'
import type { Channel, ChannelKey } from '../lineup/channel.ts'
import { indexLineup } from '../lineup/lineup.ts'
import type { Group, Lineup, LineupIndex, Selection } from '../lineup/lineup.ts'
import { streamId } from '../lineup/stream.ts'
import type { Stream } from '../lineup/stream.ts'
import { toFrontKey, toFrontName, toFrontSource } from './site-keys.ts'
import type { SiteName } from './site-keys.ts'

/** A site with its line-up. */
export type SiteLineup = {
  readonly site: SiteName & {
    /** Added to the site's channel numbers, so that those of two sites are told apart; 0: they are as at home. */
    readonly numbersFrom: number
  }
  readonly lineup: Lineup
}

/**
 * The line-ups of several sites as one: every channel once for each site that has it, groups of the same name together, in
 * the order of the sites.
 */
export function joinLineups(all: readonly SiteLineup[]): LineupIndex {
  const keysOf = (site: SiteName, keys: readonly ChannelKey[]): readonly ChannelKey[] =>
    keys.flatMap((key) => toFrontKey(site, key) ?? [])
  const selections = all.flatMap(({ site, lineup }) =>
    (lineup.selections ?? []).map(({ id, name, channels }): Selection => ({
      id: toFrontName(site, id),
      name,
      channels: keysOf(site, channels),
    })),
  )
  return indexLineup({
    revision: all.map(({ lineup }) => lineup.revision).join('_'),
    channels: all.flatMap(({ site, lineup }) =>
      lineup.channels.flatMap((channel) => toFrontChannel(site, channel) ?? []),
    ),
    groups: joinGroups(all, keysOf),
    ...(selections.length === 0 ? {} : { selections }),
  })
}

function joinGroups(
  all: readonly SiteLineup[],
  keysOf: (site: SiteName, keys: readonly ChannelKey[]) => readonly ChannelKey[],
): readonly Group[] {
  const joined = new Map<string, Group>()
  for (const { site, lineup } of all) {
    for (const group of lineup.groups.toSorted((a, b) => a.order - b.order)) {
      const known = joined.get(group.name) ?? { ...group, order: joined.size, members: [] }
      const members = [...(known.members ?? []), ...keysOf(site, group.members ?? [])]
      joined.set(group.name, { ...known, members })
    }
  }
  return [...joined.values()].map(({ members = [], ...group }) =>
    members.length === 0 ? group : { ...group, members },
  )
}

function toFrontChannel(site: SiteLineup['site'], channel: Channel): Channel | null {
  const key = toFrontKey(site, channel.key)
  if (key === null) return null
  const toFront = (stream: Stream): Stream => {
    const sourceId = toFrontSource(site, stream.sourceId)
    return { ...stream, sourceId, id: streamId(sourceId, stream.item) }
  }
  return {
    ...channel,
    key,
    id: channelId(key),
    number: moveNumber(channel.number, site.numbersFrom),
    guide: channel.guide && { ...channel.guide, channel: String(key) },
    streams: channel.streams.map(toFront),
    ...(channel.offStreams === undefined ? {} : { offStreams: channel.offStreams.map(toFront) }),
  }
}

/** A number that would have more digits than players show stays what it is. */
function moveNumber(number: string, by: number): string {
  const [whole = '', sub] = number.split('.')
  const moved = Number(whole) + by
  return by === 0 || moved > MAX_WHOLE_NUMBER ? number : `${moved}${sub === undefined ? '' : `.${sub}`}`
}
