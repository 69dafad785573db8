import { guideId, MAX_WHOLE_NUMBER } from '../../core/lineup/channel.ts'
import type { Channel, ChannelKey } from '../../core/lineup/channel.ts'
import type { Lineup } from '../../core/lineup/lineup.ts'
import { logoUrl } from '../../core/lineup/logo/logo-url.ts'
import { isAdultGroup } from '../../core/lineup/adult-group.ts'
import { stableHash } from '../../core/stable-hash.ts'

/** A category as clients list it. */
export type CategoryRow = { readonly category_id: string; readonly category_name: string; readonly parent_id: 0 }

/** The groups and numbers of a line-up as Xtream clients know them. */
export type LiveShelf = {
  /** The categories in the order of the groups, those of these channels only. */
  categories(channels: readonly Channel[]): readonly CategoryRow[]
  /** Ids of the channel's categories, the main one first; never empty. */
  idsOf(channel: Channel): readonly [string, ...string[]]
  /** Whether one of its groups is for adults. */
  isAdult(channel: Channel): boolean
  /** The channel's number as a whole one, unique in the line-up. */
  numberOf(channel: Channel): number
}

/** Where channels without a group are. */
const NO_GROUP = 'Uncategorized'

/** Ids of groups stay below those of films (`VodNumbers`): some players keep categories of all kinds in one table. */
const GROUP_IDS = 2 ** 30

/**
 * Makes the shelf of a line-up. The id of a category comes from its name alone, so that it is the same on every front;
 * of two names with one id the later group gets another.
 */
export function createLiveShelf({ channels, groups }: Lineup): LiveShelf {
  const names = [...groups.toSorted((a, b) => a.order - b.order).map(({ name }) => name), NO_GROUP]
  const ids = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of names) {
    if (ids.has(name)) continue
    let id = categoryId(name)
    for (let turn = 1; taken.has(id); turn++) id = categoryId(`${name}\n${turn}`)
    taken.add(id)
    ids.set(name, id)
  }
  const numbers = wholeNumbers(channels)
  const adult = new Set(names.filter(isAdultGroup))

  const idsOf = (channel: Channel): readonly [string, ...string[]] => {
    const [main = ids.get(NO_GROUP) ?? '', ...others] = channel.groups.flatMap((name) => ids.get(name) ?? [])
    return [main, ...others]
  }
  return {
    categories(shown) {
      const used = new Set(shown.flatMap((channel) => idsOf(channel)))
      return [...ids].flatMap(([name, id]): readonly CategoryRow[] =>
        used.has(id) ? [{ category_id: id, category_name: name, parent_id: 0 }] : [],
      )
    },
    idsOf,
    isAdult: ({ groups: own }) => own.some((name) => adult.has(name)),
    numberOf: ({ key }) => numbers.get(key) ?? 0,
  }
}

const categoryId = (name: string): string => String(1 + (stableHash(name) % (GROUP_IDS - 1)))

/** Channels with a number of their own keep it; sub-channels and doubles are numbered behind all others. */
function wholeNumbers(channels: readonly Channel[]): ReadonlyMap<ChannelKey, number> {
  const numbers = new Map<ChannelKey, number>()
  const taken = new Set<number>()
  for (const { key, number, enabled } of channels) {
    const whole = Number(number)
    if (!enabled || !Number.isInteger(whole) || whole > MAX_WHOLE_NUMBER || taken.has(whole)) continue
    taken.add(whole)
    numbers.set(key, whole)
  }
  let next = taken.size === 0 ? 0 : Math.max(...taken)
  for (const { key, enabled } of channels) if (enabled && !numbers.has(key)) numbers.set(key, ++next)
  return numbers
}

/** A channel as `get_live_streams` lists it. Source: protocols/xtream.md §2.3, §7.3. */
export function liveRow(channel: Channel, shelf: LiveShelf, { root, archiveDays }: LiveRowFacts) {
  const ids = shelf.idsOf(channel)
  return {
    num: shelf.numberOf(channel),
    name: channel.name,
    stream_type: channel.media === 'radio' ? 'radio_streams' : 'live',
    stream_id: channel.key,
    stream_icon: logoUrl(root, channel) ?? '',
    epg_channel_id: guideId(channel),
    added: '0',
    is_adult: shelf.isAdult(channel) ? '1' : '0',
    category_id: ids[0],
    category_ids: ids.map(Number),
    custom_sid: '',
    tv_archive: archiveDays > 0 ? 1 : 0,
    direct_source: '',
    tv_archive_duration: archiveDays,
    thumbnail: '',
  }
}

/** What a row says beside the channel itself. */
export type LiveRowFacts = {
  /** Address of the caller's own root, no slash at the end. */
  readonly root: string
  /** Whole days that can be watched again; 0: none. */
  readonly archiveDays: number
}
