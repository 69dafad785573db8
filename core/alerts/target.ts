import * as v from 'valibot'
import { isAtLeast, RULE_KINDS, SEVERITIES } from './rule.ts'
import type { Alert } from './alert.ts'
import { LANGUAGES } from './texts.ts'

const line = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most), v.regex(/^[^\r\n\0]*$/))
const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day like "22:00"'))
const webAddress = v.pipe(v.string(), v.regex(/^https?:\/\/[^\s]+$/, 'an http or https address'), v.maxLength(2000))
const mailAddress = v.pipe(line(320), v.regex(/^[^\s@<>]+@[^\s@<>]+$/, 'an e-mail address'))
const secret = v.pipe(v.string(), v.maxLength(500))

const common = {
  name: line(80),
  enabled: v.optional(v.boolean(), true),
  /** Only alerts that are at least so bad. */
  leastSeverity: v.optional(v.picklist(SEVERITIES), 'warning'),
  /** Only alerts of these rules; null: all. */
  kinds: v.optional(v.nullable(v.array(v.picklist(RULE_KINDS))), null),
  tellResolved: v.optional(v.boolean(), true),
  language: v.optional(v.picklist(LANGUAGES), 'en'),
  /** What is not critical waits until they are over. */
  quietHours: v.optional(v.nullable(v.strictObject({ from: clock, to: clock })), null),
  /** What comes within this time goes as one message. */
  digestMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1440)), 0),
  /** Names, addresses or ranges of the local network that it may lead to. */
  allowHosts: v.optional(v.pipe(v.array(line(253)), v.maxLength(20)), []),
}

/** A place to which alerts are sent, as it is written down. The address and what is secret may be left out in a change. */
export const TargetBody = v.variant('kind', [
  v.strictObject({ kind: v.literal('webhook'), ...common, url: v.optional(webAddress), secret: v.optional(secret) }),
  v.strictObject({ kind: v.literal('ntfy'), ...common, url: v.optional(webAddress), secret: v.optional(secret) }),
  v.strictObject({
    kind: v.literal('email'),
    ...common,
    host: line(253),
    port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)), 587),
    security: v.optional(v.picklist(['tls', 'starttls', 'none']), 'starttls'),
    username: v.optional(v.pipe(v.string(), v.maxLength(320)), ''),
    from: mailAddress,
    to: v.pipe(v.array(mailAddress), v.minLength(1), v.maxLength(20)),
    secret: v.optional(secret),
  }),
])
type Body = v.InferOutput<typeof TargetBody>

type Open<T> = T extends { readonly url?: unknown } ? Omit<T, 'url' | 'secret'> : Omit<T, 'secret'>
type OpenFacts = Body extends infer T ? (T extends Body ? Open<T> : never) : never

/** A target as it may be shown: of its address the host alone, and whether it has a secret. */
export type Target = OpenFacts & { readonly id: string; readonly shownHost: string; readonly hasSecret: boolean }

/** What is never shown of a target: whole addresses carry keys, too. */
export type TargetSecrets = { readonly url: string | null; readonly secret: string | null }

/** Whether a target wants to hear of an alert. */
export function wants(target: Target, alert: Alert): boolean {
  return (
    target.enabled &&
    isAtLeast(alert.severity, target.leastSeverity) &&
    (target.kinds === null || target.kinds.includes(alert.kind)) &&
    (alert.state === 'open' || target.tellResolved)
  )
}

const MINUTES_A_DAY = 1440

/** How long quiet hours still last at a minute of the day, in minutes; 0: it is not quiet. */
export function quietMinutes(hours: Target['quietHours'], minuteOfDay: number): number {
  if (hours === null) return 0
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  const [from, to] = [minutes(hours.from), minutes(hours.to)]
  const length = (to - from + MINUTES_A_DAY) % MINUTES_A_DAY
  const passed = (minuteOfDay - from + MINUTES_A_DAY) % MINUTES_A_DAY
  return passed < length ? length - passed : 0
}
