import { RuleChange } from '../../../core/alerts/rule.ts'
import { TargetBody } from '../../../core/alerts/target.ts'
import { AlertLanguageQuery, AlertsQuery, DeliveriesQuery } from '../../alerts/alerts-api.ts'
import {
  AlertAnswer,
  AlertsAnswer,
  DeliveriesAnswer,
  RuleAnswer,
  RulesAnswer,
  TargetAnswer,
  TargetsAnswer,
} from '../answers/alerts.ts'
import type { Operation } from '../operation.ts'
import { chapter, made, nothing, ok } from './parts.ts'

const alerts = chapter('Alerts')
const target = { id: { description: 'Id of the target', example: 't1a2b3' } }
const example = { kind: 'ntfy' as const, name: 'Phone', url: 'https://ntfy.test/my-topic' }
const TARGET_NOTES =
  'Addresses ("url") and keys ("secret": of the signature, the token or the password) are never shown; what is left out of a change stays. Hosts of the local network have to be named in "allowHosts".'

/** What is wrong, by which rules, and who is told. */
export const alertOperations: readonly Operation[] = [
  alerts('GET /api/v1/alerts', 'admin', 'List alerts, the newest first', {
    notes: '"logs" is the query of the log that tells more.',
    query: AlertsQuery,
    answers: ok(AlertsAnswer, 'A window of the alerts'),
  }),
  alerts('POST /api/v1/alerts/{id}/acknowledge', 'admin', 'Say that an alert was seen', {
    segments: { id: { description: 'Id of the alert', example: 'a1b2c3' } },
    query: AlertLanguageQuery,
    answers: ok(AlertAnswer, 'The alert'),
    failures: ['alerts/unknown'],
  }),
  alerts('GET /api/v1/alerts/rules', 'admin', 'List the rules', { answers: ok(RulesAnswer, 'The rules') }),
  alerts('PATCH /api/v1/alerts/rules/{kind}', 'admin', 'Change a rule', {
    segments: { kind: { description: 'Kind of the rule', example: 'disk-low' } },
    body: { schema: RuleChange, example: { threshold: 5 } },
    answers: ok(RuleAnswer, 'The rule as it holds now'),
    failures: ['http/not-found'],
  }),
  alerts('GET /api/v1/alerts/targets', 'admin', 'List where alerts are sent', {
    answers: ok(TargetsAnswer, 'The targets'),
  }),
  alerts('POST /api/v1/alerts/targets', 'admin', 'Add a target: webhook, ntfy or e-mail', {
    notes: TARGET_NOTES,
    body: { schema: TargetBody, example },
    answers: made(TargetAnswer, 'The target'),
    failures: ['http/busy'],
  }),
  alerts('PUT /api/v1/alerts/targets/{id}', 'admin', 'Change a target', {
    notes: TARGET_NOTES,
    segments: target,
    body: { schema: TargetBody, example },
    answers: ok(TargetAnswer, 'The target as it is now'),
    failures: ['alerts/unknown-target'],
  }),
  alerts('DELETE /api/v1/alerts/targets/{id}', 'admin', 'Remove a target', {
    segments: target,
    answers: nothing('It is gone, with its secrets'),
    failures: ['alerts/unknown-target'],
  }),
  alerts('POST /api/v1/alerts/targets/{id}/test', 'admin', 'Send an example to a target now', {
    segments: target,
    answers: nothing('It was taken'),
    failures: ['alerts/unknown-target', 'alerts/not-delivered', 'source/unreachable', 'source/forbidden-address'],
  }),
  alerts('GET /api/v1/alerts/deliveries', 'admin', 'List tries to deliver messages, the newest first', {
    query: DeliveriesQuery,
    answers: ok(DeliveriesAnswer, 'The tries'),
  }),
]
