import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { RULE_KINDS, RuleChange } from '../../core/alerts/rule.ts'
import { TargetBody } from '../../core/alerts/target.ts'
import { LANGUAGES } from '../../core/alerts/texts.ts'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { windowOf } from '../list-window.ts'
import { wholeNumber } from '../parameter.ts'
import type { AlertDesk } from './alert-desk.ts'
import { printAlert, printDelivery } from './print-alert.ts'

const NO_STORE = { 'cache-control': 'no-store' }
const language = v.optional(v.picklist(LANGUAGES), 'en')

/** Query of `GET /alerts`. */
export const AlertsQuery = v.object({
  offset: v.optional(wholeNumber(1000), '0'),
  limit: v.optional(v.pipe(wholeNumber(200), v.minValue(1)), '100'),
  state: v.optional(v.picklist(['open', 'resolved'])),
  lang: language,
})
/** Query of what answers with an alert. */
export const AlertLanguageQuery = v.object({ lang: language })
/** Query of `GET /alerts/deliveries`. */
export const DeliveriesQuery = v.object({ limit: v.optional(v.pipe(wholeNumber(500), v.minValue(1)), '50') })

/**
 * `/api/v1/alerts` for admins: what is and was wrong, by which rules, who is told, and how that went. Texts come in `lang`
 * (`en`, `de`); what is secret about targets is never shown.
 */
export function alertRoutes(gateway: Pick<Gateway, 'alerts'>): Hono<Env> {
  const desk = (): AlertDesk => {
    if (gateway.alerts == null) throw new Failure('http/not-found', 'Alerts are made where the sources are')
    return gateway.alerts
  }
  const kindOf = (c: Context) => {
    const kind = RULE_KINDS.find((one) => one === c.req.param('kind'))
    if (kind === undefined) throw new Failure('http/not-found', 'There is no such rule')
    return kind
  }
  const id = (c: Context): string => c.req.param('id') ?? ''
  return new Hono<Env>()
    .use('/alerts/*', requireRole('admin'))
    .use('/alerts', requireRole('admin'))
    .get('/alerts', (c) => {
      const { state, lang, ...window } = readQuery(c, AlertsQuery)
      const all = desk().alerts()
      const { total, items } = windowOf(
        all.filter((alert) => state === undefined || alert.state === state),
        window,
      )
      const open = all.filter((alert) => alert.state === 'open').length
      return c.json({ total, open, items: items.map((alert) => printAlert(desk(), alert, lang)) }, 200, NO_STORE)
    })
    .get('/alerts/rules', (c) => c.json({ items: desk().rules() }, 200, NO_STORE))
    .patch('/alerts/rules/:kind', async (c) =>
      c.json(await desk().changeRule(kindOf(c), await readJson(c, RuleChange)), 200, NO_STORE),
    )
    .get('/alerts/targets', (c) => c.json({ items: desk().targets(), waiting: desk().waiting() }, 200, NO_STORE))
    .post('/alerts/targets', async (c) =>
      c.json(await desk().putTarget(null, await readJson(c, TargetBody)), 201, NO_STORE),
    )
    .put('/alerts/targets/:id', async (c) =>
      c.json(await desk().putTarget(id(c), await readJson(c, TargetBody)), 200, NO_STORE),
    )
    .delete('/alerts/targets/:id', async (c) => {
      await desk().removeTarget(id(c))
      return c.body(null, 204)
    })
    .post('/alerts/targets/:id/test', async (c) => {
      await desk().test(id(c), c.req.raw.signal)
      return c.body(null, 204)
    })
    .get('/alerts/deliveries', (c) =>
      c.json({ items: desk().deliveries(readQuery(c, DeliveriesQuery).limit).map(printDelivery) }, 200, NO_STORE),
    )
    .post('/alerts/:id/acknowledge', (c) => {
      const { lang } = readQuery(c, AlertLanguageQuery)
      return c.json(printAlert(desk(), desk().acknowledge(id(c), c.get('caller').user ?? ''), lang), 200, NO_STORE)
    })
}
