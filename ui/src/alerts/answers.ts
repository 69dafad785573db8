import * as v from 'valibot'
import { RULE_KINDS, SEVERITIES } from '../../../core/alerts/rule.ts'
import { LANGUAGES } from '../../../core/alerts/texts.ts'
import { Instant } from '../api/answers.ts'

const severity = v.picklist(SEVERITIES)

/** Something that is or was wrong. */
export const AlertAnswer = v.object({
  id: v.string(),
  rule: v.picklist(RULE_KINDS),
  severity,
  state: v.picklist(['open', 'resolved']),
  subject: v.string(),
  name: v.string(),
  value: v.nullable(v.number()),
  threshold: v.number(),
  code: v.nullable(v.string()),
  acknowledged: v.nullable(v.object({ by: v.string(), at: Instant })),
  count: v.number(),
  firstSeen: Instant,
  lastSeen: Instant,
  resolvedAt: v.nullable(Instant),
  logs: v.string(),
})
/** Something that is or was wrong. */
export type AlertShown = v.InferOutput<typeof AlertAnswer>

/** `GET /api/v1/alerts`. */
export const AlertsAnswer = v.object({ total: v.number(), open: v.number(), items: v.array(AlertAnswer) })

/** A rule as it holds. */
export const RuleAnswer = v.object({
  kind: v.picklist(RULE_KINDS),
  enabled: v.boolean(),
  severity,
  threshold: v.number(),
  holdSeconds: v.number(),
})
/** A rule as it holds. */
export type RuleShown = v.InferOutput<typeof RuleAnswer>

/** `GET /api/v1/alerts/rules`. */
export const RulesAnswer = v.object({ items: v.array(RuleAnswer) })

const common = {
  id: v.string(),
  name: v.string(),
  enabled: v.boolean(),
  leastSeverity: severity,
  kinds: v.nullable(v.array(v.picklist(RULE_KINDS))),
  tellResolved: v.boolean(),
  language: v.picklist(LANGUAGES),
  quietHours: v.nullable(v.object({ from: v.string(), to: v.string() })),
  digestMinutes: v.number(),
  allowHosts: v.array(v.string()),
  shownHost: v.string(),
  hasSecret: v.boolean(),
}
/** A place to which alerts are sent. */
const TargetAnswer = v.variant('kind', [
  v.object({ kind: v.literal('webhook'), ...common }),
  v.object({ kind: v.literal('ntfy'), ...common }),
  v.object({
    kind: v.literal('email'),
    ...common,
    host: v.string(),
    port: v.number(),
    security: v.picklist(['tls', 'starttls', 'none']),
    username: v.string(),
    from: v.string(),
    to: v.array(v.string()),
  }),
])
/** A place to which alerts are sent. */
export type TargetShown = v.InferOutput<typeof TargetAnswer>

/** `GET /api/v1/alerts/targets`. */
export const TargetsAnswer = v.object({ items: v.array(TargetAnswer), waiting: v.number() })

/** `GET /api/v1/alerts/deliveries`. */
export const DeliveriesAnswer = v.object({
  items: v.array(
    v.object({
      at: Instant,
      targetName: v.string(),
      alerts: v.number(),
      outcome: v.picklist(['sent', 'late', 'dropped']),
      code: v.nullable(v.string()),
      ms: v.number(),
    }),
  ),
})
/** A try to deliver a message. */
export type DeliveryShown = v.InferOutput<typeof DeliveriesAnswer>['items'][number]
