import { foldName } from './accounts.ts'
import type { Account, AccountStore, Limits, PasswordHasher, PeopleStore, Role } from './accounts.ts'
import type { KeyRing } from './keys.ts'
import type { Secret } from '../secret.ts'

/** An account that is written in the configuration. */
export type FixedAccount = {
  readonly name: string
  readonly role: Role
  readonly password: Secret
  readonly limits: Limits
}

const PREFIX = 'fixed:'

/**
 * Puts the accounts of the configuration before the stored ones, if any.
 *
 * Their passwords are in memory in the clear anyway, so they are not hashed slowly; and they are never stored. Their
 * generation comes from the password: a new one in the configuration ends the old sessions.
 */
export function withFixedAccounts<Store extends AccountStore>(
  fixed: readonly FixedAccount[],
  {
    ring,
    stored,
    hasher,
  }: { readonly ring: KeyRing; readonly stored: Store | null; readonly hasher: PasswordHasher | null },
): { readonly accounts: AccountStore; readonly hasher: PasswordHasher } {
  const byName = new Map(fixed.map((one) => [foldName(one.name), one]))
  const macOf = (text: string): Promise<Uint8Array<ArrayBuffer>> => ring.sign('session', `fixed-password/v1\n${text}`)

  return {
    accounts: {
      account: async (name) => {
        const one = byName.get(foldName(name))
        return one === undefined ? ((await stored?.account(name)) ?? null) : toAccount(one, ring)
      },
      hasAdmin: async () => fixed.some(({ role }) => role === 'admin') || ((await stored?.hasAdmin()) ?? false),
      addFirstAdmin: (account) =>
        fixed.some(({ role }) => role === 'admin')
          ? Promise.resolve(false)
          : (stored?.addFirstAdmin(account) ?? Promise.resolve(false)),
    },
    hasher: {
      async hash(text) {
        if (hasher === null) throw new TypeError('Accounts cannot be added here: there is no store')
        return hasher.hash(text)
      },
      async verify(attempt, hash) {
        const isFixed = hash.startsWith(PREFIX)
        if (!isFixed && hasher !== null) return hasher.verify(attempt, hash)
        const one = isFixed ? byName.get(hash.slice(PREFIX.length)) : undefined
        // Whoever guesses must not learn from the time it takes which names there are, and which of them are ours.
        const mac = await macOf(one?.password.reveal() ?? '')
        const isRight = await ring.verify('session', ring.kid, `fixed-password/v1\n${attempt}`, mac)
        if (one !== undefined && isRight) return true
        await hasher?.hash(attempt)
        return false
      },
    },
  }
}

/** The accounts of a house with a store: those of the configuration are listed first and win over stored ones of their name. */
export function withFixedPeople(
  fixed: readonly FixedAccount[],
  { ring, stored, hasher }: { readonly ring: KeyRing; readonly stored: PeopleStore; readonly hasher: PasswordHasher },
): { readonly accounts: PeopleStore; readonly hasher: PasswordHasher } {
  const names = new Set(fixed.map(({ name }) => foldName(name)))
  const desk = withFixedAccounts(fixed, { ring, stored, hasher })
  return {
    hasher: desk.hasher,
    accounts: {
      ...desk.accounts,
      putAccount: (account) => stored.putAccount(account),
      removeAccount: (name) => stored.removeAccount(name),
      async listAccounts() {
        const own = (await stored.listAccounts()).filter(({ name }) => !names.has(foldName(name)))
        return [...(await Promise.all(fixed.map((one) => toAccount(one, ring)))), ...own]
      },
    },
  }
}

async function toAccount({ name, role, password, limits }: FixedAccount, ring: KeyRing): Promise<Account> {
  const mac = await ring.sign('session', `fixed-password/v1\ngeneration\n${password.reveal()}`)
  const generation = new DataView(mac.buffer).getUint32(0) + 1
  return { name, role, passwordHash: PREFIX + foldName(name), createdAt: 0, generation, limits, managed: true }
}
