import * as v from 'valibot'
import { cleanDvbText } from '../../../core/guide/dvb-text.ts'
import type { VodCategory, VodDetails, VodEntry } from '../../../core/lineup/vod.ts'
import { plainText } from '../../../core/plain-text.ts'
import { decodeEscaped } from '../../../core/entities.ts'
import { looseInstant, looseWords, looseYear } from '../xtream/loose.ts'
import type { ShelfType } from './vod-queries.ts'
import { looseFlag, looseLine, looseListOf, looseNumber, looseText, member } from './loose.ts'

/** A film or a series as a portal lists it. */
export type VodRow = {
  readonly entry: VodEntry
  readonly details: VodDetails
  /** What plays it; '' when its files have to be asked for. */
  readonly command: string
  /** Episodes of a series that has no seasons; empty for films and for series with seasons. */
  readonly ordinals: readonly number[]
  /** Address of its picture, maybe without host; '' without one. */
  readonly picture: string
}

const optional = <T extends v.GenericSchema>(schema: T) => v.optional(schema, '' as never)
const schema = v.object({
  id: looseText,
  name: optional(looseText),
  o_name: optional(looseText),
  description: optional(looseText),
  pic: optional(looseText),
  screenshot_uri: optional(looseText),
  cover_big: optional(looseText),
  year: looseYear,
  director: looseWords,
  actors: looseWords,
  genres_str: looseWords,
  time: optional(looseNumber),
  rating_imdb: optional(looseNumber),
  added: looseInstant,
  category_id: optional(looseText),
  cmd: optional(looseText),
  series: optional(looseListOf),
  is_series: optional(looseFlag),
  censored: optional(looseFlag),
})

/** Ids of entries stand in addresses. */
const ID = /^[\w-]{1,64}$/

/** Reads a row of a shelf; null for what has no id that could stand in an address. */
export function readVodRow(value: unknown, shelf: ShelfType): VodRow | null {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success || !ID.test(parsed.output.id)) return null
  const row = parsed.output
  const ordinals = readOrdinals(row.series)
  const isSeries = shelf === 'series' || row.is_series || ordinals.length > 0
  const name = clean(row.name) || clean(row.o_name) || `${isSeries ? 'Series' : 'Film'} ${row.id}`
  const picture = [row.screenshot_uri, row.cover_big, row.pic].find((text) => /^(?:https?:\/)?\//i.test(text)) ?? ''
  const plot = cleanDvbText(decodeEscaped(row.description))
  return {
    entry: {
      kind: isSeries ? 'series' : 'film',
      id: row.id,
      name,
      year: row.year,
      categories: ID.test(row.category_id) ? [row.category_id] : [],
      rating: row.rating_imdb !== null && row.rating_imdb > 0 && row.rating_imdb <= 10 ? row.rating_imdb : null,
      addedAt: row.added,
      hasPoster: picture !== '',
      container: isSeries ? null : containerOf(row.cmd),
      ...(row.censored && { isAdult: true as const }),
    },
    details: {
      plot: plot === '' ? null : plot,
      genres: row.genres_str,
      directors: row.director,
      cast: row.actors,
      durationSeconds: row.time !== null && row.time > 0 ? Math.round(row.time * 60) : null,
    },
    command: row.cmd,
    ordinals,
    picture,
  }
}

const clean = (text: string): string => plainText(decodeEscaped(text))

const MOST_EPISODES = 5000

/** Numbers of episodes, rising, each once. */
export function readOrdinals(list: readonly unknown[]): readonly number[] {
  const numbers = list.map((one) => v.parse(looseNumber, one)).filter((one) => one !== null && Number.isInteger(one))
  const positive = numbers.filter((one): one is number => one !== null && one > 0)
  return [...new Set(positive)].toSorted((a, b) => a - b).slice(0, MOST_EPISODES)
}

/** The kind of file that a command tells: by its ending, or inside the text that panels hide it in. */
function containerOf(command: string): string | null {
  const [, ending] = /\.([a-z0-9]{2,5})$/i.exec(command) ?? []
  if (ending !== undefined) return ending.toLowerCase()
  try {
    const hidden: unknown = JSON.parse(atob(command))
    const told = v.parse(looseText, member(hidden, 'target_container')).replace(/[["\]]/g, '')
    return /^[a-z0-9]{2,5}$/i.test(told) ? told.toLowerCase() : null
  } catch {
    return null // no such text
  }
}

const categorySchema = v.object({ id: looseText, title: looseLine, censored: v.optional(looseFlag, false) })

/** Reads a category; null for the one that means "all". */
export function readCategory(value: unknown): VodCategory | null {
  const parsed = v.safeParse(categorySchema, value)
  if (!parsed.success || !ID.test(parsed.output.id)) return null
  const { id, title, censored } = parsed.output
  return { id, name: clean(title) || `Category ${id}`, ...(censored && { isAdult: true as const }) }
}
