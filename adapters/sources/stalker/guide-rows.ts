import * as v from 'valibot'
import { cleanDvbLine, cleanDvbText } from '../../../core/guide/dvb-text.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { decodeEscaped } from '../../../core/entities.ts'
import { episodeOf } from '../../../core/guide/episode-text.ts'
import { looseNumber, looseText, member } from './loose.ts'

/** Reads a wall clock's `Y-m-d H:i:s` in the zone that the portal was asked to speak in; null: that is no time. */
export type WallClock = (text: string) => number | null

const schema = v.object({
  start: looseNumber,
  stop: looseNumber,
  time: looseText,
  timeTo: looseText,
  name: looseText,
  text: looseText,
  category: looseText,
})

const QUARTER_MS = 15 * 60_000
/** Zones are never further apart. */
const FURTHEST_MS = 26 * 3600_000

/**
 * Reads an item of the guide; null for what has no time or title.
 *
 * Panels shift their instants by the difference of two zones, and only the text tells the truth (stalker.md §7): where
 * both are there and lie whole quarters of an hour apart, the text wins. Durations are not looked at, some are negative.
 */
export function readItem(row: unknown, clock: WallClock): Programme | null {
  const parsed = v.safeParse(schema, {
    start: member(row, 'start_timestamp'),
    stop: member(row, 'stop_timestamp'),
    time: member(row, 'time'),
    timeTo: member(row, 'time_to'),
    name: member(row, 'name'),
    text: member(row, 'descr'),
    category: member(row, 'category'),
  })
  if (!parsed.success) return null
  const { start, stop, time, timeTo, name, text, category } = parsed.output
  const title = cleanDvbLine(decodeEscaped(name))
  const from = instant(start, clock(time))
  if (title === '' || from === null) return null
  const description = cleanDvbText(decodeEscaped(text))
  return {
    start: from,
    stop: instant(stop, clock(timeTo)) ?? from,
    title,
    subtitle: null,
    description: description === '' ? null : description,
    categories: categoryWords(category),
    ...episodeOf([title, description]),
    repeat: false,
  }
}

function instant(seconds: number | null, told: number | null): number | null {
  const stamp = seconds === null || seconds <= 0 ? null : seconds * 1000
  if (stamp === null || told === null) return told ?? stamp
  const apart = told - stamp
  return apart % QUARTER_MS === 0 && Math.abs(apart) <= FURTHEST_MS ? told : stamp
}

const MOST_CATEGORIES = 5

const categoryWords = (text: string): readonly string[] =>
  [...new Set(decodeEscaped(text).split(/[,/|]/).map(cleanDvbLine))]
    .filter((word) => word !== '' && !/^\d+$/.test(word))
    .slice(0, MOST_CATEGORIES)
