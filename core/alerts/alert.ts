import type { FailureCode } from '../errors.ts'
import type { RuleKind, Severity } from './rule.ts'

/** Something that is or was wrong. Instants are epoch milliseconds. */
export type Alert = {
  /** Not used again. */
  readonly id: string
  readonly kind: RuleKind
  readonly subject: string
  readonly name: string
  readonly severity: Severity
  /** What was measured last, and what was allowed, in the unit of the rule. */
  readonly value: number | null
  readonly threshold: number
  readonly code: FailureCode | null
  readonly state: 'open' | 'resolved'
  /** Who has seen it, and when; null: nobody said so. It is open all the same. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  /** How often it came. */
  readonly count: number
  readonly firstSeen: number
  readonly lastSeen: number
  readonly resolvedAt: number | null
}

/** What has become of alerts: those that came (again), and those that are over. */
export type AlertNews = { readonly opened: readonly Alert[]; readonly resolved: readonly Alert[] }

/** Port: where alerts are kept. */
export interface AlertStore {
  /** The newest first. */
  all(): readonly Alert[]
  put(alerts: readonly Alert[]): void
  remove(ids: readonly string[]): void
}
