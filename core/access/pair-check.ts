import { foldName, isOpen } from './accounts.ts'
import type { Account, AccountStore, PasswordHasher } from './accounts.ts'
import { toPerson } from './caller.ts'
import type { Person } from './caller.ts'
import type { Try } from './house.ts'
import { placeOf } from './network.ts'
import type { RandomBytes } from './random.ts'
import { createThrottle } from './throttle.ts'
import type { CheckedTokens } from './token-desk.ts'
import { toBase64Url } from './base64url.ts'
import { Failure } from '../errors.ts'

/** Who signs in with a pair, and by which app password, if it was one. */
export type CheckedPair = Person & { readonly tokenId?: string }

/** Port: who a name and a password belong to, for players that send both with every request. */
export interface PairCheck {
  /** Null: they do not belong together, or there is no such name; both take as long. Fails with `access/throttled`. */
  check(attempt: Try): Promise<CheckedPair | null>
}

/** What checking needs. */
export type PairCheckPorts = {
  readonly accounts: AccountStore
  /** App passwords; null: there are none here. */
  readonly tokens: Pick<CheckedTokens, 'check'> | null
  readonly hasher: PasswordHasher
  readonly random: RandomBytes
  readonly now: () => number
}

const KEPT_MS = 10 * 60_000
const MOST_KEPT = 1000
const LONGEST = 256

type Known = { readonly name: string; readonly generation: number; readonly until: number }

/**
 * Checks pairs against the accounts. Hashes of passwords are slow on purpose, and players sign in with every request: a
 * pair that was right is known again for ten minutes by a MAC with a key that dies with the process, or until the password
 * changes. Only the slow way counts as a try. An app password is never slow: it is too long to be guessed.
 */
export function createPairCheck({ accounts, tokens, hasher, random, now }: PairCheckPorts): PairCheck {
  const perName = createThrottle({ now, tries: 5, refillMs: 30_000, capacity: 10_000 })
  const perAddress = createThrottle({ now, tries: 50, refillMs: 3_000, capacity: 10_000 })
  const known = new Map<string, Known>()
  /** Players ask for several things at once: they wait for one look together. */
  const looking = new Map<string, Promise<Account | null>>()
  let secret: Promise<CryptoKey> | null = null
  let decoy: Promise<string> | null = null

  const digest = async (name: string, password: string): Promise<string> => {
    secret ??= crypto.subtle.importKey('raw', new Uint8Array(random(32)), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ])
    const text = new TextEncoder().encode(`${foldName(name)}\n${password}`)
    return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await secret, text)))
  }

  const remember = (mac: string, { name, generation }: Account): void => {
    known.delete(mac)
    known.set(mac, { name, generation, until: now() + KEPT_MS })
    const [oldest] = known.keys()
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest)
  }

  const recall = async (mac: string): Promise<Account | null> => {
    const found = known.get(mac)
    if (found === undefined) return null
    const account = found.until > now() ? await accounts.account(found.name) : null
    if (account?.generation === found.generation) return account
    known.delete(mac)
    return null
  }

  const look = async ({ name, password, address }: Try): Promise<Account | null> => {
    const place = placeOf(address)
    const key = `${place} ${name.slice(0, 64).toLowerCase()}`
    if (!perAddress.take(place) || !perName.take(key))
      throw new Failure('access/throttled', 'Too many tries to sign in from this address')
    const account = await accounts.account(name)
    decoy ??= hasher.hash(toBase64Url(random(16))).catch(() => '')
    if (!(await hasher.verify(password, account?.passwordHash ?? (await decoy)))) return null
    if (account !== null) perName.forgive(key)
    return account
  }

  /** Null: it is no app password of this person. */
  const byApp = async (name: string, password: string): Promise<CheckedPair | null> => {
    const token = (await tokens?.check('app', password)) ?? null
    if (token === null || token.owner === null || foldName(token.owner) !== foldName(name)) return null
    const account = await accounts.account(token.owner)
    return account === null ? null : { ...toPerson(account), tokenId: token.id }
  }

  return {
    async check(attempt) {
      const name = attempt.name.slice(0, LONGEST)
      const password = attempt.password.slice(0, LONGEST)
      const app = await byApp(name, password)
      if (app !== null) return isOpen(app, now()) ? app : null
      const mac = await digest(name, password)
      const recalled = await recall(mac)
      if (recalled !== null) return isOpen(recalled, now()) ? toPerson(recalled) : null
      // From another address it is another try.
      const key = `${mac} ${attempt.address}`
      const found = looking.get(key) ?? look({ ...attempt, name, password }).finally(() => looking.delete(key))
      looking.set(key, found)
      const account = await found
      if (account !== null) remember(mac, account)
      return account !== null && isOpen(account, now()) ? toPerson(account) : null
    },
  }
}
