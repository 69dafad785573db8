import * as v from 'valibot'

/** Reads a JSON array of texts from a column. */
export type ListReader = (json: string) => readonly string[]

const Texts = v.array(v.string())
/** Groups and categories are few; a source that makes one up for every row must not fill the memory. */
const MOST_KEPT = 1000

/** A reader that parses each text once and shares the list: thousands of rows have the same few. */
export function createListReader(): ListReader {
  const lists = new Map<string, readonly string[]>()
  return (json) => {
    const known = lists.get(json)
    if (known !== undefined) return known
    const list = v.parse(Texts, JSON.parse(json))
    if (lists.size >= MOST_KEPT) lists.clear()
    lists.set(json, list)
    return list
  }
}
