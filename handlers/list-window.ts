import type { Context } from 'hono'
import * as v from 'valibot'
import { readQuery } from './body.ts'
import { wholeNumber } from './parameter.ts'

/** The window parameters of lists that are short by nature: without `limit` all of them. */
export const WindowQuery = v.object({
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(2000)),
})

/** A window of a list. */
export type Window = v.InferOutput<typeof WindowQuery>

/** `limit` of the items from `offset` on, and how many there are in all. */
export function windowOf<T>(items: readonly T[], { offset, limit = items.length }: Window) {
  return { total: items.length, items: items.slice(offset, offset + limit) }
}

/** The window of a list that the query of a request asks for; it takes no other parameters. */
export const askedWindow = <T>(c: Context, items: readonly T[]) => windowOf(items, readQuery(c, WindowQuery))
