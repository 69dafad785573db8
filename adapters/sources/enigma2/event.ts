import * as v from 'valibot'
import { cleanDvbLine, cleanDvbText } from '../../../core/guide/dvb-text.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { decodeEscaped } from '../../../core/entities.ts'
import { episodeOf } from './episode.ts'
import { categoriesOf } from './genre.ts'

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

const LONGEST_SUBTITLE = 120

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

/**
 * Title, subtitle and description. The short text is an episode title, the title again, or the beginning of the long
 * text; where it is long itself and nothing follows, it is the description.
 */
function splitTexts(title: string, short: string, long: string): Pick<Programme, 'title' | 'subtitle' | 'description'> {
  const line = cleanDvbLine(short)
  const isTold = line === '' || line === title
  if (title === '') return { title: line, subtitle: null, description: long === '' ? null : long }
  if (isTold) return { title, subtitle: null, description: long === '' ? null : long }
  if (line.length > LONGEST_SUBTITLE) return { title, subtitle: null, description: joinTexts(short, long) }
  return { title, subtitle: line, description: long === '' || cleanDvbLine(long) === line ? null : long }
}

function joinTexts(short: string, long: string): string {
  const [shortLine, longLine] = [cleanDvbLine(short), cleanDvbLine(long)]
  if (shortLine.startsWith(longLine)) return short
  return longLine.startsWith(shortLine) ? long : `${short}\n${long}`
}
