import * as v from 'valibot'
import type { ProgrammeWish } from '../../../core/lineup/recording-timer.ts'
import type { WebClient } from './web-client.ts'

const number = v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite())
const eventSchema = v.object({ id: number, begin_timestamp: number })
const answerSchema = v.object({ events: v.array(v.unknown()) })

/** Guides differ by a little; what begins further away is another programme. */
const SAME_MS = 10 * 60_000
/** Length of the window that is asked for, minutes. */
const WINDOW = 20

/**
 * The box's own event that begins with a programme; null: its guide has none. The nearest one counts, for guides of
 * others round their times.
 *
 * Fails with `source/*`.
 */
export async function findEvent(
  client: WebClient,
  { serviceRef, start }: Pick<ProgrammeWish, 'serviceRef' | 'start'>,
  signal: AbortSignal,
): Promise<number | null> {
  const from = Math.round((start - SAME_MS) / 1000)
  const query = { sRef: serviceRef, time: String(from), endTime: String(WINDOW) }
  const answer = v.safeParse(answerSchema, await client.json({ path: 'api/epgservice', query, priority: 'ui', signal }))
  const events = (answer.success ? answer.output.events : []).flatMap((event) => {
    const parsed = v.safeParse(eventSchema, event)
    return parsed.success && parsed.output.id > 0 ? [parsed.output] : []
  })
  const distance = (event: { readonly begin_timestamp: number }): number =>
    Math.abs(event.begin_timestamp * 1000 - start)
  const [nearest] = events.toSorted((a, b) => distance(a) - distance(b))
  return nearest === undefined || distance(nearest) > SAME_MS ? null : nearest.id
}
