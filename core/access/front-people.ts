import { createAccess } from './access.ts'
import type { Access } from './caller.ts'
import { createEndedSessions } from './ended-sessions.ts'
import type { FixedAccount } from './fixed-accounts.ts'
import { createFrontAccounts } from './front-accounts.ts'
import { createFrontTokens } from './front-tokens.ts'
import type { SignInDesk } from './house.ts'
import type { KeyRing } from './keys.ts'
import { createPairCheck } from './pair-check.ts'
import type { PairCheck } from './pair-check.ts'
import type { KnownPeople, PeopleNews } from './people-snapshot.ts'
import type { RandomBytes } from './random.ts'
import { createSessionMint } from './session.ts'
import { createSignIn } from './sign-in.ts'
import { createTokenMint } from './token-mint.ts'

/** What people on a front are made of. */
export type FrontPeopleParts = {
  readonly ring: KeyRing
  /** The accounts that the front's own configuration has. */
  readonly fixed: readonly FixedAccount[]
  readonly news: PeopleNews
  readonly random: RandomBytes
  readonly now: () => number
}

/**
 * Who is who on a front: the people of the house with their app passwords and tokens. Only accounts of the front's own
 * configuration have a password here; `signIn` is null where there are none.
 */
export function createFrontPeople({ ring, fixed, news, random, now }: FrontPeopleParts): {
  readonly access: Access
  readonly pairs: PairCheck
  readonly signIn: SignInDesk | null
} {
  const people = (): KnownPeople | null => news.people()
  const ports = { ...createFrontAccounts({ ring, fixed, people }), random, now }
  const tokens = createFrontTokens({
    mint: createTokenMint(ring),
    ring,
    news,
    ownAccounts: fixed.map(({ name }) => name),
  })
  const sessions = createSessionMint({ ring, now })
  const ended = createEndedSessions(now)
  const signIn = fixed.length === 0 ? null : createSignIn({ ...ports, sessions, ended, setup: null })
  return {
    signIn,
    pairs: createPairCheck({ ...ports, tokens }),
    access: createAccess({ tokens, signIn, accounts: ports.accounts, now }),
  }
}
