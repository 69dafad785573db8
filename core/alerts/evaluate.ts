import type { Alert, AlertNews } from './alert.ts'
import { conditionsOf } from './conditions.ts'
import type { Condition } from './conditions.ts'
import type { HouseFacts } from './facts.ts'
import type { Rule } from './rule.ts'

/** What is remembered from one look to the next. */
export type AlertState = {
  /** The newest first. */
  readonly alerts: readonly Alert[]
  /** Since when something is wrong that is no alert yet, by rule and subject. */
  readonly wrongSince: ReadonlyMap<string, number>
  /** Since when an open alert has no reason any more, by rule and subject. */
  readonly rightSince: ReadonlyMap<string, number>
}

/** Nothing is known yet but the alerts that were kept. */
export const stateOf = (alerts: readonly Alert[]): AlertState => ({
  alerts,
  wrongSince: new Map(),
  rightSince: new Map(),
})

/** What comes back within this time is the same alert once more. */
const SAME_MS = 24 * 3_600_000
/** An alert that has no reason for this long is over, or sooner where its rule holds less. */
const LONGEST_RIGHT_MS = 60_000
/** Resolved ones beyond this are forgotten, the oldest first. */
export const MOST_ALERTS = 500

/** What a look is made with. */
export type Look = {
  readonly rules: readonly Rule[]
  readonly facts: HouseFacts
  readonly now: number
  readonly newId: () => string
}

/**
 * The alerts after a look at the house. Pure: time and ids are handed in.
 *
 * nothing ─wrong for `holdSeconds`→ open ─right for a while, or the rule is off→ resolved ─wrong again within a day→ open (count + 1)
 */
export function evaluate(before: AlertState, { rules, facts, now, newId }: Look): AlertState & AlertNews {
  const wrong = new Map<string, readonly [rule: Rule, condition: Condition]>()
  for (const rule of rules) {
    if (!rule.enabled) continue
    for (const condition of conditionsOf(rule, facts, now)) wrong.set(keyOf(rule, condition), [rule, condition])
  }
  const wrongSince = new Map([...wrong.keys()].map((key) => [key, before.wrongSince.get(key) ?? now]))
  const rightSince = new Map<string, number>()
  const rulesOf = new Map(rules.map((rule) => [rule.kind, rule]))
  const opened: Alert[] = []
  const resolved: Alert[] = []

  const alerts = before.alerts.map((alert): Alert => {
    const key = keyOf(alert, alert)
    const found = wrong.get(key)
    if (alert.state === 'resolved') return alert
    if (found !== undefined) {
      wrong.delete(key)
      const [{ severity, threshold }, { name, value, code }] = found
      return { ...alert, name, value, code, severity, threshold, lastSeen: now }
    }
    const since = before.rightSince.get(key) ?? now
    const rule = rulesOf.get(alert.kind)
    const waitMs = rule?.enabled === true ? Math.min(rule.holdSeconds * 1000, LONGEST_RIGHT_MS) : 0
    if (now - since < waitMs) {
      rightSince.set(key, since)
      return alert
    }
    const over: Alert = { ...alert, state: 'resolved', resolvedAt: now }
    resolved.push(over)
    return over
  })

  for (const [key, [rule, condition]] of wrong) {
    if (now - (wrongSince.get(key) ?? now) < rule.holdSeconds * 1000) continue
    const last = alerts.findIndex((alert) => keyOf(alert, alert) === key && now - (alert.resolvedAt ?? 0) < SAME_MS)
    const alert = open(alerts[last] ?? null, { rule, condition, now, newId })
    if (last >= 0) alerts.splice(last, 1)
    alerts.unshift(alert)
    opened.push(alert)
  }
  return { alerts: withinBounds(alerts), wrongSince, rightSince, opened, resolved }
}

const keyOf = ({ kind }: Pick<Rule, 'kind'>, { subject }: Pick<Condition, 'subject'>): string => `${kind} ${subject}`

function open(
  before: Alert | null,
  { rule, condition, now, newId }: { rule: Rule; condition: Condition; now: number; newId: () => string },
): Alert {
  return {
    id: before?.id ?? newId(),
    kind: rule.kind,
    ...condition,
    severity: rule.severity,
    threshold: rule.threshold,
    state: 'open',
    acknowledged: null,
    count: (before?.count ?? 0) + 1,
    firstSeen: before?.firstSeen ?? now,
    lastSeen: now,
    resolvedAt: null,
  }
}

/** What is open stays, whatever its age. */
function withinBounds(alerts: readonly Alert[]): readonly Alert[] {
  if (alerts.length <= MOST_ALERTS) return alerts
  let room = MOST_ALERTS - alerts.filter(({ state }) => state === 'open').length
  return alerts.filter(({ state }) => state === 'open' || (room -= 1) >= 0)
}
