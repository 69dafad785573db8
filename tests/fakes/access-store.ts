import type { Account, PeopleStore, TokenRecord, TokenStore } from '../../core/access/accounts.ts'

/** Accounts in memory. */
export function createMemoryAccounts(
  initial: readonly Account[] = [],
): PeopleStore & { put(account: Account): void; remove(name: string): void } {
  const accounts = new Map(initial.map((account) => [account.name.toLowerCase(), account]))
  const hasAdmin = () => [...accounts.values()].some(({ role }) => role === 'admin')
  return {
    account: (name) => Promise.resolve(accounts.get(name.toLowerCase()) ?? null),
    hasAdmin: () => Promise.resolve(hasAdmin()),
    addFirstAdmin(account) {
      if (hasAdmin()) return Promise.resolve(false)
      accounts.set(account.name.toLowerCase(), account)
      return Promise.resolve(true)
    },
    putAccount(account) {
      accounts.set(account.name.toLowerCase(), account)
      return Promise.resolve()
    },
    listAccounts: () => Promise.resolve([...accounts.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))),
    removeAccount: (name) => Promise.resolve(accounts.delete(name.toLowerCase())),
    put: (account) => void accounts.set(account.name.toLowerCase(), account),
    remove: (name) => void accounts.delete(name),
  }
}

/** Tokens in memory. */
export function createMemoryTokens(): TokenStore {
  const tokens = new Map<string, TokenRecord>()
  const revoked = new Set<string>()
  const valid = () => [...tokens.values()].filter(({ id }) => !revoked.has(id))
  return {
    add(token) {
      tokens.set(token.id, token)
      return Promise.resolve()
    },
    token: (id) => Promise.resolve(valid().find((token) => token.id === id) ?? null),
    tokenByDigest: (digest) => Promise.resolve(valid().find((token) => token.digest === digest) ?? null),
    tokenOfAccount: (name) =>
      Promise.resolve(valid().find(({ account }) => account?.toLowerCase() === name.toLowerCase()) ?? null),
    list: () => Promise.resolve(valid()),
    revoke(id) {
      const isKnown = tokens.has(id) && !revoked.has(id)
      if (isKnown) revoked.add(id)
      return Promise.resolve(isKnown)
    },
    revokedIds: () => Promise.resolve([...revoked]),
    seen(id, at) {
      const token = tokens.get(id)
      if (token !== undefined) tokens.set(id, { ...token, lastSeen: at })
      return Promise.resolve()
    },
  }
}
