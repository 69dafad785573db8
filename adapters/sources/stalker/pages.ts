import * as v from 'valibot'
import type { Query } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { looseText, member } from './loose.ts'
import type { Urgency } from './pacer.ts'
import { readPage } from './rows.ts'

/** Pages of one list at most (stalker.md §10.3). */
const MOST_PAGES = 2000

/**
 * Walks a list page by page, from 1, until an empty page, one that brings nothing new (several panels repeat the last one
 * for ever), or the number of rows that the portal tells. Its word on the size of a page is not believed.
 */
export async function walkPages(
  box: BoxSession,
  query: (page: number) => Query,
  signal: AbortSignal,
  options: {
    readonly urgency?: Urgency
    readonly mostPages?: number
    /** Told how many rows a page has brought. */
    readonly onRows?: (count: number) => void
  } = {},
): Promise<readonly unknown[]> {
  const { urgency = 'list', mostPages = MOST_PAGES, onRows } = options
  const rows: unknown[] = []
  const seen = new Set<string>()
  for (let page = 1; page <= mostPages; page++) {
    const answer = await box.ask(query(page), { urgency, signal })
    const part = readPage(answer.js)
    if (part === null || part.rows.length === 0) break
    const fresh = part.rows.filter((row) => isNew(row, seen))
    if (fresh.length === 0) break
    rows.push(...fresh)
    onRows?.(fresh.length)
    if (part.total !== null && rows.length >= part.total) break
    if (part.total === null && part.perPage === null) break // no page at all: the whole list at once
  }
  return rows
}

/** Notes a row; rows without id are told apart by all that they say. */
function isNew(row: unknown, seen: Set<string>): boolean {
  const id = v.parse(looseText, member(row, 'id'))
  const mark = id === '' ? JSON.stringify(row) : id
  if (seen.has(mark)) return false
  seen.add(mark)
  return true
}
