import type { Role, TokenKind, TokenRecord, TokenScope } from './accounts.ts'
import type { Secret } from '../secret.ts'

/** A session that has just begun. `cookie` is the value of the session cookie. */
export type SignedIn = {
  readonly user: string
  readonly role: Role
  readonly cookie: Secret
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Where a try to sign in comes from, for the throttle. */
export type Try = { readonly name: string; readonly password: string; readonly address: string }

/** Port of the front door: signing in and out, and the first set-up. */
export interface SignInDesk {
  /** Whether nobody owns this house yet, so that `/setup` is open to the holder of the code. */
  needsSetup(): Promise<boolean>
  /** Makes the first admin account. Fails with `access/setup-done`, `access/setup-code`, `access/throttled`, `http/bad-request`. */
  setUp(attempt: Try & { readonly code: string }): Promise<SignedIn>
  /**
   * Lets the holder of the set-up code do something else with a house without an owner; the code stays. Fails with
   * `access/setup-done`, `access/setup-code`, `access/throttled`.
   */
  checkCode(attempt: { readonly code: string; readonly address: string }): Promise<void>
  /** Fails with `access/wrong-password` (the same for an unknown name) or `access/throttled`. */
  signIn(attempt: Try): Promise<SignedIn>
  /** Ends the session of this cookie; an unknown one is nothing to end. */
  signOut(cookie: string): Promise<void>
}

/** A token that has just been made; its text is shown this once. */
export type NewToken = { readonly record: TokenRecord; readonly token: Secret }

/** What a new token should be. */
export type TokenWish = {
  readonly kind: TokenKind
  readonly name: string
  /** Its holder sees a slate while there is no picture. */
  readonly slate?: boolean
  /** Whose it is; an app password needs one. */
  readonly owner?: string | null
  /** Of an API token; absent: `write`. */
  readonly scope?: TokenScope
}

/** Port of the key cabinet: giving out and revoking tokens. */
export interface TokenDesk {
  list(): Promise<readonly TokenRecord[]>
  /** Fails with `http/bad-request` for a name that is empty or too long, and for an app password of nobody. */
  add(token: TokenWish): Promise<NewToken>
  /** False: unknown, or revoked before. */
  revoke(id: string): Promise<boolean>
  /** Revokes all of a person, who is leaving. */
  revokeAllOf(owner: string): Promise<void>
  /** Ids of all revoked tokens, for the snapshots of fronts. */
  revokedIds(): Promise<readonly string[]>
}
