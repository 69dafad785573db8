import * as v from 'valibot'
import { cleanDvbLine, cleanDvbText } from '../../../core/guide/dvb-text.ts'
import { categoriesOf } from '../../../core/guide/dvb-genre.ts'
import { episodeOf } from '../../../core/guide/episode-text.ts'
import { splitTexts } from '../../../core/guide/event-texts.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { decodeEscaped } from '../../../core/entities.ts'

const number = v.fallback(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite()), 0)
const text = v.fallback(v.string(), '')
const eventSchema = v.object({
  begin_timestamp: number,
  duration_sec: number,
  title: text,
  shortdesc: text,
  longdesc: text,
  genreid: number,
})

/**
 * Reads an event; null for the `null`s and the "N/A" that stand where a service has none.
 *
 * `stop` equals `start` where the box names no length.
 */
export function readEvent(event: unknown): Programme | null {
  const parsed = v.safeParse(eventSchema, event)
  if (!parsed.success || parsed.output.begin_timestamp <= 0) return null
  const { begin_timestamp: begin, duration_sec: duration, genreid } = parsed.output
  const title = cleanDvbLine(decodeEscaped(parsed.output.title))
  if (title === 'N/A') return null
  const texts = splitTexts(
    title,
    cleanDvbText(decodeEscaped(parsed.output.shortdesc)),
    cleanDvbText(decodeEscaped(parsed.output.longdesc)),
  )
  if (texts.title === '') return null
  const numbers = episodeOf([texts.title, texts.subtitle ?? '', texts.description ?? ''])
  const start = Math.round(begin * 1000)
  return {
    start,
    stop: start + Math.max(0, Math.round(duration * 1000)),
    ...texts,
    ...numbers,
    categories: categoriesOf(genreid, numbers.episode !== null),
    repeat: false,
  }
}
