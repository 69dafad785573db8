import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { printPlan, printSchedule, printWarning } from './print-plan.ts'
import type { PlanWindow } from './schedule-desk.ts'
import { MOST_DOCUMENT_BYTES, ScheduleBody } from './schedules-api.ts'
import { schedulesOf } from './schedules-of.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** What an answer holds at most: a week calendar with the days around it. */
const WIDEST_MS = 15 * DAY_MS

const instant = v.pipe(v.string(), v.isoTimestamp('an ISO 8601 instant'), v.transform(Date.parse))

/** Query of plans: a day from now unless it says otherwise. */
export const PlanQuery = v.object({ from: v.optional(instant), to: v.optional(instant) })

/** Query of `DELETE /schedules/{id}/override`: the override that is to end; without it all. */
export const OverrideQuery = v.object({ override: v.optional(v.pipe(v.string(), v.maxLength(64))) })

/** Body of `POST /schedules/{id}/override`: an override as documents have them; `from` is now unless it says otherwise. */
export const OverrideBody = v.pipe(
  v.unknown(),
  v.check((body) => !Array.isArray(body)),
  v.record(v.string(), v.unknown()),
)

const NO_STORE = { 'cache-control': 'private, no-store' }

/**
 * What documents make of time, for admins: `GET /schedules/{id}/plan?from=&to=` (15 days at most), the same of a document
 * that is not kept by `POST /schedules/plan` (and `…/catalogue`), `GET …/warnings`, `POST|DELETE …/override`, `GET …/playout.json`
 * (ErsatzTV), `GET …/catalogue` for those who compute the plan themselves.
 */
export function planRoutes(gateway: Pick<Gateway, 'schedules' | 'log' | 'now'>): Hono<Env> {
  const windowOf = (c: Context<Env>, days = 1): PlanWindow => {
    const query = readQuery(c, PlanQuery)
    const from = query.from ?? gateway.now()
    const to = query.to ?? from + days * DAY_MS
    if (!(to > from) || to - from > WIDEST_MS)
      throw new Failure('http/bad-request', 'Cannot read the query: "to" should be up to 15 days after "from"')
    return { from, to }
  }
  const told = (c: Context<Env>, event: string): void =>
    gateway.log('info', event, { schedule: c.req.param('id') ?? '', user: c.get('caller').user })
  return new Hono<Env>()
    .use('/schedules/*', requireRole('admin'))
    .post('/schedules/plan', async (c) => {
      const desk = schedulesOf(gateway)
      const window = windowOf(c)
      const { document, library } = await readJson(c, ScheduleBody, MOST_DOCUMENT_BYTES)
      return c.json(printPlan(await desk.tryPlan(document, library ?? null, window)), 200, NO_STORE)
    })
    .post('/schedules/catalogue', async (c) => {
      const desk = schedulesOf(gateway)
      const { document, library } = await readJson(c, ScheduleBody, MOST_DOCUMENT_BYTES)
      return c.json(await desk.tryCatalogue(document, library ?? null), 200, NO_STORE)
    })
    .get('/schedules/:id/plan', async (c) =>
      c.json(printPlan(await schedulesOf(gateway).plan(c.req.param('id'), windowOf(c))), 200, NO_STORE),
    )
    .get('/schedules/:id/warnings', async (c) => {
      const { warnings } = await schedulesOf(gateway).plan(c.req.param('id'), windowOf(c, 7))
      return c.json({ total: warnings.length, items: warnings.map(printWarning) }, 200, NO_STORE)
    })
    .post('/schedules/:id/override', async (c) => {
      const desk = schedulesOf(gateway)
      const override = await readJson(c, OverrideBody)
      const view = await desk.override(c.req.param('id'), override, c.get('caller').user)
      told(c, 'schedule-overridden')
      return c.json(printSchedule(view), 201, NO_STORE)
    })
    .delete('/schedules/:id/override', async (c) => {
      const { override } = readQuery(c, OverrideQuery)
      const view = await schedulesOf(gateway).endOverride(c.req.param('id'), override ?? null)
      told(c, 'schedule-resumed')
      return c.json(printSchedule(view), 200, NO_STORE)
    })
    .get('/schedules/:id/playout.json', async (c) =>
      c.json(await schedulesOf(gateway).playout(c.req.param('id'), windowOf(c)), 200, NO_STORE),
    )
    .get('/schedules/:id/catalogue', async (c) =>
      c.json(await schedulesOf(gateway).catalogue(c.req.param('id')), 200, NO_STORE),
    )
}
