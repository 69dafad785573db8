import { isOpen, NO_LIMITS } from './accounts.ts'
import type { Account, AccountStore, EndedSessionStore, PasswordHasher, Role } from './accounts.ts'
import type { SignedIn, SignInDesk } from './house.ts'
import { placeOf } from './network.ts'
import { checkAccountName, checkPassword, MAX_PASSWORD_LENGTH } from './account-rules.ts'
import { newId } from './random.ts'
import type { RandomBytes } from './random.ts'
import type { SessionMint } from './session.ts'
import type { SetupCode } from './setup-code.ts'
import { createThrottle } from './throttle.ts'
import { Failure } from '../errors.ts'
import { Secret } from '../secret.ts'
import { toPerson } from './caller.ts'
import type { Person } from './caller.ts'

const SESSION_MS = 30 * 24 * 3_600_000

/** The desk, and the look-up of sessions that identification needs. */
export type SignIn = SignInDesk & {
  /** Who a session cookie belongs to; null: expired, signed out, or the password has changed since. */
  session(cookie: string): Promise<{ readonly user: string; readonly role: Role; readonly person: Person } | null>
}

/** What signing in needs. `setup` is null where nobody can set up this house over the network. */
export type SignInPorts = {
  readonly accounts: AccountStore
  readonly hasher: PasswordHasher
  readonly sessions: SessionMint
  readonly ended: EndedSessionStore
  readonly setup: SetupCode | null
  readonly random: RandomBytes
  readonly now: () => number
}

/** Signing in with name and password; guessing is slowed down per address, and per name and address. */
export function createSignIn(ports: SignInPorts): SignIn {
  const { accounts, hasher, sessions, ended, setup, random, now } = ports
  // Five tries at once, then one every half minute; for one address over all names ten times that.
  const perName = createThrottle({ now, tries: 5, refillMs: 30_000, capacity: 10_000 })
  const perAddress = createThrottle({ now, tries: 50, refillMs: 3_000, capacity: 10_000 })
  let decoy: Promise<string> | null = null

  const begin = async (account: Account): Promise<SignedIn> => {
    const expiresAt = now() + SESSION_MS
    const cookie = await sessions.print({
      id: newId(random),
      user: account.name,
      generation: account.generation,
      expiresAt,
    })
    return { user: account.name, role: account.role, cookie: new Secret(cookie), expiresAt }
  }

  const slowDown = (address: string, name: string): string => {
    const place = placeOf(address)
    const key = `${place} ${name.slice(0, 64).toLowerCase()}`
    if (!perAddress.take(place) || !perName.take(key)) throw tooManyTries()
    return key
  }

  /** Somebody's hash, so that an unknown name takes as long as a wrong password. */
  const decoyHash = (): Promise<string> => {
    decoy ??= hasher.hash(newId(random)).catch(() => '')
    return decoy
  }

  return {
    needsSetup: async () => setup !== null && !(await accounts.hasAdmin()),
    async setUp({ code, name, password, address }) {
      if (setup === null || (await accounts.hasAdmin()))
        throw new Failure('access/setup-done', 'Cannot set up this house: it has an owner')
      // The code itself allows ten tries; this is only for the work that a try makes.
      if (!perAddress.take(placeOf(address))) throw tooManyTries()
      checkAccountName(name)
      checkPassword(password)
      if (!setup.redeem(code))
        throw new Failure('access/setup-code', 'The set-up code is wrong, was used, or is older than an hour')
      const account: Account = {
        name,
        role: 'admin',
        passwordHash: await hasher.hash(password),
        createdAt: now(),
        generation: now(),
        limits: NO_LIMITS,
      }
      if (!(await accounts.addFirstAdmin(account)))
        throw new Failure('access/setup-done', 'Cannot set up this house: it has an owner')
      return begin(account)
    },
    async checkCode({ code, address }) {
      if (setup === null || (await accounts.hasAdmin()))
        throw new Failure('access/setup-done', 'This house has an owner, who signs in')
      if (!perAddress.take(placeOf(address))) throw tooManyTries()
      if (!setup.matches(code))
        throw new Failure('access/setup-code', 'The set-up code is wrong, was used, or is older than an hour')
    },
    async signIn({ name, password, address }) {
      const key = slowDown(address, name)
      const account = await accounts.account(name)
      const isRight = await hasher.verify(
        password.slice(0, MAX_PASSWORD_LENGTH),
        account?.passwordHash ?? (await decoyHash()),
      )
      if (account === null || !isRight || !isOpen(account, now()))
        throw new Failure('access/wrong-password', 'Name and password do not belong together')
      perName.forgive(key)
      return begin(account)
    },
    async signOut(cookie) {
      const session = await sessions.read(cookie)
      if (session !== null) await ended.end(session.id, session.expiresAt)
    },
    async session(cookie) {
      const session = await sessions.read(cookie)
      if (session === null || (await ended.ended(session.id))) return null
      const account = await accounts.account(session.user)
      return account === null || account.generation !== session.generation || !isOpen(account, now())
        ? null
        : { user: account.name, role: account.role, person: toPerson(account) }
    },
  }
}

const tooManyTries = (): Failure => new Failure('access/throttled', 'Too many tries to sign in from this address')
