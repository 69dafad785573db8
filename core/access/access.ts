import { isOpen } from './accounts.ts'
import type { AccountStore, TokenRecord } from './accounts.ts'
import { toPerson } from './caller.ts'
import type { Access, Person } from './caller.ts'
import type { KeyRing } from './keys.ts'
import { toBase64Url } from './base64url.ts'
import type { SignIn } from './sign-in.ts'
import type { Tokens } from './token-desk.ts'
import type { TokenMint } from './token-mint.ts'

/** What knowing people needs. */
export type AccessPorts = {
  readonly tokens: Tokens
  readonly signIn: SignIn
  readonly accounts: Pick<AccountStore, 'account'>
  readonly now: () => number
}

/** Who is who in a house with a store. */
export function createAccess({ tokens, signIn, accounts, now }: AccessPorts): Access {
  /** Null: gone, or expired. */
  const personOf = async (name: string): Promise<Person | null> => {
    const account = await accounts.account(name)
    return account === null || !isOpen(account, now()) ? null : toPerson(account)
  }

  /** Whose limits count for a token; null: it opens nothing any more. */
  const holderOf = async ({ owner }: TokenRecord): Promise<{ readonly person?: Person } | null> => {
    if (owner === null) return {}
    const person = await personOf(owner)
    return person === null ? null : { person }
  }

  return {
    async viewingToken(text) {
      const record = await tokens.check('viewing', text)
      const holder = record === null ? null : await holderOf(record)
      return record === null || holder === null
        ? null
        : { id: record.id, name: record.name, slate: record.slate, ...holder }
    },
    tokenOfAccount: (account) => tokens.tokenOfAccount(account),
    session: (cookie) => signIn.session(cookie),
    async apiToken(text) {
      const record = await tokens.check('api', text)
      const holder = record === null ? null : await holderOf(record)
      if (record === null || holder === null) return null
      const { id, name, scope } = record
      // One that belongs to nobody was given out by an admin, for a program that does an admin's work.
      return { id, name, scope, role: holder.person?.role ?? 'admin', ...holder }
    },
    async personOf(user) {
      const token = await tokens.find(user)
      return token === null ? personOf(user) : token.owner === null ? null : personOf(token.owner)
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
