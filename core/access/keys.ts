import { Secret } from '../secret.ts'
import { fromBase64Url } from './base64url.ts'

/** A key with its public name. The first of a list signs, all verify. */
export type LinkKey = { readonly kid: string; readonly key: Secret }

/**
 * What a sub-key is for. Every purpose has its own sub-key, so that a MAC made for one can never be used for another.
 * The names are part of the format (`docs/signed-links.md`).
 */
export type KeyPurpose = 'link' | 'viewing-token' | 'api-token' | 'session' | 'relay-session' | 'short-link' | 'lease'

const MIN_KEY_BYTES = 32
const KID = /^[A-Za-z0-9_-]{1,16}$/

/**
 * Reads `kid:base64url[,kid:base64url]`.
 *
 * Fails with `SyntaxError` (the message never shows key material) for a key id that is not 1 … 16 letters, digits,
 * `_` or `-`, for one that comes twice, and for keys under 32 bytes.
 */
export function parseLinkKeys(text: string): readonly LinkKey[] {
  const keys = text.split(',').map((entry, index): LinkKey => {
    const [kid = '', key = '', ...rest] = entry.trim().split(':')
    const position = `key ${index + 1}`
    if (!KID.test(kid) || key === '' || rest.length > 0)
      throw new SyntaxError(`${position} should be written "kid:base64url", kid of 1 to 16 letters, digits, "_" or "-"`)
    const bytes = fromBase64Url(key.replaceAll('=', ''))
    if (bytes === null) throw new SyntaxError(`${position} should be base64url`)
    if (bytes.length < MIN_KEY_BYTES)
      throw new SyntaxError(`${position} has ${bytes.length} bytes and should have at least ${MIN_KEY_BYTES}`)
    return { kid, key: new Secret(key.replaceAll('=', '')) }
  })
  const kids = new Set(keys.map(({ kid }) => kid))
  if (kids.size < keys.length) throw new SyntaxError('every key should have a key id of its own')
  return keys
}

/** Signs and checks for one purpose each; sub-keys are derived once and kept. */
export interface KeyRing {
  /** The key id that signs now. */
  readonly kid: string
  /** HMAC-SHA-256 over the UTF-8 of `text` with the signing key's sub-key for `purpose`. */
  sign(purpose: KeyPurpose, text: string): Promise<Uint8Array<ArrayBuffer>>
  /** Whether `mac` is the one that key `kid` gives; false for an unknown `kid`. Compares in constant time. */
  verify(purpose: KeyPurpose, kid: string, text: string, mac: Uint8Array<ArrayBuffer>): Promise<boolean>
}

const utf8 = new TextEncoder()

/**
 * The ring of these keys. Sub-key: HKDF-SHA-256 (RFC 5869), no salt, info `downlink/v1/{purpose}`, 32 bytes.
 *
 * Fails with `RangeError` if there is no key.
 */
export function createKeyRing(keys: readonly LinkKey[]): KeyRing {
  const [first] = keys
  if (first === undefined) throw new RangeError('A key ring needs at least one key')
  const byKid = new Map(keys.map((entry) => [entry.kid, entry.key]))
  const derived = new Map<string, Promise<CryptoKey>>()

  const subKey = (kid: string, key: Secret, purpose: KeyPurpose): Promise<CryptoKey> => {
    const name = `${purpose}/${kid}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const made = deriveKey(key, purpose)
    derived.set(name, made)
    return made
  }

  return {
    kid: first.kid,
    async sign(purpose, text) {
      const key = await subKey(first.kid, first.key, purpose)
      return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)))
    },
    async verify(purpose, kid, text, mac) {
      const key = byKid.get(kid)
      if (key === undefined) return false
      return crypto.subtle.verify('HMAC', await subKey(kid, key, purpose), mac, utf8.encode(text))
    },
  }
}

async function deriveKey(key: Secret, purpose: KeyPurpose): Promise<CryptoKey> {
  const bytes = fromBase64Url(key.reveal())
  if (bytes === null) throw new SyntaxError('A link key should be base64url')
  const master = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8.encode(`downlink/v1/${purpose}`) },
    master,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign', 'verify'],
  )
}
