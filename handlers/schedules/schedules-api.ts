import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { ifMatch } from '../lineup-change.ts'
import { askedWindow } from '../list-window.ts'
import { printSchedule } from './print-plan.ts'
import type { ScheduleView } from './schedule-desk.ts'
import { schedulesOf } from './schedules-of.ts'

/** Documents name their files: a channel of ten thousand is about this large. */
export const MOST_DOCUMENT_BYTES = 1024 * 1024

const mapping = v.pipe(
  v.unknown(),
  v.check((body) => !Array.isArray(body)),
  v.record(v.string(), v.unknown()),
)

/** Body of `POST /schedules`: the document, and the source whose files it plays; without it the only one. */
export const ScheduleBody = v.strictObject({
  library: v.optional(v.pipe(v.string(), v.maxLength(64))),
  document: mapping,
})

/** Body of `PUT /schedules/{id}`. */
export const ScheduleChangeBody = v.strictObject({ document: mapping })

const answer = (c: Context<Env>, view: ScheduleView, status: 200 | 201 = 200): Response =>
  c.json(printSchedule(view), status, {
    'cache-control': 'private, no-store',
    ...(view.revision !== null && { etag: `"${view.revision}"` }),
    ...(status === 201 && { location: `/api/v1/schedules/${encodeURIComponent(view.id)}` }),
  })

/**
 * `/api/v1/schedules` for admins: the documents of channels of one's own.
 *
 * `GET /schedules`, `POST /schedules` (201), `GET|PUT|DELETE /schedules/{id}` with `If-Match` against lost edits. Those
 * of the configuration file are shown and not edited here. Line-up and guide follow at once.
 */
export function scheduleRoutes(gateway: Pick<Gateway, 'schedules' | 'log'>): Hono<Env> {
  const told = (c: Context<Env>, event: string, id: string): void =>
    gateway.log('info', event, { schedule: id, user: c.get('caller').user })
  return new Hono<Env>()
    .use('/schedules', requireRole('admin'))
    .use('/schedules/*', requireRole('admin'))
    .get('/schedules', (c) => {
      const page = askedWindow(c, schedulesOf(gateway).list())
      return c.json({ ...page, items: page.items.map(printSchedule) }, 200, { 'cache-control': 'private, no-store' })
    })
    .post('/schedules', async (c) => {
      const desk = schedulesOf(gateway)
      const { document, library } = await readJson(c, ScheduleBody, MOST_DOCUMENT_BYTES)
      const view = await desk.add(document, library ?? null)
      told(c, 'schedule-added', view.id)
      return answer(c, view, 201)
    })
    .get('/schedules/:id', (c) => answer(c, schedulesOf(gateway).find(c.req.param('id'))))
    .put('/schedules/:id', async (c) => {
      const desk = schedulesOf(gateway)
      const { document } = await readJson(c, ScheduleChangeBody, MOST_DOCUMENT_BYTES)
      const view = await desk.replace(c.req.param('id'), document, ifMatch(c))
      told(c, 'schedule-changed', view.id)
      return answer(c, view)
    })
    .delete('/schedules/:id', async (c) => {
      await schedulesOf(gateway).remove(c.req.param('id'), ifMatch(c))
      told(c, 'schedule-removed', c.req.param('id'))
      return c.body(null, 204)
    })
}
