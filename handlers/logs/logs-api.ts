import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { LOG_LEVELS } from '../../core/log.ts'
import type { LogDesk } from '../../core/logs/log-desk.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { wholeNumber } from '../parameter.ts'
import { printInstant } from '../status.ts'
import { printLine } from './print-line.ts'

const word = v.optional(v.pipe(v.string(), v.maxLength(200)))
const instant = v.optional(v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse)))

/** Query of `GET /logs`: the filter, and a window of what it means. */
export const LogsQuery = v.object({
  level: v.optional(v.picklist(LOG_LEVELS)),
  event: word,
  channel: word,
  source: word,
  person: word,
  text: word,
  from: instant,
  to: instant,
  until: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(v.pipe(wholeNumber(500)), '100'),
})

/** Body of `PUT /logs/tail`. */
export const TailBody = v.strictObject({ level: v.picklist(LOG_LEVELS) })

/**
 * `/api/v1/logs` for admins: the last lines of the log, newest first.
 *
 * `GET /logs?level=&event=&channel=&source=&person=&text=&from=&to=&until=&offset=&limit=` (100 at a time, at most 500);
 * `until`, the id of a line, keeps windows steady while new lines come. `PUT /logs/tail` `{level}`: new lines come with
 * `/events` for the next minute.
 */
export function logRoutes({ logs }: Pick<Gateway, 'logs'>): Hono<Env> {
  const desk = (): LogDesk => {
    if (logs === undefined) throw new Failure('http/not-found', 'The log of this process goes to its console only')
    return logs
  }
  return new Hono<Env>()
    .use('/logs/*', requireRole('admin'))
    .get('/logs', requireRole('admin'), (c) => {
      const { until, total, lines } = desk().read(readQuery(c, LogsQuery))
      const answer = { total, until, level: desk().level(), items: lines.map(printLine) }
      return c.json(answer, 200, { 'cache-control': 'private, no-store' })
    })
    .put('/logs/tail', async (c) => {
      const { level } = await readJson(c, TailBody)
      const until = desk().follow(c.get('caller').user ?? '', level)
      return c.json({ until: printInstant(until), newest: desk().newest() }, 200, { 'cache-control': 'no-store' })
    })
}
