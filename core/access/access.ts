import { isOpen } from './accounts.ts'
import type { AccountStore } from './accounts.ts'
import { toPerson } from './caller.ts'
import type { Access, Person } from './caller.ts'
import type { SignIn } from './sign-in.ts'
import type { CheckedToken, CheckedTokens } from './token-desk.ts'

/** What knowing people needs. */
export type AccessPorts = {
  readonly tokens: CheckedTokens
  /** Null: nobody can sign in here. */
  readonly signIn: Pick<SignIn, 'session'> | null
  readonly accounts: Pick<AccountStore, 'account'>
  readonly now: () => number
}

/** Who is who, in a house with a store and on a front alike. */
export function createAccess({ tokens, signIn, accounts, now }: AccessPorts): Access {
  /** Null: gone, or expired. */
  const personOf = async (name: string): Promise<Person | null> => {
    const account = await accounts.account(name)
    return account === null || !isOpen(account, now()) ? null : toPerson(account)
  }

  /** Whose limits count for a token; null: it opens nothing any more. */
  const holderOf = async ({ owner }: CheckedToken): Promise<{ readonly person?: Person } | null> => {
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
    session: (cookie) => signIn?.session(cookie) ?? Promise.resolve(null),
    async apiToken(text) {
      const record = await tokens.check('api', text)
      const holder = record === null ? null : await holderOf(record)
      if (record === null || holder === null) return null
      const { id, name, scope } = record
      // One that belongs to nobody was given out by an admin, for a program that does an admin's work.
      return { id, name, scope, role: holder.person?.role ?? 'admin', ...holder }
    },
    person: personOf,
    async linkUser(user) {
      const token = await tokens.find(user)
      if (token !== null) return { name: token.name, person: token.owner === null ? null : await personOf(token.owner) }
      const person = await personOf(user)
      return person === null ? null : { name: person.name, person }
    },
  }
}
