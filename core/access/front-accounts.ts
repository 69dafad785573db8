import { foldName } from './accounts.ts'
import type { AccountStore, PasswordHasher } from './accounts.ts'
import { withFixedAccounts } from './fixed-accounts.ts'
import type { FixedAccount } from './fixed-accounts.ts'
import type { KeyRing } from './keys.ts'
import type { KnownPeople } from './people-snapshot.ts'

/** What accounts without a store stand on. */
export type FrontAccountPorts = {
  readonly ring: KeyRing
  /** The accounts that this front's own configuration has. */
  readonly fixed: readonly FixedAccount[]
  /** The people as the adapter told them last; null: it is too old to tell them. */
  readonly people: () => KnownPeople | null
}

/**
 * Accounts on a front: those of its own configuration with their passwords, and the people of the house without: these sign
 * in with app passwords. Somebody who is both has the role and the limits of the house.
 */
export function createFrontAccounts({ ring, fixed, people }: FrontAccountPorts): {
  readonly accounts: AccountStore
  readonly hasher: PasswordHasher
} {
  const own = withFixedAccounts(fixed, { ring, stored: null, hasher: null })
  return {
    hasher: own.hasher,
    accounts: {
      ...own.accounts,
      async account(name) {
        const account = await own.accounts.account(name)
        const person = people()?.byName.get(foldName(name))
        if (person === undefined)
          return account === null || people() === null ? account : { ...account, knownBy: 'front' }
        const known = account ?? { name: person.name, passwordHash: '', createdAt: 0, generation: 0 }
        return { ...known, role: person.role, limits: person.limits, knownBy: 'house' }
      },
    },
  }
}
