import { createScryptHasher } from '../adapters/access/scrypt.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { createAccess } from '../core/access/access.ts'
import { withFixedPeople } from '../core/access/fixed-accounts.ts'
import { fixedAccounts } from '../core/access/fixed-admin.ts'
import type { KeyRing } from '../core/access/keys.ts'
import { createPairCheck } from '../core/access/pair-check.ts'
import { createPeopleDesk } from '../core/access/people.ts'
import { systemRandom } from '../core/access/random.ts'
import { createSessionMint } from '../core/access/session.ts'
import { createSetupCode } from '../core/access/setup-code.ts'
import { createShortLinks } from '../core/access/short-link.ts'
import { createSignIn } from '../core/access/sign-in.ts'
import { createTokens } from '../core/access/token-desk.ts'
import { createTokenMint } from '../core/access/token-mint.ts'
import type { HouseConfig } from './load-config.ts'

/** What people are made of on this machine. */
export type PeopleParts = {
  readonly config: Pick<HouseConfig, 'admin' | 'users'>
  readonly ring: KeyRing
  readonly store: Pick<Store, 'access'>
  readonly now: () => number
}

/** Accounts, sessions and tokens over the store, and the people of the configuration if some are written there. */
export function createPeople({ config, ring, store, now }: PeopleParts) {
  const ports = { mint: createTokenMint(ring), random: systemRandom, now }
  const tokens = createTokens({ ...ports, store: store.access.tokens })
  const shortLinks = createShortLinks({
    ...ports,
    ring,
    tokens: store.access.tokens,
    store: store.access.shortLinks,
  })
  const hasher = createScryptHasher()
  const fixed = fixedAccounts(config)
  const { access } = store
  const known = withFixedPeople(fixed, { ring, stored: access.accounts, hasher })
  const setup = fixed.some(({ role }) => role === 'admin') ? null : createSetupCode({ random: systemRandom, now })
  const signIn = createSignIn({
    ...known,
    sessions: createSessionMint({ ring, now }),
    ended: access.endedSessions,
    setup,
    random: systemRandom,
    now,
  })
  return {
    tokens,
    shortLinks,
    signIn,
    setup,
    pairs: createPairCheck({ ...known, tokens, random: systemRandom, now }),
    desk: createPeopleDesk({ ...known, tokens, now }),
    access: createAccess({ tokens, signIn, accounts: known.accounts, now }),
  }
}
