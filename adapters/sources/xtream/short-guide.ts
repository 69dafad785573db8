import * as v from 'valibot'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import type { Window } from '../../../core/guide/window.ts'
import { plainText } from '../../../core/plain-text.ts'
import { decodeEscaped } from '../../../core/entities.ts'
import type { ApiClient } from './api-client.ts'
import { looseInstant, looseList, looseText } from './loose.ts'
import type { PanelClock } from './panel-clock.ts'

const answerSchema = v.object({ epg_listings: looseList })
const listingSchema = v.object({
  title: looseText,
  description: looseText,
  start: looseText,
  end: looseText,
  stop: looseText,
  start_timestamp: looseInstant,
  stop_timestamp: looseInstant,
})

/** More than a week of one channel. */
const SHORT_LIMIT = '400'

/**
 * The guide of one channel by calls of the API: what is stored, else what comes next. For a handful of channels only; a
 * whole line-up is one download (protocols/xtream.md §2.6).
 */
export async function readShortGuide(
  api: ApiClient,
  asked: {
    readonly streamId: string
    readonly window: Window
    readonly clock: PanelClock
    readonly signal: AbortSignal
  },
): Promise<readonly Programme[]> {
  const { streamId, window, clock, signal } = asked
  const listings = async (action: string, more: Readonly<Record<string, string>>): Promise<readonly Programme[]> => {
    const answer = v.safeParse(
      answerSchema,
      await api.json({ action, parameters: { stream_id: streamId, ...more }, signal }),
    )
    const programmes = answer.success
      ? answer.output.epg_listings.flatMap((listing) => readListing(listing, clock) ?? [])
      : []
    return cleanProgrammes(programmes).filter(({ start, stop }) => start < window.to && stop > window.from)
  }
  const stored = await listings('get_simple_data_table', {})
  return stored.length > 0 ? stored : listings('get_short_epg', { limit: SHORT_LIMIT })
}

/** Instants win over texts, which are in the panel's zone; `end` may be an instant next to a text `start`. */
export function readListing(listing: unknown, clock: PanelClock): Programme | null {
  const row = v.safeParse(listingSchema, listing)
  if (!row.success) return null
  const { title, description, start_timestamp, stop_timestamp } = row.output
  const start = start_timestamp ?? readTime(row.output.start, clock)
  const stop = stop_timestamp ?? readTime(row.output.end, clock) ?? readTime(row.output.stop, clock)
  const name = readEncoded(title)
  if (start === null || stop === null || stop <= start || name === '') return null
  return {
    start,
    stop,
    title: name,
    subtitle: null,
    description: readEncoded(description) || null,
    categories: [],
    season: null,
    episode: null,
    repeat: false,
  }
}

const readTime = (text: string, clock: PanelClock): number | null =>
  /^\d{9,11}$/.test(text) ? Number(text) * 1000 : clock.parse(text)

/** The text behind base64; a text that is not base64 of UTF-8 is what it is. */
function readEncoded(text: string): string {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return text
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // "News" and "Film" are valid base64, and what they decode to is no text.
    return /[\u0000-\u0008\u000e-\u001f]/.test(decoded) ? text : plainText(decodeEscaped(decoded)) // eslint-disable-line no-control-regex -- tells text from chance
  } catch {
    return text
  }
}
