import type { Alert } from '../../core/alerts/alert.ts'
import type { Delivery } from '../../core/alerts/outbox.ts'
import type { Language } from '../../core/alerts/texts.ts'
import type { AlertDesk } from './alert-desk.ts'
import { printInstant } from '../status.ts'

/** So much before an alert, and behind one that is over, belongs to its story. */
const AROUND_MS = 1_800_000
const DAY_MS = 86_400_000

/** An alert as the API shows it: in words too, with the filter of the log that tells more; instants in ISO 8601. */
export function printAlert(desk: Pick<AlertDesk, 'describe'>, alert: Alert, language: Language) {
  const { acknowledged, firstSeen, lastSeen, resolvedAt, kind, ...rest } = alert
  return {
    ...rest,
    rule: kind,
    ...desk.describe(alert, language),
    acknowledged: acknowledged === null ? null : { by: acknowledged.by, at: printInstant(acknowledged.at) },
    firstSeen: printInstant(firstSeen),
    lastSeen: printInstant(lastSeen),
    resolvedAt: printInstant(resolvedAt),
    logs: logFilterOf(alert),
  }
}

/** The query of the log (`/log?…`, `GET /api/v1/logs?…`) that shows what happened around an alert. */
function logFilterOf({ kind, subject, firstSeen, lastSeen, resolvedAt }: Alert): string {
  const query = new URLSearchParams()
  if (kind === 'source-down' || kind === 'slots-exhausted') query.set('source', subject)
  if (kind === 'error-burst' || kind === 'decoder-errors' || kind === 'channel-failed') query.set('channel', subject)
  if (kind === 'guide-stale') query.set('source', subject)
  if (kind === 'job-failed') query.set('event', 'job-failed')
  // One that came again and again may have begun long ago.
  query.set('from', new Date(Math.max(firstSeen, lastSeen - DAY_MS) - AROUND_MS).toISOString())
  if (resolvedAt !== null) query.set('to', new Date(resolvedAt + AROUND_MS).toISOString())
  return query.toString()
}

/** A try to deliver as the API shows it. */
export const printDelivery = ({ at, ...delivery }: Delivery) => ({ at: printInstant(at), ...delivery })
