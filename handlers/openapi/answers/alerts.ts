import * as v from 'valibot'
import { RULE_KINDS, SEVERITIES } from '../../../core/alerts/rule.ts'
import { LANGUAGES } from '../../../core/alerts/texts.ts'
import { count, instant, instantOrNull, text, textOrNull } from './leaves.ts'

const severity = v.picklist(SEVERITIES)
const rule = v.picklist(RULE_KINDS)

/** Something that is or was wrong. */
export const AlertAnswer = v.strictObject({
  id: text('a1b2c3'),
  rule,
  subject: text('receiver'),
  name: text('Receiver'),
  severity,
  value: v.nullable(v.number()),
  threshold: v.number(),
  code: textOrNull('source/unreachable'),
  state: v.picklist(['open', 'resolved']),
  title: text('Source "Receiver" is down'),
  detail: text('It does not answer as it should.'),
  advice: text('Is it switched on and connected?'),
  acknowledged: v.nullable(v.strictObject({ by: text('anna'), at: instant })),
  count: count(1),
  firstSeen: instant,
  lastSeen: instant,
  resolvedAt: instantOrNull,
  logs: text('source=receiver'),
})

/** A window of the alerts, and how many are open in all. */
export const AlertsAnswer = v.strictObject({ total: count(), open: count(), items: v.array(AlertAnswer) })

/** A rule as it holds. */
export const RuleAnswer = v.strictObject({
  kind: rule,
  enabled: v.boolean(),
  severity,
  threshold: v.number(),
  holdSeconds: count(300),
})

/** All rules. */
export const RulesAnswer = v.strictObject({ items: v.array(RuleAnswer) })

const clock = text('22:00')
const common = {
  id: text('t1a2b3'),
  name: text('Phone'),
  enabled: v.boolean(),
  leastSeverity: severity,
  kinds: v.nullable(v.array(rule)),
  tellResolved: v.boolean(),
  language: v.picklist(LANGUAGES),
  quietHours: v.nullable(v.strictObject({ from: clock, to: clock })),
  digestMinutes: count(0),
  allowHosts: v.array(text('192.168.1.5')),
  shownHost: text('ntfy.example.org'),
  hasSecret: v.boolean(),
}

/** A place to which alerts are sent: of its address the host alone, of its secret whether there is one. */
export const TargetAnswer = v.variant('kind', [
  v.strictObject({ kind: v.literal('webhook'), ...common }),
  v.strictObject({ kind: v.literal('ntfy'), ...common }),
  v.strictObject({
    kind: v.literal('email'),
    ...common,
    host: text('mail.example.org'),
    port: count(587),
    security: v.picklist(['tls', 'starttls', 'none']),
    username: text('anna'),
    from: text('tv@example.org'),
    to: v.array(text('anna@example.org')),
  }),
])

/** All places, and how many messages wait. */
export const TargetsAnswer = v.strictObject({ items: v.array(TargetAnswer), waiting: count(0) })

/** Tries to deliver messages. */
export const DeliveriesAnswer = v.strictObject({
  items: v.array(
    v.strictObject({
      at: instant,
      targetId: text('t1a2b3'),
      targetName: text('Phone'),
      alerts: count(1),
      outcome: v.picklist(['sent', 'late', 'dropped']),
      code: textOrNull('source/unreachable'),
      detail: textOrNull('The source does not answer'),
      ms: count(80),
    }),
  ),
})
