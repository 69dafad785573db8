import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase64Url, toBase64Url } from '../../core/access/base64url.ts'
import { Secret } from '../../core/secret.ts'
import { keepPrivate } from './private-file.ts'

const KEY_BYTES = 32
const NONCE_BYTES = 12 // NIST SP 800-38D, 8.2.2: random nonces of 96 bits

/**
 * Encrypts secrets at rest (AES-256-GCM).
 *
 * `place` (the setting's name) is authenticated with the text, so that a sealed secret cannot be moved to another place.
 */
export interface SecretBox {
  seal(secret: Secret, place: string): Promise<string>
  /** Fails with `SyntaxError` for a text that this key and place did not seal. */
  open(sealed: string, place: string): Promise<Secret>
}

/**
 * The box of a data folder that this process has locked. Its key is the file `secret.key` there (0600), made on first use.
 *
 * It keeps a copy of the database alone (a backup on a share, a support case) from telling passwords; who can read the
 * whole folder can open it.
 */
export async function openSecretBox(dataDir: string): Promise<SecretBox> {
  const path = join(dataDir, 'secret.key')
  const bytes = fromBase64Url(readOrMakeKey(path))
  if (bytes?.length !== KEY_BYTES)
    throw new SyntaxError(`The file "${path}" should hold a key of ${KEY_BYTES} bytes as base64url`)
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const utf8 = new TextEncoder()
  return {
    async seal(secret, place) {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: utf8.encode(place) },
        key,
        utf8.encode(secret.reveal()),
      )
      return `${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`
    },
    async open(sealed, place) {
      const [iv, body] = sealed.split('.').map(fromBase64Url)
      if (iv?.length !== NONCE_BYTES || !body)
        throw new SyntaxError(`The secret "${place}" is not sealed as it should be`)
      try {
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv, additionalData: utf8.encode(place) },
          key,
          body,
        )
        return new Secret(new TextDecoder().decode(plain))
      } catch (cause) {
        throw new SyntaxError(`The secret "${place}" was sealed with another key than the one in "${path}"`, { cause })
      }
    },
  }
}

function readOrMakeKey(path: string): string {
  if (!existsSync(path)) {
    // Written whole under another name: a power cut never leaves half a key.
    const draft = `${path}.new`
    writeFileSync(draft, `${toBase64Url(new Uint8Array(randomBytes(KEY_BYTES)))}\n`, { mode: 0o600, flush: true })
    renameSync(draft, path)
  }
  keepPrivate(path)
  return readFileSync(path, 'utf8').trim()
}
