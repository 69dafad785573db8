import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { MAX_WHOLE_NUMBER } from '../core/lineup/channel.ts'
import { editChannelsSteps } from '../core/lineup/edits/edit-many.ts'
import type { BulkTarget } from '../core/lineup/edits/edit-many.ts'
import { ROW_SORTS } from '../core/lineup/editor/sort.ts'
import { setRules } from '../core/lineup/edits/edit-rules.ts'
import { RuleSchema } from '../core/lineup/rule.ts'
import { sourceId } from '../core/lineup/stream.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import { askedWindow, windowOf } from './list-window.ts'
import { changeLineup, deskOf, ifMatch, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'
import { knownGround } from './lineup/house-facts.ts'
import type { FactPorts } from './lineup/house-facts.ts'

const MOST_ROWS = 1_000_000
const GroupName = v.pipe(v.string(), v.maxLength(200))
const Place = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_ROWS))
/** Rows of the owner's list (`GET /lineup/channels`) by their places, `to` excluded. Only safe with `If-Match`. */
const Rows = v.strictObject({
  sort: v.optional(v.picklist(ROW_SORTS), 'number'),
  desc: v.optional(v.boolean(), false),
  ranges: v.pipe(v.array(v.strictObject({ from: Place, to: Place })), v.minLength(1), v.maxLength(500)),
})
/** Body of `POST /channels/bulk`. */
export const BulkBody = v.strictObject({
  filter: v.string(),
  rows: v.exactOptional(Rows),
  change: v.strictObject({
    enabled: v.exactOptional(v.nullable(v.boolean())),
    favourite: v.exactOptional(v.boolean()),
    addGroup: v.exactOptional(GroupName),
    removeGroup: v.exactOptional(GroupName),
    createGroup: v.exactOptional(v.boolean()),
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
    preferSource: v.exactOptional(v.pipe(v.string(), v.maxLength(100), v.transform(sourceId))),
  }),
})
/** Body of `PUT /rules`. */
export const RulesBody = v.strictObject({ items: v.array(RuleSchema) })

/**
 * Edits of the whole line-up, for admins: `POST /channels/bulk` changes all channels that a filter means, `GET` and `PUT
 * /rules` are the standing wishes, `POST /lineup/undo` takes the last edit back. All take `?preview=1` but the last.
 */
export function lineupRoutes(gateway: ChangePorts & FactPorts): Hono<Env> {
  const admin = requireRole('admin')
  const rules = () => windowOf(deskOf(gateway).stored().rules, { offset: 0 })
  return new Hono<Env>()
    .post('/channels/bulk', admin, async (c) => {
      const { filter, rows, change } = await readJson(c, BulkBody)
      if (rows !== undefined && ifMatch(c) === null)
        throw new Failure('http/bad-request', 'Rows are meant by their places: "If-Match" should say of which revision')
      const target: BulkTarget =
        rows === undefined
          ? { filter }
          : { filter, rows: { sort: rows.sort, isDescending: rows.desc, ranges: rows.ranges } }
      return changeLineup(c, gateway, (stored) =>
        editChannelsSteps(stored, { target, change, ...knownGround(gateway) }),
      )
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
