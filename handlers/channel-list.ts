import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { parseChannelNumber } from '../core/lineup/channel.ts'
import type { Channel, ChannelKey } from '../core/lineup/channel.ts'
import type { ChannelJudge } from '../core/lineup/filter/channel-filter.ts'
import type { Lineup } from '../core/lineup/lineup.ts'
import { pickChannels, sortChannels, sortGroup } from '../core/lineup/order.ts'
import { wholeNumber } from './parameter.ts'

/** Query of `GET /api/v1/channels`. */
export const ListQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  group: v.optional(v.string()),
  selection: v.optional(v.string()),
  filter: v.optional(v.string()),
  number: v.optional(v.string()),
  sort: v.optional(v.picklist(['number', 'name', 'group'])),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '60'),
  disabled: v.optional(v.picklist(['0', '1']), '0'),
})
/** The query as read. */
export type ListQuery = v.InferOutput<typeof ListQuery>

/** What a search needs beside the query. */
export type ListOptions = {
  readonly withDisabled: boolean
  readonly isFavourite: (key: ChannelKey) => boolean
}

/** Finds channels in a line-up; remembers how their names read without case and accents. */
export type ChannelSearch = (lineup: Lineup, query: ListQuery, options: ListOptions) => readonly Channel[]

/**
 * A search by words, exact number, group, selection and filter, all together; in order of `sort`, else of the selection
 * or group, else of number.
 *
 * `filterOf` reads the text of a filter; null: filters are not worked out here. Fails with `lineup/unknown-selection`,
 * `lineup/bad-filter`.
 */
export function createChannelSearch(filterOf: ((text: string) => ChannelJudge) | null): ChannelSearch {
  const folded = new WeakMap<Channel, string>()
  const nameOf = (channel: Channel): string => {
    const known = folded.get(channel)
    if (known !== undefined) return known
    const name = fold(channel.name)
    folded.set(channel, name)
    return name
  }
  return (lineup, query, { withDisabled, isFavourite }) => {
    const number = query.number === undefined ? null : (parseChannelNumber(query.number) ?? '')
    const isMeant = query.filter === undefined ? null : readFilter(query.filter, filterOf)
    const matches = matcher(query.q, nameOf)
    const found = inOrder(lineup, query).filter(
      (channel) =>
        (channel.enabled || withDisabled) &&
        (number === null || channel.number === number) &&
        (query.group === undefined || channel.groups.includes(query.group)) &&
        matches(channel) &&
        (isMeant === null || isMeant(channel, isFavourite(channel.key))),
    )
    if (query.sort === undefined) return found
    return sortChannels(found, query.sort, {
      groups: lineup.groups,
      groupOf: (channel) => query.group ?? channel.groups[0] ?? null,
    })
  }
}

function readFilter(text: string, filterOf: ((text: string) => ChannelJudge) | null): ChannelJudge {
  if (filterOf === null) throw new Failure('lineup/bad-filter', 'Filters are worked out by the adapter at home')
  return filterOf(text)
}

function inOrder({ channels, groups, selections = [] }: Lineup, query: ListQuery): readonly Channel[] {
  if (query.selection !== undefined) {
    const selection = selections.find(({ id }) => id === query.selection)
    if (selection === undefined) throw new Failure('lineup/unknown-selection', 'There is no such selection')
    return pickChannels(channels, selection.channels)
  }
  const group = groups.find(({ name }) => name === query.group)
  return group?.sort === undefined ? channels : sortGroup(channels, group)
}

/** Every word is part of the name, without regard to case and accents; or the number starts with the text. */
function matcher(q: string, nameOf: (channel: Channel) => string): (channel: Channel) => boolean {
  const words = fold(q)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return () => true
  return (channel) => {
    const name = nameOf(channel)
    return words.every((word) => name.includes(word)) || channel.number.startsWith(q.trim())
  }
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
