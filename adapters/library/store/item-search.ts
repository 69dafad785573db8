import { folderPrefix, itemMatcher } from '../../../core/library/library-filter.ts'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import type { LibraryOrder } from '../../../core/library/library-order.ts'
import type { LibraryPage, LibraryQuery } from '../../../core/library/library.ts'
import type { MediaItem } from '../../../core/library/media-item.ts'
import type { Database, Value } from '../../store/database.ts'
import { createSubjectReader, readItemRow } from './item-row.ts'

const ORDERS: Readonly<Record<LibraryOrder, string>> = {
  name: 'name_key',
  added: 'added_at desc, name_key',
  path: 'path',
}
const SUBJECT = 'key, kind, title, series, season, genres, rating, year, path, problem, missing_since, duration_ms'
/** Rows that are read at once by their keys. */
const KEYS_AT_ONCE = 200

/**
 * A part of the list that a filter finds. SQL leaves out what it can tell for certain; names and words are compared by
 * the filter itself, which alone says what fits (`itemMatcher`).
 */
export function searchItems(
  database: Database,
  { filter, order = 'name', offset, limit }: LibraryQuery,
  library: { readonly library: string; readonly isAway: boolean },
): LibraryPage {
  const { where, values } = narrowing(filter, library.isAway)
  const tail = `from item where ${where}`
  if (!needsReading(filter)) {
    const [row] = database.all(`select count(*) as total ${tail}`, ...values)
    const most = Number.isFinite(limit) ? limit : -1
    const rows = database.all(`select * ${tail} order by ${ORDERS[order]} limit ? offset ?`, ...values, most, offset)
    return { total: Number(row?.['total'] ?? 0), items: rows.map((each) => readItemRow(each, library).item) }
  }
  const fits = itemMatcher(filter)
  const subjectOf = createSubjectReader(library.isAway)
  const keys: number[] = []
  let total = 0
  for (const row of database.prepare(`select ${SUBJECT} ${tail} order by ${ORDERS[order]}`).iterate(...values)) {
    if (!fits(subjectOf(row))) continue
    if (total >= offset && keys.length < limit) keys.push(Number(row['key']))
    total++
  }
  return { total, items: readByKeys(database, keys, library) }
}

/** Whether something is asked that only the filter itself can tell. */
const needsReading = ({ series, genres, ratings, words }: LibraryFilter): boolean =>
  [series, genres, ratings, words].some((asked) => asked !== undefined)

function narrowing(filter: LibraryFilter, isAway: boolean): { readonly where: string; readonly values: Value[] } {
  const terms: string[] = []
  const values: Value[] = []
  const add = (term: string, ...of: readonly Value[]): void => {
    terms.push(term)
    values.push(...of)
  }
  const oneOf = (column: string, of: readonly Value[] | undefined): void => {
    if (of !== undefined) add(`${column} in (${of.map(() => '?').join(', ')})`, ...of)
  }
  oneOf('kind', filter.kinds)
  oneOf('season', filter.seasons)
  if (filter.yearFrom !== undefined) add('year >= ?', filter.yearFrom)
  if (filter.yearTo !== undefined) add('year <= ?', filter.yearTo)
  if (filter.minSeconds !== undefined) add('duration_ms >= ?', filter.minSeconds * 1000)
  if (filter.maxSeconds !== undefined) add('duration_ms <= ?', filter.maxSeconds * 1000)
  const folder = folderPrefix(filter.folder)
  if (folder !== '') add('substr(path, 1, ?) = ?', Array.from(folder).length, folder)
  const isThere = isAway ? 'false' : 'missing_since is null'
  if (filter.state === 'playable') add(`${isThere} and problem is null and duration_ms is not null`)
  if (filter.state === 'broken') add('problem is not null')
  if (filter.state === 'missing') add(`not (${isThere})`)
  return { where: terms.length === 0 ? 'true' : terms.join(' and '), values }
}

function readByKeys(
  database: Database,
  keys: readonly number[],
  library: { readonly library: string; readonly isAway: boolean },
): readonly MediaItem[] {
  const found = new Map<number, MediaItem>()
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    const some = keys.slice(at, at + KEYS_AT_ONCE)
    // Always the same text, so that there is one prepared statement of it.
    const padded = [...some, ...Array<number>(KEYS_AT_ONCE - some.length).fill(-1)]
    for (const row of database.all(
      `select * from item where key in (${padded.map(() => '?').join(', ')})`,
      ...padded,
    )) {
      const { key, item } = readItemRow(row, library)
      found.set(key, item)
    }
  }
  return keys.map((key) => found.get(key)).filter((item) => item !== undefined)
}
