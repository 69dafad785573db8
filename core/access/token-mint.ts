import { fromBase64Url, toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'
import type { TokenKind } from './accounts.ts'

/** Kinds that are signed; app passwords are random. */
export type SignedKind = Exclude<TokenKind, 'app'>

const LAYOUT = /^([A-Za-z0-9_-]{1,16})\.([A-Za-z0-9_-]{8,32})\.([A-Za-z0-9_-]{43})$/

/** Prints and reads tokens `kid.id.mac` without a store (`docs/signed-links.md`). */
export interface TokenMint {
  /** The token of this id, signed with the first key. The same id gives the same text while that key is first. */
  print(kind: SignedKind, id: string): Promise<string>
  /** The id of a token that some key of ours signed for this kind; null for anything else. Says nothing of revocation. */
  read(kind: SignedKind, token: string): Promise<string | null>
}

/** The mint of a ring of keys. MAC over `{kind}-token/v1 LF kid LF id`. */
export function createTokenMint(ring: KeyRing): TokenMint {
  return {
    async print(kind, id) {
      const mac = await ring.sign(`${kind}-token`, signedText(kind, ring.kid, id))
      return `${ring.kid}.${id}.${toBase64Url(mac)}`
    },
    async read(kind, token) {
      const [, kid, id, macText] = LAYOUT.exec(token) ?? []
      if (kid === undefined || id === undefined || macText === undefined) return null
      const mac = fromBase64Url(macText)
      if (mac === null) return null
      return (await ring.verify(`${kind}-token`, kid, signedText(kind, kid, id), mac)) ? id : null
    },
  }
}

const signedText = (kind: SignedKind, kid: string, id: string): string => `${kind}-token/v1\n${kid}\n${id}`
