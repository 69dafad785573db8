import * as v from 'valibot'
import { wallInstant, wallTime, zoneOffset } from '../../../core/wall-clock.ts'
import type { WebClient } from './web-client.ts'

/** The clock on the wall of a receiver: what people write into its timers. */
export interface BoxClock {
  /** `2026-11-21T20:15` as an instant, epoch milliseconds; null: that is no time. */
  instant(reading: string): number | null
  /** The instant as this clock shows it, to the minute. */
  reading(instant: number): string
}

const answerSchema = v.object({ time: v.pipe(v.string(), v.regex(/^\d{1,2}:\d\d:\d\d$/)) })
const QUARTER_MS = 15 * 60_000
const DAY_MS = 24 * 3_600_000
/** No zone is further ahead of UTC; what is further is behind. */
const FURTHEST_AHEAD_MS = 14 * 3_600_000

/** A clock that is so far ahead of UTC at an instant. */
export function createBoxClock(offsetAt: (instant: number) => number): BoxClock {
  return {
    instant(text) {
      const reading = wallTime(text.replace('T', ' '))
      return reading === null ? null : wallInstant(reading, offsetAt)
    },
    reading: (instant) => new Date(instant + offsetAt(instant)).toISOString().slice(0, 16),
  }
}

/**
 * The clock of a box: by the zone in its settings, else by what it shows now (`currenttime`), to the quarter of an hour;
 * then a change to summer time before the timer is not known.
 *
 * Fails with `source/*`.
 */
export async function readBoxClock(
  client: WebClient,
  {
    timeZone,
    now,
    signal,
  }: { readonly timeZone: string | null; readonly now: () => number; readonly signal: AbortSignal },
): Promise<BoxClock> {
  const zone = zoneOffset(timeZone ?? '')
  if (zone !== null) return createBoxClock(zone)
  const answer = v.safeParse(answerSchema, await client.json({ path: 'api/currenttime', priority: 'ui', signal }))
  const [hours = 0, minutes = 0, seconds = 0] = answer.success ? answer.output.time.split(':').map(Number) : []
  if (!answer.success) return createBoxClock(() => 0)
  const shown = ((hours * 60 + minutes) * 60 + seconds) * 1000
  const ahead = (((Math.round((shown - (now() % DAY_MS)) / QUARTER_MS) * QUARTER_MS) % DAY_MS) + DAY_MS) % DAY_MS
  const offset = ahead > FURTHEST_AHEAD_MS ? ahead - DAY_MS : ahead
  return createBoxClock(() => offset)
}
