import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import type { ShownSetting } from '../../core/system/settings-desk.ts'
import type { Finding, SystemDesk } from '../../core/system/system-desk.ts'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { printNotice } from '../print-notice.ts'
import { printInstant } from '../status.ts'

/** Body of `PUT /system/settings/{key}`; null: back to the default. */
export const SettingBody = v.strictObject({
  value: v.nullable(v.union([v.pipe(v.string(), v.maxLength(1000)), v.number(), v.boolean()])),
})

const printFinding = ({ what, well, detail, advice }: Finding) => ({
  what: printNotice(what),
  well,
  detail: printNotice(detail),
  advice: advice === null ? null : printNotice(advice),
})

const printSetting = ({ isLive, ...setting }: ShownSetting) => ({ ...setting, live: isLive })

/**
 * `/api/v1/system` for admins.
 *
 * `GET /system` versions, FFmpeg, machine, storage; `GET /system/findings` what `doctor` says; `GET /system/settings` all
 * settings with default and origin; `PUT /system/settings/{key}` `{value}` changes one that may be changed while it runs.
 */
export function systemRoutes({ system, now }: Pick<Gateway, 'system' | 'now'>): Hono<Env> {
  const desk = (): SystemDesk => {
    if (system == null) throw new Failure('http/not-found', 'This is told by the adapter')
    return system
  }
  return new Hono<Env>()
    .use('/system/findings', requireRole('admin'))
    .use('/system/settings/*', requireRole('admin'))
    .use('/system/*', async (c, next) => {
      c.header('cache-control', 'private, no-store')
      await next()
    })
    .get('/system', requireRole('admin'), async (c) => {
      const { process, ...facts } = await desk().facts()
      const { startedAt, ...rest } = process
      const age = Math.floor((now() - startedAt) / 1000)
      return c.json({ ...facts, process: { ...rest, startedAt: printInstant(startedAt), uptimeSeconds: age } })
    })
    .get('/system/findings', async (c) => {
      const items = (await desk().findings()).map(printFinding)
      return c.json({ total: items.length, items })
    })
    .get('/system/settings', requireRole('admin'), (c) => {
      const items = desk().settings.list().map(printSetting)
      return c.json({ total: items.length, items })
    })
    .put('/system/settings/:key', async (c) => {
      const { value } = await readJson(c, SettingBody)
      return c.json(printSetting(await desk().settings.change(c.req.param('key'), value)))
    })
}
