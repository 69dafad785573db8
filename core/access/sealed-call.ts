import { fromBase64Url, toBase64Url } from './base64url.ts'
import type { KeyPurpose, KeyRing } from './keys.ts'
import { newJti } from './random.ts'
import type { RandomBytes } from './random.ts'
import { CLOCK_SKEW_SECONDS } from './signed-link.ts'

const SCHEME = 'Downlink-Call'
const LAYOUT = /^Downlink-Call ([A-Za-z0-9_-]{1,16})\.(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/
const SKEW_MS = CLOCK_SKEW_SECONDS * 1000

/** Remembers which calls have been carried out. */
export interface NonceBook {
  /** Whether this name comes for the first time; it need not be remembered longer than until `until`, epoch milliseconds. */
  isFirst(nonce: string, until: number): Promise<boolean>
}

/** Seals calls between processes of one house: whoever has the link keys said exactly this, now, and once (docs/signed-links.md). */
export interface CallSeal {
  /** The `Authorization` header for a body. */
  seal(body: string): Promise<string>
  /** Whether the header seals this body, is of the present, and comes for the first time. One uniform answer. */
  opens(header: string | undefined, body: string): Promise<boolean>
}

/** What seals need. `purpose` names the sub-key, and so what the calls are about. */
export type SealPorts = {
  readonly ring: KeyRing
  readonly purpose: KeyPurpose & 'lease'
  readonly now: () => number
  readonly random: RandomBytes
  readonly nonces: NonceBook
}

/** MAC over `lease/v1 LF kid LF milliseconds LF nonce LF base64url(SHA-256 of the body)`, each field as it stands in the header. */
export function createCallSeal({ ring, purpose, now, random, nonces }: SealPorts): CallSeal {
  const text = async (kid: string, at: string, nonce: string, body: string): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))
    return [`${purpose}/v1`, kid, at, nonce, toBase64Url(new Uint8Array(digest))].join('\n')
  }
  return {
    async seal(body) {
      const [at, nonce] = [String(Math.round(now())), newJti(random)]
      const mac = await ring.sign(purpose, await text(ring.kid, at, nonce, body))
      return `${SCHEME} ${ring.kid}.${at}.${nonce}.${toBase64Url(mac)}`
    },
    async opens(header, body) {
      const [, kid, at, nonce, macText] = LAYOUT.exec(header ?? '') ?? []
      if (kid === undefined || at === undefined || nonce === undefined || macText === undefined) return false
      const mac = fromBase64Url(macText)
      if (mac === null || Math.abs(now() - Number(at)) > SKEW_MS) return false
      if (!(await ring.verify(purpose, kid, await text(kid, at, nonce, body), mac))) return false
      return nonces.isFirst(nonce, Number(at) + SKEW_MS)
    },
  }
}

/** Far more than come in the time that calls are good for. */
const MOST_NONCES = 200_000

/** A book in the memory of this process. When it is full, every call is refused until the oldest ones are too old anyway. */
export function createMemoryNonces(now: () => number): NonceBook {
  const known = new Map<string, number>()
  return {
    isFirst(nonce, until) {
      for (const [old, end] of known) {
        if (end >= now()) break
        known.delete(old)
      }
      if (known.has(nonce) || known.size >= MOST_NONCES) return Promise.resolve(false)
      known.set(nonce, until)
      return Promise.resolve(true)
    },
  }
}
