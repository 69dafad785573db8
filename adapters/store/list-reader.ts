import * as v from 'valibot'
import { channelKey } from '../../core/lineup/channel.ts'
import { groupKey } from '../../core/lineup/stored.ts'

/** Reads a JSON array from a column. */
export type ListReader<T> = (json: string) => readonly T[]

/** Lists of names. */
export const Names = v.array(v.string())
/** Lists of channel keys. */
export const ChannelKeys = v.array(v.pipe(v.number(), v.transform(channelKey)))
/** Lists of group keys. */
export const GroupKeys = v.array(v.pipe(v.number(), v.transform(groupKey)))

/** Groups and categories are few; a source that makes one up for every row must not fill the memory. */
const MOST_KEPT = 1000

/** A reader that parses each text once and shares the list: thousands of rows have the same few. */
export function createListReader<T>(schema: v.GenericSchema<unknown, T[]>): ListReader<T> {
  const lists = new Map<string, readonly T[]>()
  return (json) => {
    const known = lists.get(json)
    if (known !== undefined) return known
    const list = v.parse(schema, JSON.parse(json))
    if (lists.size >= MOST_KEPT) lists.clear()
    lists.set(json, list)
    return list
  }
}
