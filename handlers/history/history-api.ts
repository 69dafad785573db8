import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import type { Sample } from '../../core/history/sample.ts'
import { VIEWING_FIELDS } from '../../core/history/viewing.ts'
import type { Viewing } from '../../core/history/viewing.ts'
import { END_REASONS } from '../../core/live/attendance.ts'
import { requireRole } from '../api-guard.ts'
import { readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { wholeNumber } from '../parameter.ts'
import { streamHandle } from '../../core/lineup/stream.ts'
import { printInstant, printSwitch } from '../status.ts'
import type { HistoryDesk, LiveFigures } from './history-desk.ts'

const HOUR_MS = 3_600_000
const NO_STORE = { 'cache-control': 'no-store' }

const instant = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 instant'), v.transform(Date.parse))
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(200))

/** Query of `GET /history/streams`. */
export const ViewingsQuery = v.object({
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(v.pipe(wholeNumber(500), v.minValue(1)), '50'),
  channel: v.optional(word),
  person: v.optional(word),
  source: v.optional(word),
  reason: v.optional(v.picklist([...END_REASONS, 'running'])),
  from: v.optional(instant),
  to: v.optional(instant),
})

/** Values of a field that one answer has at most: a list that somebody looks through. */
const MOST_CHOICES = 50

/** Query of `GET /history/choices`. */
export const ChoicesQuery = v.object({
  of: v.picklist(VIEWING_FIELDS),
  text: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
})

/** Query of `GET /history/samples`; `step` in seconds. */
export const SamplesQuery = v.object({
  from: v.optional(instant),
  to: v.optional(instant),
  step: v.optional(v.pipe(wholeNumber(86_400), v.minValue(1)), '10'),
})

/**
 * `/api/v1/history` for admins: `GET /streams` who watched what, the newest first; `GET /choices` by which people, channels and
 * sources that can be narrowed; `GET /samples` how busy the house was (the
 * last hour unless it says otherwise); `POST /figures` asks for the event `figures`, which then comes once a second for 30 s
 * to every admin who follows events.
 */
export function historyRoutes(gateway: Pick<Gateway, 'history' | 'now'>): Hono<Env> {
  const desk = (): HistoryDesk => {
    if (gateway.history == null) throw new Failure('http/not-found', 'The history is kept where the store is')
    return gateway.history
  }
  return new Hono<Env>()
    .use('/history/*', requireRole('admin'))
    .get('/history/streams', (c) => {
      const { channel, person, source, reason, from, to, ...window } = readQuery(c, ViewingsQuery)
      const { total, items } = desk().viewings({
        channelId: channel ?? null,
        person: person ?? null,
        sourceId: source ?? null,
        reason: reason ?? null,
        from: from ?? null,
        to: to ?? null,
        ...window,
      })
      return c.json({ total, days: desk().days, items: items.map(printViewing) }, 200, NO_STORE)
    })
    .get('/history/choices', (c) => {
      const { of, text } = readQuery(c, ChoicesQuery)
      return c.json({ items: desk().choices(of, text, MOST_CHOICES) }, 200, NO_STORE)
    })
    .get('/history/samples', (c) => {
      const query = readQuery(c, SamplesQuery)
      const to = query.to ?? gateway.now()
      const from = query.from ?? to - HOUR_MS
      if (!(to > from)) throw new Failure('http/bad-request', 'Cannot read the query: "to" should be after "from"')
      const { stepMs, items } = desk().samples({ from, to, stepMs: query.step * 1000 })
      return c.json({ stepSeconds: stepMs / 1000, items: items.map(printSample) }, 200, NO_STORE)
    })
    .post('/history/figures', (c) => {
      desk().askFigures()
      return c.body(null, 204)
    })
}

/** A viewing as the API shows it; instants in ISO 8601. */
export function printViewing(viewing: Viewing) {
  const { channelId, streamId, startedAt, lastSeen, endedAt, switches, errorMinutes, ...rest } = viewing
  return {
    ...rest,
    channelId,
    streamId: streamId && streamHandle(streamId),
    startedAt: printInstant(startedAt),
    endedAt: printInstant(endedAt),
    seconds: Math.max(0, Math.round(((endedAt ?? lastSeen) - startedAt) / 1000)),
    switches: switches.map(printSwitch),
    errorMinutes: errorMinutes.map(({ at, count }) => ({ at: printInstant(at), count })),
  }
}

/** A sample as the API shows it. */
export const printSample = ({ at, ...sample }: Sample) => ({ at: printInstant(at), ...sample })

/** Live figures as the event `figures` tells them. */
export const printFigures = ({ at, ...figures }: LiveFigures) => ({ at: printInstant(at), ...figures })
