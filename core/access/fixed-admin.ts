import { NO_LIMITS } from './accounts.ts'
import type { FixedAccount } from './fixed-accounts.ts'
import type { Secret } from '../secret.ts'

/** Name of the account whose password is written in the configuration (`admin.password`). */
export const FIXED_ADMIN = 'admin'

/** The admin of the configuration: sees everything. */
export const fixedAdmin = (password: Secret): FixedAccount => ({
  name: FIXED_ADMIN,
  role: 'admin',
  password,
  limits: NO_LIMITS,
})

/** The accounts that the configuration writes down: `admin.password` and `users[]`. */
export const fixedAccounts = (config: {
  readonly admin: { readonly password: Secret | null }
  readonly users: readonly FixedAccount[]
}): readonly FixedAccount[] => [
  ...(config.admin.password === null ? [] : [fixedAdmin(config.admin.password)]),
  ...config.users,
]
