import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { looseFlag, looseInstant, looseList, looseNumber, looseObject, looseText } from './loose.ts'
import { createPanelClock } from './panel-clock.ts'
import type { PanelClock } from './panel-clock.ts'

/** What a panel says about an account. */
export type AccountStatus = {
  /** As the panel spells it: `Active`, `Expired`, `Banned`, `Disabled`, `Trial`; '' when it does not say. */
  readonly status: string
  /** Epoch milliseconds; null: never. */
  readonly expiresAt: number | null
  /** Connections at a time; null: no limit is known. Often lower than what the provider really allows. */
  readonly maxConnections: number | null
  /** Connections in use, by whomever; up to minutes old. Null: it does not say. */
  readonly activeConnections: number | null
  /** Forms of live streams that the account may ask for, like `ts`; empty: not said. */
  readonly formats: readonly string[]
  readonly clock: PanelClock
}

const answerSchema = v.object({ user_info: v.optional(v.unknown()), server_info: looseObject })
const userSchema = v.object({
  auth: looseFlag,
  status: looseText,
  exp_date: looseInstant,
  max_connections: looseNumber,
  active_cons: looseNumber,
  allowed_output_formats: looseList,
})
const serverSchema = v.object({ timezone: looseText, timestamp_now: looseNumber, time_now: looseText })

/**
 * Reads the account payload. Fails with `source/login` (wrong user or password), `source/expired` (over, banned,
 * disabled) or `source/bad-answer` (no such payload).
 *
 * Source: protocols/xtream.md §2.1.
 */
export function readAccountStatus(json: unknown, now: number): AccountStatus {
  const answer = v.safeParse(answerSchema, json)
  const user = v.safeParse(userSchema, answer.success ? answer.output.user_info : undefined)
  if (!answer.success || !user.success)
    throw new Failure('source/bad-answer', 'The panel answers a log-in with something that is no account')
  const { auth, status, exp_date: expiresAt, max_connections: limit, active_cons: active } = user.output
  if (!auth) throw new Failure('source/login', 'The panel does not know the user name or the password')
  if (/^(expired|banned|disabled)$/i.test(status) || (expiresAt !== null && expiresAt <= now)) {
    const word = status === '' || /^(active|trial)$/i.test(status) ? 'expired' : status.toLowerCase()
    throw new Failure('source/expired', `The panel says that the account is ${word}`, { expiresAt })
  }
  const server = v.parse(serverSchema, answer.output.server_info)
  return {
    status,
    expiresAt,
    maxConnections: limit !== null && limit >= 1 ? Math.floor(limit) : null,
    activeConnections: active !== null && active >= 0 ? active : null,
    formats: user.output.allowed_output_formats.filter((format) => typeof format === 'string'),
    clock: createPanelClock({
      timezone: server.timezone,
      timestampNow: server.timestamp_now,
      timeNow: server.time_now,
    }),
  }
}
