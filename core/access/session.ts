import { fromBase64Url, toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'

/** What a session cookie says. */
export type Session = {
  readonly id: string
  readonly user: string
  /** Generation of the account when the session began. */
  readonly generation: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const LAYOUT = /^([A-Za-z0-9_-]{1,16})\.([A-Za-z0-9_-]{1,512})\.([A-Za-z0-9_-]{43})$/

/** Prints and reads session cookies `kid.payload.mac`; the payload is base64url of a JSON array. */
export interface SessionMint {
  print(session: Session): Promise<string>
  /** The session of a cookie that we signed and that has not expired; null for anything else. */
  read(cookie: string): Promise<Session | null>
}

/** The mint of a ring of keys. MAC over `session/v1 LF kid LF payload`. */
export function createSessionMint({ ring, now }: { ring: KeyRing; now: () => number }): SessionMint {
  return {
    async print({ id, user, generation, expiresAt }) {
      const payload = toBase64Url(new TextEncoder().encode(JSON.stringify([id, user, generation, expiresAt])))
      const mac = await ring.sign('session', signedText(ring.kid, payload))
      return `${ring.kid}.${payload}.${toBase64Url(mac)}`
    },
    async read(cookie) {
      const [, kid, payload, macText] = LAYOUT.exec(cookie) ?? []
      if (kid === undefined || payload === undefined || macText === undefined) return null
      const mac = fromBase64Url(macText)
      if (mac === null || !(await ring.verify('session', kid, signedText(kid, payload), mac))) return null
      const session = readPayload(payload)
      return session !== null && session.expiresAt > now() ? session : null
    },
  }
}

const signedText = (kid: string, payload: string): string => `session/v1\n${kid}\n${payload}`

function readPayload(payload: string): Session | null {
  const bytes = fromBase64Url(payload)
  if (bytes === null) return null
  // Behind a good MAC this is what we wrote; the checks are for the type, and for a later version's payload.
  const fields: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!Array.isArray(fields)) return null
  const [id, user, generation, expiresAt] = fields as readonly unknown[]
  if (
    typeof id !== 'string' ||
    typeof user !== 'string' ||
    typeof generation !== 'number' ||
    typeof expiresAt !== 'number'
  )
    return null
  return { id, user, generation, expiresAt }
}
