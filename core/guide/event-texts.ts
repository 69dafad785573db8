import { cleanDvbLine } from './dvb-text.ts'
import type { Programme } from './programme.ts'

const LONGEST_SUBTITLE = 120

/**
 * Title, subtitle and description of an event of DVB, from its clean texts. The short text is an episode title, the title again, or the beginning of the long
 * text; where it is long itself and nothing follows, it is the description.
 */
export function splitTexts(
  title: string,
  short: string,
  long: string,
): Pick<Programme, 'title' | 'subtitle' | 'description'> {
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
