import { fromBase64Url, toBase64Url } from '../access/base64url.ts'
import type { Brand } from '../brand.ts'
import { Secret } from '../secret.ts'

/** The public half of an adapter's key: 32 bytes of Ed25519 (RFC 8032) as base64url, 43 characters. */
export type PublisherId = Brand<string, 'PublisherId'>

/** Signs in the name of a site. */
export interface PublisherKey {
  readonly id: PublisherId
  sign(text: string): Promise<string>
}

const utf8 = new TextEncoder()
const ALGORITHM = 'Ed25519'

/** The text as a public key; null if it is none. */
export const parsePublisherId = (text: string): PublisherId | null =>
  text.length === 43 && fromBase64Url(text)?.length === 32 ? (text as PublisherId) : null

/** A new private key, as it is to be kept: PKCS #8 (RFC 8410) and the public half, both as base64url. */
export async function makePublisherKey(): Promise<Secret> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new TypeError('Ed25519 should give a pair of keys')
  const [secret, open] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
    crypto.subtle.exportKey('raw', pair.publicKey),
  ])
  return new Secret(`${toBase64Url(new Uint8Array(secret))}.${toBase64Url(new Uint8Array(open))}`)
}

/** The key that was kept. Fails with `SyntaxError` for anything else. */
export async function openPublisherKey(kept: Secret): Promise<PublisherKey> {
  const [secret = '', open = ''] = kept.reveal().split('.')
  const bytes = fromBase64Url(secret)
  const id = parsePublisherId(open)
  if (bytes === null || id === null) throw new SyntaxError('The key of the publisher cannot be read')
  const key = await crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign'])
  return {
    id,
    sign: async (text) => toBase64Url(new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, utf8.encode(text)))),
  }
}

/** Whether this publisher signed the text. */
export async function isSignedBy(publisher: PublisherId, text: string, signature: string): Promise<boolean> {
  const key = fromBase64Url(publisher)
  const bytes = fromBase64Url(signature)
  if (key === null || bytes?.length !== 64) return false
  try {
    const imported = await crypto.subtle.importKey('raw', key, ALGORITHM, false, ['verify'])
    return await crypto.subtle.verify(ALGORITHM, imported, bytes, utf8.encode(text))
  } catch {
    return false // 32 bytes that are no point of the curve
  }
}
