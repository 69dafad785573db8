import { toBase64Url } from './base64url.ts'
import type { RandomBytes } from './random.ts'

/** 32 signs that nobody mixes up, and that need no shift key on a television. */
const SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789'
/** 26 of them are 130 bits. */
const LENGTH = 26
const API_MARK = 'dl_'

/** What app passwords and API tokens look like; nothing else is looked up by its digest. */
const LAYOUT = /^(dl_)?[a-km-np-z2-9]{26}$/

/** A new app password (`app`), or API token, which begins with `dl_` so that scanners of source code find it. */
export function newSecretText(kind: 'app' | 'api', random: RandomBytes): string {
  const signs = Array.from(random(LENGTH), (byte) => SIGNS[byte % SIGNS.length])
  return (kind === 'api' ? API_MARK : '') + signs.join('')
}

/**
 * SHA-256 of such a text as base64url; null for a text that cannot be one. It needs no salt and no slow hash: nobody
 * guesses 128 random bits.
 */
export async function digestOf(kind: 'app' | 'api', text: string): Promise<string | null> {
  const match = LAYOUT.exec(text)
  if (match === null || (match[1] === API_MARK) !== (kind === 'api')) return null
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
