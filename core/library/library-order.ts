import { foldName } from '../lineup/word-search.ts'
import type { MediaItem } from './media-item.ts'

/** Orders of a list: by name (series with their episodes in order), newest first, by place in the folder. */
export const LIBRARY_ORDERS = ['name', 'added', 'path'] as const

/** One of them. */
export type LibraryOrder = (typeof LIBRARY_ORDERS)[number]

/** Words that stand before the word by which shelves are sorted. */
const ARTICLE = /^(?:the|an?|der|die|das|ein|eine|le|la|les|l'|el|los|las|il)\s+(?=\S)/
const DIGITS = 6

/**
 * The text that puts items in order by name: two keys compared as plain texts say which item comes first. Films and
 * series by name without article, numbers by their value (`2` before `10`); episodes by season and number, specials
 * (season 0) behind the others; the path decides where all else is equal.
 */
export function nameKey(item: Pick<MediaItem, 'series' | 'title' | 'season' | 'episode' | 'airedOn' | 'path'>): string {
  const shelf = foldName(item.series ?? item.title).replace(ARTICLE, '')
  const season = item.season === 0 ? Infinity : (item.season ?? 0)
  const numbers =
    item.series === null ? '' : `${padded(season)}${padded(item.episode ?? Infinity)}${item.airedOn ?? ''}`
  return [natural(shelf), numbers, natural(foldName(item.path)), item.path].join('\u0001')
}

const padded = (number: number): string =>
  number === Infinity ? '~'.repeat(DIGITS) : String(number).padStart(DIGITS, '0')

const natural = (text: string): string => text.replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'))
