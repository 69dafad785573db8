import type { TokenStore } from './accounts.ts'
import { toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'
import { placeOf } from './network.ts'
import type { RandomBytes } from './random.ts'
import { createThrottle } from './throttle.ts'
import type { TokenMint } from './token-mint.ts'
import { Failure } from '../errors.ts'
import { Secret } from '../secret.ts'

/** What a short link says of the playlist beside the token: its selection, and the program that reads it. */
export type ShortLinkAim = { readonly selection: string | null; readonly client: string | null }

/** All channels, for any program. */
export const NO_AIM: ShortLinkAim = { selection: null, client: null }

/** A short link as it is stored: a stolen database has no code in it. */
export type ShortLink = {
  /** MAC over the code. */
  readonly digest: string
  /** The viewing token that it leads to. */
  readonly tokenId: string
  readonly aim: ShortLinkAim
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly expiresAt: number
}

/** Port of the store: short links. */
export interface ShortLinkStore {
  /** Keeps the link in place of the token's others, and forgets those that have expired by its creation. */
  put(link: ShortLink): Promise<void>
  find(digest: string): Promise<ShortLink | null>
  /** All that are kept, the newest first. */
  all(): Promise<readonly ShortLink[]>
  extend(digest: string, expiresAt: number): Promise<void>
}

/** A short link that has just been made; its code is shown this once. */
export type NewShortLink = { readonly code: Secret; readonly expiresAt: number }

/** A short link as lists show it: never its code. Instants are epoch milliseconds. */
export type ShortLinkRow = Pick<ShortLink, 'tokenId' | 'aim' | 'createdAt' | 'expiresAt'> & {
  /** Of its viewing token. */
  readonly name: string
  readonly lastSeen: number | null
}

/** Port: addresses that can be typed with a remote control. */
export interface ShortLinkDesk {
  /** A new link to a viewing token, in place of the one before. Fails with `http/not-found` for a token that is none. */
  make(tokenId: string, aim?: ShortLinkAim): Promise<NewShortLink>
  /** Those that lead somewhere now, the newest first. */
  list(): Promise<readonly ShortLinkRow[]>
  /**
   * The token that somebody's code leads to, and what it says beside; null: none, whatever the reason. Fails with `access/throttled` when too many
   * codes were wrong, from this address or in all.
   */
  open(code: string, address: string): Promise<{ readonly token: Secret; readonly aim: ShortLinkAim } | null>
  /** Whether this code leads to this token now. */
  leadsTo(code: string, tokenId: string): Promise<boolean>
}

// Crockford's base 32 in small letters: no i, l, o, u, which are read as other characters or words.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 8 // × 5 bits = 40 bits
const HOUR_MS = 3_600_000
/** Until it is typed for the first time. */
const UNUSED_MS = 24 * HOUR_MS
/** After its last use: players keep the address that was typed, and fetch their list from it once a day. */
const UNFETCHED_MS = 30 * 24 * HOUR_MS
/** An expiry is moved at most so often. */
const EXTENDED_EVERY_MS = HOUR_MS
const SHORTEST = /^[0-9a-z]{8}$/

/** What short links stand on. */
export type ShortLinkPorts = {
  readonly ring: KeyRing
  readonly mint: TokenMint
  readonly tokens: Pick<TokenStore, 'token'>
  readonly store: ShortLinkStore
  readonly random: RandomBytes
  readonly now: () => number
}

/** Short links over a store: 40 random bits each, guessed at most once a second in the whole house. */
export function createShortLinks({ ring, mint, tokens, store, random, now }: ShortLinkPorts): ShortLinkDesk {
  // A code that is right costs a try too: whoever has one must not guess others for nothing.
  const byAddress = createThrottle({ now, tries: 20, refillMs: 60_000, capacity: 10_000 })
  const inAll = createThrottle({ now, tries: 100, refillMs: 1000, capacity: 1 })

  const digestOf = async (code: string): Promise<string> =>
    toBase64Url(await ring.sign('short-link', `short-link/v1\n${code}`))

  const find = async (code: string): Promise<ShortLink | null> => {
    const link = SHORTEST.test(code) ? await store.find(await digestOf(code)) : null
    if (link === null || link.expiresAt <= now()) return null
    const token = await tokens.token(link.tokenId)
    return token?.kind === 'viewing' ? link : null
  }

  return {
    async make(tokenId, aim = NO_AIM) {
      const token = await tokens.token(tokenId)
      if (token?.kind !== 'viewing') throw new Failure('http/not-found', 'There is no such viewing link')
      const code = Array.from(random(LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('')
      const createdAt = now()
      const expiresAt = createdAt + UNUSED_MS
      await store.put({ digest: await digestOf(code), tokenId, aim, createdAt, expiresAt })
      return { code: new Secret(code), expiresAt }
    },
    async open(code, address) {
      if (!byAddress.take(placeOf(address)) || !inAll.take('all'))
        throw new Failure('access/throttled', 'Too many short links were wrong: wait a minute')
      const link = await find(normalize(code))
      if (link === null) return null
      const expiresAt = now() + UNFETCHED_MS
      if (expiresAt - link.expiresAt >= EXTENDED_EVERY_MS) await store.extend(link.digest, expiresAt)
      return { token: new Secret(await mint.print('viewing', link.tokenId)), aim: link.aim }
    },
    async list() {
      const living = (await store.all()).filter(({ expiresAt }) => expiresAt > now())
      const rows = await Promise.all(
        living.map(async ({ tokenId, aim, createdAt, expiresAt }): Promise<readonly ShortLinkRow[]> => {
          const token = await tokens.token(tokenId)
          if (token?.kind !== 'viewing') return []
          return [{ tokenId, aim, createdAt, expiresAt, name: token.name, lastSeen: token.lastSeen }]
        }),
      )
      return rows.flat()
    },
    async leadsTo(code, tokenId) {
      return (await find(normalize(code)))?.tokenId === tokenId
    },
  }
}

const normalize = (code: string): string =>
  code.slice(0, 64).toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1')
