import type { TokenKind, TokenRecord, TokenStore } from './accounts.ts'
import type { TokenDesk } from './house.ts'
import { newId } from './random.ts'
import type { RandomBytes } from './random.ts'
import type { TokenMint } from './token-mint.ts'
import { Failure } from '../errors.ts'
import { Secret } from '../secret.ts'

const MAX_NAME_LENGTH = 64
const SEEN_EVERY_MS = 60_000

/** The desk, and the checks that identification needs. */
export type Tokens = TokenDesk & {
  /** The record of a token that is right, known and not revoked. */
  check(kind: TokenKind, token: string): Promise<TokenRecord | null>
  /** The account's own viewing token, made on first use. */
  tokenOfAccount(account: string): Promise<string>
}

/** What tokens with a store need. */
export type TokenPorts = {
  readonly mint: TokenMint
  readonly store: TokenStore
  readonly random: RandomBytes
  readonly now: () => number
}

/** Tokens over a store: a token that nobody can list and revoke opens nothing here, even if its MAC is right. */
export function createTokens({ mint, store, random, now }: TokenPorts): Tokens {
  const making = new Map<string, Promise<TokenRecord>>()

  const add = async (token: Pick<TokenRecord, 'kind' | 'name' | 'account' | 'slate'>): Promise<TokenRecord> => {
    const record: TokenRecord = { ...token, id: newId(random), createdAt: now(), lastSeen: null }
    await store.add(record)
    return record
  }

  return {
    list: () => store.list(),
    async add({ kind, name, slate = false }) {
      const clean = name.trim()
      if (clean === '' || clean.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(clean)) {
        throw new Failure('http/bad-request', `The name of a token should have 1 to ${MAX_NAME_LENGTH} characters`)
      }
      const record = await add({ kind, name: clean, account: null, slate })
      return { record, token: new Secret(await mint.print(kind, record.id)) }
    },
    revoke: (id) => store.revoke(id, now()),
    revokedIds: () => store.revokedIds(),
    async check(kind, token) {
      const id = await mint.read(kind, token)
      const record = id === null ? null : await store.token(id)
      if (record === null || record.kind !== kind) return null
      if (record.lastSeen === null || now() - record.lastSeen >= SEEN_EVERY_MS) await store.seen(record.id, now())
      return record
    },
    async tokenOfAccount(account) {
      const known = await store.tokenOfAccount(account)
      if (known !== null) return mint.print('viewing', known.id)
      // Two first requests at once must not make two tokens: URLs in playlists are byte-stable.
      const name = account.toLowerCase()
      const made =
        making.get(name) ??
        add({ kind: 'viewing', name: account, account, slate: false }).finally(() => making.delete(name))
      making.set(name, made)
      return mint.print('viewing', (await made).id)
    },
  }
}
