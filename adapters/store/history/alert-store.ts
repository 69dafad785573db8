import * as v from 'valibot'
import type { Alert, AlertStore } from '../../../core/alerts/alert.ts'
import type { Delivery, Message, OutboxStore } from '../../../core/alerts/outbox.ts'
import { RULE_KINDS, SEVERITIES } from '../../../core/alerts/rule.ts'
import { isFailureCode } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import type { Database } from '../database.ts'

const code = v.nullable(v.custom<FailureCode>((text) => typeof text === 'string' && isFailureCode(text)))
const AlertDocument = v.object({
  id: v.string(),
  kind: v.picklist(RULE_KINDS),
  subject: v.string(),
  name: v.string(),
  severity: v.picklist(SEVERITIES),
  value: v.nullable(v.number()),
  threshold: v.number(),
  code,
  state: v.picklist(['open', 'resolved']),
  acknowledged: v.nullable(v.object({ by: v.string(), at: v.number() })),
  count: v.number(),
  firstSeen: v.number(),
  lastSeen: v.number(),
  resolvedAt: v.nullable(v.number()),
})
const MessageDocument = v.object({
  id: v.string(),
  targetId: v.string(),
  createdAt: v.number(),
  dueAt: v.number(),
  tries: v.number(),
  alerts: v.array(AlertDocument),
})
const DeliveryDocument = v.object({
  at: v.number(),
  targetId: v.string(),
  targetName: v.string(),
  alerts: v.number(),
  outcome: v.picklist(['sent', 'late', 'dropped']),
  code,
  detail: v.nullable(v.string()),
  ms: v.number(),
})

/** Tries of delivery that are kept. */
const KEPT_DELIVERIES = 500

/** Of rows what this version of the program can read. */
const readAll = <const Schema extends v.GenericSchema>(
  rows: readonly Readonly<Record<string, unknown>>[],
  schema: Schema,
): readonly v.InferOutput<Schema>[] =>
  rows.flatMap((row) => {
    const found = v.safeParse(schema, JSON.parse(String(row['document'])))
    return found.success ? [found.output] : []
  })

/** Alerts in `history.db`. */
export function createAlertStore(database: Database): AlertStore {
  return {
    all: (): readonly Alert[] =>
      readAll(database.all('select document from alert order by last_seen desc'), AlertDocument),
    put(alerts) {
      database.transaction(() => {
        for (const alert of alerts)
          database.run(
            'insert or replace into alert (id, last_seen, document) values (?, ?, ?)',
            alert.id,
            alert.lastSeen,
            JSON.stringify(alert),
          )
      })
    },
    remove(ids) {
      database.transaction(() => {
        for (const id of ids) database.run('delete from alert where id = ?', id)
      })
    },
  }
}

/** Messages that wait, and tries to deliver them, in `history.db`. */
export function createOutboxStore(database: Database): OutboxStore {
  return {
    messages: (): readonly Message[] =>
      readAll(database.all('select document from alert_message order by created_at, id'), MessageDocument),
    put(message) {
      database.run(
        'insert or replace into alert_message (id, created_at, document) values (?, ?, ?)',
        message.id,
        message.createdAt,
        JSON.stringify(message),
      )
    },
    remove: (id) => void database.run('delete from alert_message where id = ?', id),
    log(delivery) {
      database.transaction(() => {
        database.run('insert into alert_delivery (document) values (?)', JSON.stringify(delivery))
        database.run('delete from alert_delivery where id <= (select max(id) from alert_delivery) - ?', KEPT_DELIVERIES)
      })
    },
    deliveries: (limit): readonly Delivery[] =>
      readAll(database.all('select document from alert_delivery order by id desc limit ?', limit), DeliveryDocument),
  }
}
