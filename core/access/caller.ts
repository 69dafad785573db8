import type { Account, Role, TokenScope } from './accounts.ts'

/** The person behind a call, with their limits. */
export type Person = Pick<Account, 'name' | 'role' | 'limits' | 'knownBy'>

/** Of an account only what others may know. */
export const toPerson = ({ name, role, limits, knownBy }: Account): Person => ({
  name,
  role,
  limits,
  ...(knownBy !== undefined && { knownBy }),
})

/** Who calls, as found by `handlers/identify`. `prefix` is '', `/t/{token}` or `/s/{token}`: what every URL in an answer starts with. */
export type Caller = {
  readonly kind: 'anonymous' | 'token' | 'session' | 'api-token' | 'link'
  /** Name shown in the status: the user's or the token's; null for anonymous callers. */
  readonly user: string | null
  readonly role: 'admin' | 'viewer' | null
  readonly address: string
  /** The socket is loopback and nothing says otherwise (contract §3.1). */
  readonly loopback: boolean
  readonly mayWatch: boolean
  readonly prefix: string
  /** Only for callers by signed link: the link's session, which lives as long as its connection is open. */
  readonly linkSession?: string
  /** Its device wants a slate while there is no picture, instead of an error. */
  readonly slate?: boolean
  /** Whose limits count; absent: nobody's in particular. */
  readonly person?: Person
  /** Which of the person's devices it is, as far as that shows; absent where there is no person. */
  readonly device?: string
  /** The token by which the caller came, so that two devices of one person are told apart; absent: by none. */
  readonly tokenId?: string
  /** What the player calls itself, 200 characters at most; absent: it does not say. */
  readonly player?: string
  /** Of an API token; absent: everything that the role may. */
  readonly scope?: TokenScope
}

/** A viewing token as lists show it; the token itself is shown once, when it is made. */
export type ViewingToken = {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  readonly lastSeen: number | null
}

/**
 * Port: accounts, tokens and rights. One implementation on the LAN (store), one on an edge (keys and snapshot only).
 *
 * Shapes are refined in `core/access`; see the implementation there.
 */
export interface Access {
  /** Checks a viewing token (`kid.id.mac`); null when wrong or revoked, or when its owner is gone or has expired. */
  viewingToken(token: string): Promise<HeldToken | null>
  /** The viewing token of a signed-in account, made on first use, so that playlists carry the caller's own. */
  tokenOfAccount(account: string): Promise<string | null>
  /** Checks a session cookie's value. */
  session(cookie: string): Promise<{ readonly user: string; readonly role: Role; readonly person?: Person } | null>
  /** Checks an API token. */
  apiToken(token: string): Promise<{
    readonly id?: string
    readonly name: string
    readonly role: Role
    readonly scope?: TokenScope
    readonly person?: Person
  } | null>
  /** The person with this account; null: gone, or expired. Absent on a front. */
  person?(account: string): Promise<Person | null>
  /**
   * Who a signed link's user is, the id of a token or the name of an account: what to call them, and whose limits count where
   * the link does not say it. Null: nobody here knows. Absent on a front.
   */
  linkUser?(user: string): Promise<{ readonly name: string; readonly person: Person | null } | null>
}

/** A viewing token that is right. */
export type HeldToken = {
  readonly id: string
  readonly name: string
  readonly slate?: boolean
  readonly person?: Person
}
