import * as v from 'valibot'
import { plainText } from '../../../core/plain-text.ts'
import { expiryOf } from './expiry.ts'
import type { Expiry } from './expiry.ts'
import { isObject, looseFlag, looseNumber, looseText } from './loose.ts'

/**
 * What a portal says about a box (`get_profile`). `wants-login`: the portal asks for a user and a password as well.
 *
 * Panels send the whole profile with `status: 1` when they refuse: it is the status that counts (stalker.md §4.2).
 */
export type Profile =
  | { readonly kind: 'ok'; readonly watchdogSeconds: number; readonly expiry: Expiry | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'wants-login' }

const schema = v.object({
  status: v.optional(looseNumber),
  msg: v.optional(looseText, ''),
  block_msg: v.optional(looseText, ''),
  portal_disabled: v.optional(looseFlag, false),
  blocked: v.optional(looseFlag, false),
  watchdog_timeout: v.optional(looseNumber),
  expire_billing_date: v.optional(looseText, ''),
  expiry_date: v.optional(looseText, ''),
  end_date: v.optional(looseText, ''),
  tariff_expired_date: v.optional(looseText, ''),
})

const DEFAULT_WATCHDOG_SECONDS = 120 // A's own default; stalker.md §4.2
const LONGEST_REASON = 160

/** Reads a profile. */
export function readProfile(js: unknown): Profile {
  const parsed = v.safeParse(schema, js)
  if (!parsed.success || !isObject(js) || Object.keys(js).length === 0)
    return { kind: 'refused', reason: 'it gives no profile' }
  const profile = parsed.output
  if (profile.portal_disabled) return { kind: 'refused', reason: 'the portal is switched off' }
  if (profile.status === 2) return { kind: 'wants-login' }
  if ((profile.status !== null && profile.status !== undefined && profile.status !== 0) || profile.blocked)
    return { kind: 'refused', reason: sentence(profile.msg, profile.block_msg) }
  const seconds = profile.watchdog_timeout ?? DEFAULT_WATCHDOG_SECONDS
  const dates = [profile.end_date, profile.expiry_date, profile.expire_billing_date, profile.tariff_expired_date]
  return {
    kind: 'ok',
    watchdogSeconds: Math.min(Math.max(seconds, 30), 300),
    expiry: dates.map(expiryOf).find((expiry) => expiry !== null) ?? null,
  }
}

/** What a portal wrote for its customers, as one line without markup and without any MAC. */
export function portalText(text: string): string {
  const line = plainText(text.replace(/<[^>]*>/g, ' ').replaceAll('&nbsp;', ' '))
  return line.replace(/\b[0-9A-F]{2}(?:[:-][0-9A-F]{2}){5}\b/gi, '…').slice(0, LONGEST_REASON)
}

function sentence(msg: string, block: string): string {
  const texts = [portalText(msg), portalText(block)].filter((text) => text !== '')
  return texts.length === 0 ? 'it gives no reason' : `it says "${texts.join('; ')}"`
}
