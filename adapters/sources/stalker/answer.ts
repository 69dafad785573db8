import { isObject, looseText, member } from './loose.ts'
import * as v from 'valibot'

/**
 * What an answer of a portal means. Its status alone says nothing: refusals come with 200 (stalker.md §3).
 *
 * `data`: the call was understood. `unauthorized`: the token does not count. `disabled`: the account is switched off.
 * `no-mac`: our own mistake. `banned`: our address is blocked. `not-portal`: something else lives there.
 * `missing`: nothing lives there. `busy`: later.
 */
export type PortalAnswer =
  | { readonly kind: 'data'; readonly js: unknown; readonly beside: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unauthorized' | 'disabled' | 'no-mac' | 'banned' | 'not-portal' | 'missing' | 'busy' }

/** A reply as it came. */
export type RawReply = { readonly status: number; readonly body: Uint8Array }

// Anchored to the whole body: a page of a firewall that contains such words must not start log-ins (stalker.md §3).
const UNAUTHORIZED =
  /^(?:authorization failed|unauthorized|not authorized|(?:invalid|wrong|bad|expired) token|token (?:is )?(?:invalid|expired)|auth(?:entication)? (?:failed|required))\.?!?$/i
const DISABLED = /^(?:access denied|account (?:is )?(?:disabled|blocked|off))\.?!?$/i
const NO_MAC = /^(?:unauthorized request|identification failed)\.?!?$/i
const BANNED = /\bblock(?:ed)?\b|\bbanned\b/i
const LONGEST_SENTENCE = 200

/** Reads a reply of a portal. */
export function readAnswer({ status, body }: RawReply): PortalAnswer {
  const text = new TextDecoder().decode(body).trim()
  if (status === 429 || status >= 500) return { kind: 'busy' }
  if (status === 403 && text === '') return { kind: 'banned' }
  const isHtml = text.startsWith('<')
  if (status === 401 || status === 403)
    return isHtml ? { kind: 'not-portal' } : { kind: sentenceKind(text) ?? 'unauthorized' }
  if (status < 200 || status >= 300) return { kind: 'missing' }
  if (text === '') return { kind: 'unauthorized' }
  if (isHtml) return { kind: 'not-portal' }
  const sentence = sentenceKind(text)
  if (sentence !== null) return { kind: sentence }
  return readEnvelope(text)
}

function sentenceKind(text: string): 'unauthorized' | 'disabled' | 'no-mac' | 'banned' | null {
  if (text.length > LONGEST_SENTENCE || /^[[{]/.test(text)) return null
  if (UNAUTHORIZED.test(text)) return 'unauthorized'
  if (DISABLED.test(text)) return 'disabled'
  if (NO_MAC.test(text)) return 'no-mac'
  return BANNED.test(text) ? 'banned' : null
}

function readEnvelope(text: string): PortalAnswer {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { kind: 'not-portal' } // a login page, a script, a television programme
  }
  if (!isObject(json) || !('js' in json)) return { kind: 'not-portal' }
  const { js, text: _noise, ...beside } = json
  const complaint = v.parse(looseText, member(js, 'error')) || v.parse(looseText, member(js, 'msg'))
  if (isBareComplaint(js) && UNAUTHORIZED.test(complaint.trim())) return { kind: 'unauthorized' }
  return { kind: 'data', js, beside }
}

/** Whether an object says nothing but that it will not. */
const isBareComplaint = (js: unknown): boolean =>
  isObject(js) && Object.keys(js).every((key) => /^(?:error|msg|status|message)$/i.test(key))
