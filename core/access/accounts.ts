/** What a signed-in person may do: everything, or watch. */
export type Role = 'admin' | 'viewer'

/** What a person may see, how much at a time, and how long. */
export type Limits = {
  /** Streams at a time, over all faces and devices; null: as many as the sources have. */
  readonly maxStreams: number | null
  /** Names of the groups whose channels they see. With `selections` null as well: all channels. */
  readonly groups: readonly string[] | null
  /** Ids of the selections whose channels they see, beside those of `groups`. */
  readonly selections: readonly string[] | null
  /** Channels of groups for adults are not there for them. */
  readonly adultLock: boolean
  /** Epoch milliseconds from which nothing opens any more; null: never. */
  readonly expiresAt: number | null
}

/** Sees everything, for ever. */
export const NO_LIMITS: Limits = {
  maxStreams: null,
  groups: null,
  selections: null,
  adultLock: false,
  expiresAt: null,
}

/** An account of this house. `passwordHash` is what a `PasswordHasher` printed; it never leaves the process. */
export type Account = {
  /** Sign-in name, unique without regard to case. */
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Rises with every change of the password; sessions of an older generation end. */
  readonly generation: number
  readonly limits: Limits
  /** Written in the configuration file, and changed there alone. */
  readonly managed?: true
  /** On a front: whether the house has this account, or the front's own configuration alone; absent: the house does not say. */
  readonly knownBy?: 'house' | 'front'
}

/** Whether the account opens something at this instant. */
export const isOpen = ({ limits }: Pick<Account, 'limits'>, now: number): boolean =>
  limits.expiresAt === null || now < limits.expiresAt

/** Names that differ only by case, or in how their letters are composed, are one name; this one is also an id. */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase()

/** Port of the store: the accounts. Names are compared without regard to case. */
export interface AccountStore {
  account(name: string): Promise<Account | null>
  hasAdmin(): Promise<boolean>
  /** Adds the account only if there is no admin yet, in one transaction; false: there is one already. */
  addFirstAdmin(account: Account): Promise<boolean>
}

/** Port of the store: the accounts, and what an admin does with them. */
export interface PeopleStore extends AccountStore {
  /** Adds the account or replaces the one of this name. */
  putAccount(account: Account): Promise<void>
  /** All accounts, by name. */
  listAccounts(): Promise<readonly Account[]>
  /** False: there is none. */
  removeAccount(name: string): Promise<boolean>
}

/**
 * What a stored token opens: `viewing` the viewing routes as part of an address, `api` the API, `app` the viewing routes as
 * the password of its owner (an app password).
 */
export type TokenKind = 'viewing' | 'api' | 'app'

/** What an API token may do: only look, or change things too. */
export type TokenScope = 'read' | 'write'

/**
 * A token as it is stored. Its text is not. A token with a `digest` is random, and that is its SHA-256 as base64url; any
 * other is computed from `id` and a link key (`docs/signed-links.md`). So a stolen database opens nothing.
 */
export type TokenRecord = {
  /** Public part of the token, `[A-Za-z0-9_-]{8,32}`, unique over both kinds, never used again. */
  readonly id: string
  readonly kind: TokenKind
  /** What the owner calls it (`Kodi in the kitchen`). */
  readonly name: string
  /** The account whose own token it is (playlists of a signed-in person carry it); null: given to a device or person. */
  readonly account: string | null
  /** Whose device or program it is for: it opens what they may see, and dies with them. Null: nobody's in particular. */
  readonly owner: string | null
  readonly digest: string | null
  /** Of an API token; others only look anyway. */
  readonly scope: TokenScope
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
  /** The token with this digest if it is not revoked. */
  tokenByDigest(digest: string): Promise<TokenRecord | null>
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
