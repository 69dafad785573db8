import type { Access } from './caller.ts'
import type { KeyRing } from './keys.ts'
import { toBase64Url } from './base64url.ts'
import type { SignIn } from './sign-in.ts'
import type { Tokens } from './token-desk.ts'
import type { TokenMint } from './token-mint.ts'

/** Who is who in a house with a store. */
export function createAccess({ tokens, signIn }: { tokens: Tokens; signIn: SignIn }): Access {
  return {
    async viewingToken(text) {
      const record = await tokens.check('viewing', text)
      return record === null ? null : { id: record.id, name: record.name, slate: record.slate }
    },
    tokenOfAccount: (account) => tokens.tokenOfAccount(account),
    session: (cookie) => signIn.session(cookie),
    async apiToken(text) {
      const record = await tokens.check('api', text)
      // API tokens are given out by admins, for programs that do an admin's work.
      return record === null ? null : { name: record.name, role: 'admin' }
    },
  }
}

/**
 * Who is who on a front, which has keys and the snapshot's list of revoked tokens but no store.
 *
 * Names of tokens are not known here: callers are shown by their token's id. API tokens open nothing.
 */
export function createFrontAccess(ports: {
  readonly mint: TokenMint
  readonly ring: KeyRing
  readonly signIn: SignIn | null
  readonly revoked: () => ReadonlySet<string>
}): Access {
  const { mint, ring, signIn, revoked } = ports
  return {
    async viewingToken(text) {
      const id = await mint.read('viewing', text)
      return id === null || revoked().has(id) ? null : { id, name: id }
    },
    async tokenOfAccount(account) {
      // Without a store the id must come out the same each time: URLs in playlists are byte-stable.
      const mac = await ring.sign('session', `token-of-account/v1\n${account.toLowerCase()}`)
      return mint.print('viewing', toBase64Url(mac.subarray(0, 12)))
    },
    session: (cookie) => signIn?.session(cookie) ?? Promise.resolve(null),
    apiToken: () => Promise.resolve(null),
  }
}
