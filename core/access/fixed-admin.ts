import type { Account, AccountStore, PasswordHasher } from './accounts.ts'
import type { KeyRing } from './keys.ts'
import type { Secret } from '../secret.ts'

/** Name of the account whose password is written in the configuration (`admin.password`). */
export const FIXED_ADMIN = 'admin'

const PREFIX = 'fixed:'

/**
 * Puts the admin of the configuration before the stored accounts, if any: `admin`, with the password written there.
 *
 * Its password is in memory in the clear anyway, so it is not hashed slowly; and it is never stored. Its generation
 * comes from the password: a new one in the configuration ends the old sessions.
 */
export function withFixedAdmin(
  password: Secret,
  {
    ring,
    stored,
    hasher,
  }: { readonly ring: KeyRing; readonly stored: AccountStore | null; readonly hasher: PasswordHasher | null },
): { readonly accounts: AccountStore; readonly hasher: PasswordHasher } {
  const macOf = (text: string): Promise<Uint8Array<ArrayBuffer>> => ring.sign('session', `fixed-password/v1\n${text}`)

  const account = async (): Promise<Account> => {
    const mac = await macOf(`generation\n${password.reveal()}`)
    const generation = new DataView(mac.buffer).getUint32(0) + 1
    return { name: FIXED_ADMIN, role: 'admin', passwordHash: PREFIX, createdAt: 0, generation }
  }

  return {
    accounts: {
      account: async (name) =>
        name.toLowerCase() === FIXED_ADMIN ? account() : ((await stored?.account(name)) ?? null),
      hasAdmin: () => Promise.resolve(true),
      addFirstAdmin: () => Promise.resolve(false),
    },
    hasher: {
      async hash(text) {
        if (hasher === null) throw new TypeError('Accounts cannot be added here: there is no store')
        return hasher.hash(text)
      },
      async verify(attempt, hash) {
        if (hash === PREFIX)
          return ring.verify('session', ring.kid, `fixed-password/v1\n${attempt}`, await macOf(password.reveal()))
        return hasher?.verify(attempt, hash) ?? false
      },
    },
  }
}
