/** What a signed-in person may do: everything, or watch. */
export type Role = 'admin' | 'viewer'

/** An account of this house. `passwordHash` is what a `PasswordHasher` printed; it never leaves the process. */
export type Account = {
  /** Sign-in name, unique without regard to case. */
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Rises with every change of the password; sessions of an older generation end. Starts at 1. */
  readonly generation: number
}

/** Port of the store: the accounts. Names are compared without regard to case. */
export interface AccountStore {
  account(name: string): Promise<Account | null>
  hasAdmin(): Promise<boolean>
  /** Adds the account only if there is no admin yet, in one transaction; false: there is one already. */
  addFirstAdmin(account: Account): Promise<boolean>
}

/** What a stored token opens: the viewing routes, or the API. */
export type TokenKind = 'viewing' | 'api'

/**
 * A token as it is stored. The token's text is not: it is computed from `id` and a link key (`docs/signed-links.md`),
 * so a stolen database opens nothing.
 */
export type TokenRecord = {
  /** Public part of the token, `[A-Za-z0-9_-]{8,32}`, unique over both kinds, never used again. */
  readonly id: string
  readonly kind: TokenKind
  /** What the owner calls it (`Kodi in the kitchen`). */
  readonly name: string
  /** The account whose own token it is (playlists of a signed-in person carry it); null: given to a device or person. */
  readonly account: string | null
  /** Its holder sees a slate while there is no picture. */
  readonly slate: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Epoch milliseconds of the last use, at a resolution of a minute; null: never used. */
  readonly lastSeen: number | null
}

/** Port of the store: tokens. A revoked token's id is kept for ever, so that fronts go on refusing it. */
export interface TokenStore {
  add(token: TokenRecord): Promise<void>
  /** The token if it is known and not revoked. */
  token(id: string): Promise<TokenRecord | null>
  /** The viewing token of an account (compared without regard to case), not revoked. */
  tokenOfAccount(account: string): Promise<TokenRecord | null>
  /** All tokens that are not revoked, oldest first. */
  list(): Promise<readonly TokenRecord[]>
  /** False: unknown, or revoked before. */
  revoke(id: string, at: number): Promise<boolean>
  /** Ids of all revoked tokens, oldest first. */
  revokedIds(): Promise<readonly string[]>
  /** Notes a use. Called at most once a minute for one token; may be written late. */
  seen(id: string, at: number): Promise<void>
}

/** Port of the store: sessions that were signed out before their cookie expired. */
export interface EndedSessionStore {
  /** Remembers the session id until `expiresAt` (epoch milliseconds); afterwards it may be forgotten. */
  end(id: string, expiresAt: number): Promise<void>
  ended(id: string): Promise<boolean>
}

/** Port: hashes of passwords, slow on purpose. */
export interface PasswordHasher {
  /** A text that carries method, cost and salt. */
  hash(password: string): Promise<string>
  /** Whether the password is the one of this hash; false as well for a hash that cannot be read. */
  verify(password: string, hash: string): Promise<boolean>
}
