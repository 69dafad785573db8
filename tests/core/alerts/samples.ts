import type { Alert } from '../../../core/alerts/alert.ts'
import type { HouseFacts } from '../../../core/alerts/facts.ts'
import type { Delivery, Message, OutboxStore } from '../../../core/alerts/outbox.ts'
import type { Target } from '../../../core/alerts/target.ts'

/** When it begins. */
export const T0 = Date.UTC(2026, 10, 21, 20, 15)

/** A house in which all is well. */
export const someFacts = (changes: Partial<HouseFacts> = {}): HouseFacts => ({
  sources: [],
  guides: [],
  channels: [],
  failures: [],
  jobs: [],
  diskFreeBytes: null,
  fronts: [],
  startedAt: T0,
  ...changes,
})

/** A source that is down. */
export const anAlert = (changes: Partial<Alert> = {}): Alert => ({
  id: 'a1',
  kind: 'source-down',
  subject: 'box',
  name: 'Box',
  severity: 'critical',
  value: null,
  threshold: 0,
  code: 'source/unreachable',
  state: 'open',
  acknowledged: null,
  count: 1,
  firstSeen: T0,
  lastSeen: T0,
  resolvedAt: null,
  ...changes,
})

/** A webhook that wants everything at once. */
export const aTarget = (changes: Partial<Extract<Target, { kind: 'webhook' }>> = {}): Target => ({
  kind: 'webhook',
  id: 't1',
  name: 'Hook',
  enabled: true,
  leastSeverity: 'info',
  kinds: null,
  tellResolved: true,
  language: 'en',
  quietHours: null,
  digestMinutes: 0,
  allowHosts: [],
  shownHost: 'example.org',
  hasSecret: false,
  ...changes,
})

/** Messages and tries in memory. */
export function memoryOutbox(): OutboxStore & { readonly kept: Map<string, Message>; readonly tries: Delivery[] } {
  const kept = new Map<string, Message>()
  const tries: Delivery[] = []
  return {
    kept,
    tries,
    messages: () => [...kept.values()],
    put: (message) => void kept.set(message.id, message),
    remove: (id) => void kept.delete(id),
    log: (delivery) => void tries.push(delivery),
    deliveries: () => tries.toReversed(),
  }
}
