import { checkAccountName, checkPassword } from './account-rules.ts'
import { foldName } from './accounts.ts'
import type { Account, Limits, PasswordHasher, PeopleStore, Role } from './accounts.ts'
import type { TokenDesk } from './house.ts'
import { stableHash } from '../stable-hash.ts'
import { Failure } from '../errors.ts'

/** What is told of a new person. */
export type NewPerson = {
  readonly name: string
  readonly role: Role
  readonly password: string
  readonly limits: Limits
}

/** What may be changed of a person; what is absent stays. */
export type PersonChange = {
  readonly role?: Role
  readonly password?: string
  readonly limits?: Partial<Limits>
}

/** Port: where an admin looks after people. */
export interface PeopleDesk {
  /** Those of the configuration first, then by name. */
  list(): Promise<readonly Account[]>
  /** Fails with `access/unknown-user`. */
  find(name: string): Promise<Account>
  /** Fails with `access/name-taken`, `http/bad-request`. */
  add(person: NewPerson): Promise<Account>
  /**
   * Changes the account if its revision is still `revision` (null: whatever it is).
   *
   * Fails with `access/unknown-user`, `access/user-changed`, `access/managed`, `access/last-admin`, `http/bad-request`.
   */
  change(name: string, change: PersonChange, revision: string | null): Promise<Account>
  /** Removes the account and revokes its tokens; it fails like `change`. */
  remove(name: string, revision: string | null): Promise<void>
}

/** Changes with everything that `change` can change. */
export const revisionOf = ({ name, role, limits, generation }: Account): string =>
  stableHash(JSON.stringify([name, role, limits, generation])).toString(36)

/** What the desk needs. */
export type PeoplePorts = {
  readonly accounts: PeopleStore
  readonly hasher: PasswordHasher
  readonly tokens: Pick<TokenDesk, 'revokeAllOf'>
  readonly now: () => number
}

/** The people of a house. Changes happen one after another, so that the last admin cannot be removed twice at once. */
export function createPeopleDesk({ accounts, hasher, tokens, now }: PeoplePorts): PeopleDesk {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => {}) // whoever asked for it is told; the next one starts anew
    return result
  }

  const find = async (name: string): Promise<Account> => {
    const account = await accounts.account(name)
    if (account === null) throw new Failure('access/unknown-user', 'Nobody here has this name')
    return account
  }

  /** The account, if it is ours to change and as it was seen. */
  const take = async (name: string, revision: string | null): Promise<Account> => {
    const account = await find(name)
    if (account.managed === true)
      throw new Failure('access/managed', `"${account.name}" is written in the configuration and is changed there`)
    if (revision !== null && revision !== revisionOf(account))
      throw new Failure('access/user-changed', `"${account.name}" was changed by somebody else`)
    return account
  }

  const keepAnAdmin = async (account: Account): Promise<void> => {
    if (account.role !== 'admin') return
    const admins = (await accounts.listAccounts()).filter(({ role }) => role === 'admin')
    if (admins.length < 2) throw new Failure('access/last-admin', 'This house needs an admin; make another one first')
  }

  return {
    list: () => accounts.listAccounts(),
    find,
    add: ({ name, role, password, limits }) =>
      inTurn(async () => {
        checkAccountName(name)
        checkPassword(password)
        if ((await accounts.account(name)) !== null)
          throw new Failure('access/name-taken', `Somebody has the name "${name}" already`)
        const passwordHash = await hasher.hash(password)
        // A clock instead of a count: cookies of somebody who had this name before open nothing.
        const account: Account = { name, role, passwordHash, createdAt: now(), generation: now(), limits }
        await accounts.putAccount(account)
        return account
      }),
    change: (name, { role, password, limits }, revision) =>
      inTurn(async () => {
        const before = await take(name, revision)
        if (role === 'viewer' || typeof limits?.expiresAt === 'number') await keepAnAdmin(before)
        if (password !== undefined) checkPassword(password)
        const account: Account = {
          ...before,
          role: role ?? before.role,
          limits: { ...before.limits, ...limits },
          ...(password !== undefined && {
            passwordHash: await hasher.hash(password),
            generation: Math.max(now(), before.generation + 1),
          }),
        }
        await accounts.putAccount(account)
        return account
      }),
    remove: (name, revision) =>
      inTurn(async () => {
        const account = await take(name, revision)
        await keepAnAdmin(account)
        await accounts.removeAccount(name)
        await tokens.revokeAllOf(foldName(name))
      }),
  }
}
