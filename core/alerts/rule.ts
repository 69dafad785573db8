import * as v from 'valibot'

/**
 * What can be wrong in a house. `threshold` counts in the unit of the kind.
 *
 * | kind | true while | unit of the threshold |
 * |---|---|---|
 * | `source-down` | a source that is switched on has a problem | – |
 * | `slots-exhausted` | so much of a source's slots is in use | percent |
 * | `guide-stale` | a guide was last known to be the newest longer ago | hours |
 * | `error-burst` | a channel loses more packets a minute, or gets them damaged | packets |
 * | `decoder-errors` | FFmpeg cannot decode more frames of a channel a minute | frames |
 * | `channel-failed` | a channel could not be played so often within ten minutes | times |
 * | `disk-low` | the disk of the data folder has less room | GiB |
 * | `job-failed` | the same job failed so often in a row | times |
 * | `front-away` | a front does not take what is published | – |
 */
export const RULE_KINDS = [
  'source-down',
  'slots-exhausted',
  'guide-stale',
  'error-burst',
  'decoder-errors',
  'channel-failed',
  'disk-low',
  'job-failed',
  'front-away',
] as const

/** One of them. */
export type RuleKind = (typeof RULE_KINDS)[number]

/** How bad it is; the later the worse. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const

/** One of them. */
export type Severity = (typeof SEVERITIES)[number]

/** When something becomes an alert. */
export type Rule = {
  readonly kind: RuleKind
  readonly enabled: boolean
  readonly severity: Severity
  readonly threshold: number
  /** It has to be so for this long, and has to be over for as long (one minute at most). */
  readonly holdSeconds: number
}

/** What may be changed of a rule. */
export const RuleChange = v.strictObject({
  enabled: v.optional(v.boolean()),
  severity: v.optional(v.picklist(SEVERITIES)),
  threshold: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000))),
  holdSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400))),
})

/** Changes by kind, as they are kept. */
export const RuleChanges = v.record(v.picklist(RULE_KINDS), RuleChange)

type Defaults = Readonly<Record<RuleKind, Omit<Rule, 'kind'>>>

/** What holds until the owner changes it. */
const DEFAULTS: Defaults = {
  'source-down': { enabled: true, severity: 'critical', threshold: 0, holdSeconds: 300 },
  'slots-exhausted': { enabled: true, severity: 'warning', threshold: 100, holdSeconds: 120 },
  'guide-stale': { enabled: true, severity: 'warning', threshold: 36, holdSeconds: 0 },
  'error-burst': { enabled: true, severity: 'warning', threshold: 120, holdSeconds: 60 },
  'decoder-errors': { enabled: true, severity: 'warning', threshold: 30, holdSeconds: 60 },
  'channel-failed': { enabled: true, severity: 'warning', threshold: 2, holdSeconds: 0 },
  'disk-low': { enabled: true, severity: 'critical', threshold: 2, holdSeconds: 60 },
  'job-failed': { enabled: true, severity: 'warning', threshold: 3, holdSeconds: 0 },
  'front-away': { enabled: true, severity: 'warning', threshold: 0, holdSeconds: 600 },
}

/** All rules with the owner's changes. */
export const rulesWith = (changes: Partial<Record<RuleKind, v.InferOutput<typeof RuleChange>>>): readonly Rule[] =>
  RULE_KINDS.map((kind) => {
    const { enabled, severity, threshold, holdSeconds } = changes[kind] ?? {}
    const rule = DEFAULTS[kind]
    return {
      kind,
      enabled: enabled ?? rule.enabled,
      severity: severity ?? rule.severity,
      threshold: threshold ?? rule.threshold,
      holdSeconds: holdSeconds ?? rule.holdSeconds,
    }
  })

/** Whether `severity` is at least as bad as `least`. */
export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least)
