import type * as v from 'valibot'
import type { Alert } from '../../core/alerts/alert.ts'
import type { Delivery } from '../../core/alerts/outbox.ts'
import type { Rule, RuleChange, RuleKind } from '../../core/alerts/rule.ts'
import type { AlertText, Language } from '../../core/alerts/texts.ts'
import type { Target, TargetBody } from '../../core/alerts/target.ts'

/** Port of the LAN: what is wrong, by which rules, and who is told. */
export interface AlertDesk {
  /** The newest first. */
  alerts(): readonly Alert[]
  /** An alert in words. A question to the desk: fronts have no alerts, and carry no words for them. */
  describe(alert: Alert, language: Language): AlertText
  /** Somebody has seen it. Fails with `alerts/unknown`. */
  acknowledge(id: string, by: string): Alert
  rules(): readonly Rule[]
  changeRule(kind: RuleKind, change: v.InferOutput<typeof RuleChange>): Promise<Rule>
  targets(): readonly Target[]
  /** `id` null: a new one. What is secret and left out stays. Fails with `alerts/unknown-target`, `http/busy` when there are too many. */
  putTarget(id: string | null, body: v.InferOutput<typeof TargetBody>): Promise<Target>
  /** Fails with `alerts/unknown-target`. */
  removeTarget(id: string): Promise<void>
  /** Sends an example now. Fails with `alerts/unknown-target`, `alerts/not-delivered`, `source/*`. */
  test(id: string, signal: AbortSignal): Promise<void>
  /** The newest first. */
  deliveries(limit: number): readonly Delivery[]
  /** Messages that wait. */
  waiting(): number
  /** Calls `listener` with the id of an alert that came, changed or is over; gives the function that ends it. */
  onChange(listener: (id: string) => void): () => void
}
