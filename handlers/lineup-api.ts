import { Hono } from 'hono'
import * as v from 'valibot'
import { MAX_WHOLE_NUMBER } from '../core/lineup/channel.ts'
import { editChannelsSteps } from '../core/lineup/edits/edit-many.ts'
import { setRules } from '../core/lineup/edits/edit-rules.ts'
import { RuleSchema } from '../core/lineup/rule.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import { askedWindow, windowOf } from './list-window.ts'
import { changeLineup, deskOf, ifMatch, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'

const GroupName = v.pipe(v.string(), v.maxLength(200))
/** Body of `POST /channels/bulk`. */
export const BulkBody = v.strictObject({
  filter: v.string(),
  change: v.strictObject({
    enabled: v.exactOptional(v.nullable(v.boolean())),
    favourite: v.exactOptional(v.boolean()),
    addGroup: v.exactOptional(GroupName),
    removeGroup: v.exactOptional(GroupName),
    rename: v.exactOptional(
      v.nullable(
        v.strictObject({
          pattern: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
          replacement: v.pipe(v.string(), v.maxLength(200)),
        }),
      ),
    ),
    number: v.exactOptional(
      v.union([
        v.literal('rules'),
        v.strictObject({ from: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_WHOLE_NUMBER)) }),
      ]),
    ),
  }),
})
/** Body of `PUT /rules`. */
export const RulesBody = v.strictObject({ items: v.array(RuleSchema) })

/**
 * Edits of the whole line-up, for admins: `POST /channels/bulk` changes all channels that a filter means, `GET` and `PUT
 * /rules` are the standing wishes, `POST /lineup/undo` takes the last edit back. All take `?preview=1` but the last.
 */
export function lineupRoutes(gateway: ChangePorts): Hono<Env> {
  const admin = requireRole('admin')
  const rules = () => windowOf(deskOf(gateway).stored().rules, { offset: 0 })
  return new Hono<Env>()
    .post('/channels/bulk', admin, async (c) => {
      const { filter, change } = await readJson(c, BulkBody)
      return changeLineup(c, gateway, (stored) => editChannelsSteps(stored, filter, change))
    })
    .get('/rules', admin, (c) => {
      const { revision } = gateway.lineup.current()
      return withRevision(c, revision, { revision, ...askedWindow(c, rules().items) })
    })
    .put('/rules', admin, async (c) => {
      const { items } = await readJson(c, RulesBody)
      return changeLineup(c, gateway, (stored) => setRules(stored, items), rules)
    })
    .post('/lineup/undo', admin, async (c) => {
      await deskOf(gateway).undo(ifMatch(c))
      const { revision } = gateway.lineup.current()
      return withRevision(c, revision, { revision })
    })
}
