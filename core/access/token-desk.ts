import { foldName } from './accounts.ts'
import type { TokenKind, TokenRecord, TokenStore } from './accounts.ts'
import type { TokenDesk } from './house.ts'
import { newId } from './random.ts'
import { digestOf, newSecretText } from './random-secret.ts'
import type { RandomBytes } from './random.ts'
import type { TokenMint } from './token-mint.ts'
import { Failure } from '../errors.ts'
import { Secret } from '../secret.ts'

const MAX_NAME_LENGTH = 64
const SEEN_EVERY_MS = 60_000

/** What identification needs of a token that is right. */
export type CheckedToken = Pick<TokenRecord, 'id' | 'kind' | 'name' | 'owner' | 'scope' | 'slate'>

/** The checks that identification needs, with a store and without. */
export interface CheckedTokens {
  /** The record of a token that is right, known and not revoked. */
  check(kind: TokenKind, token: string): Promise<CheckedToken | null>
  /** The record of an id that somebody came with, elsewhere, if it is known and not revoked. */
  find(id: string): Promise<CheckedToken | null>
  /** The account's own viewing token; null: it has none, and none can be made here. */
  tokenOfAccount(account: string): Promise<string | null>
}

/** The desk, and the checks; here the own viewing token of an account is made on first use. */
export type Tokens = TokenDesk &
  Omit<CheckedTokens, 'tokenOfAccount'> & { tokenOfAccount(account: string): Promise<string> }

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

  const add = async (token: Omit<TokenRecord, 'id' | 'createdAt' | 'lastSeen'>): Promise<TokenRecord> => {
    const record: TokenRecord = { ...token, id: newId(random), createdAt: now(), lastSeen: null }
    await store.add(record)
    return record
  }

  const noteUse = async ({ id, lastSeen }: TokenRecord): Promise<void> => {
    if (lastSeen === null || now() - lastSeen >= SEEN_EVERY_MS) await store.seen(id, now())
  }

  const byDigest = async (kind: TokenKind, text: string): Promise<TokenRecord | null> => {
    const digest = kind === 'viewing' ? null : await digestOf(kind, text)
    return digest === null ? null : store.tokenByDigest(digest)
  }

  const byMac = async (kind: TokenKind, text: string): Promise<TokenRecord | null> => {
    const id = kind === 'app' ? null : await mint.read(kind, text)
    return id === null ? null : store.token(id)
  }

  return {
    list: () => store.list(),
    async add({ kind, name, slate = false, owner = null, scope = 'write' }) {
      const clean = name.trim()
      if (clean === '' || clean.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(clean)) {
        throw new Failure('http/bad-request', `The name of a token should have 1 to ${MAX_NAME_LENGTH} characters`)
      }
      if (kind === 'app' && owner === null)
        throw new Failure('http/bad-request', 'An app password should belong to a person')
      const wish = { kind, name: clean, account: null, owner, slate, scope }
      if (kind === 'viewing') {
        const record = await add({ ...wish, digest: null })
        return { record, token: new Secret(await mint.print(kind, record.id)) }
      }
      const text = newSecretText(kind, random)
      return { record: await add({ ...wish, digest: await digestOf(kind, text) }), token: new Secret(text) }
    },
    revoke: (id) => store.revoke(id, now()),
    async revokeAllOf(owner) {
      const name = foldName(owner)
      for (const token of await store.list())
        if (token.owner !== null && foldName(token.owner) === name) await store.revoke(token.id, now())
    },
    async find(id) {
      const record = await store.token(id)
      if (record !== null) await noteUse(record)
      return record
    },
    revokedIds: () => store.revokedIds(),
    async check(kind, token) {
      const record = (await byDigest(kind, token)) ?? (await byMac(kind, token))
      if (record === null || record.kind !== kind) return null
      await noteUse(record)
      return record
    },
    async tokenOfAccount(account) {
      const known = await store.tokenOfAccount(account)
      if (known !== null) return mint.print('viewing', known.id)
      // Two first requests at once must not make two tokens: URLs in playlists are byte-stable.
      const name = foldName(account)
      const made =
        making.get(name) ??
        add({
          kind: 'viewing',
          name: account,
          account,
          owner: account,
          slate: false,
          digest: null,
          scope: 'read',
        }).finally(() => making.delete(name))
      making.set(name, made)
      return mint.print('viewing', (await made).id)
    },
  }
}
