import { foldName } from './accounts.ts'
import type { TokenKind } from './accounts.ts'
import { toBase64Url } from './base64url.ts'
import type { KeyRing } from './keys.ts'
import type { KnownPeople, KnownToken, PeopleNews } from './people-snapshot.ts'
import { digestOf } from './random-secret.ts'
import type { CheckedToken, CheckedTokens } from './token-desk.ts'
import type { TokenMint } from './token-mint.ts'

/** What tokens without a store stand on. */
export type FrontTokenPorts = {
  readonly mint: TokenMint
  readonly ring: KeyRing
  readonly news: PeopleNews
  /** Names of the accounts that this front's own configuration has. */
  readonly ownAccounts: readonly string[]
}

/**
 * Tokens on a front: by the snapshot of the house, which has all that are good. A token of ours that it does not have was
 * made a moment ago, or belongs to somebody who is gone: the adapter is asked once more, and then it opens nothing.
 *
 * An adapter that tells no people leaves only the MAC and its list of revoked tokens. Names of tokens are not known here:
 * their holders are shown by the token's id.
 */
export function createFrontTokens(ports: FrontTokenPorts): CheckedTokens {
  const { mint, ring, news } = ports
  const ownIds = new Map<string, Promise<string>>()

  /** Without a store the id must come out the same each time: URLs in playlists are byte-stable. */
  const ownId = (account: string): Promise<string> => {
    const name = foldName(account)
    const id =
      ownIds.get(name) ??
      ring.sign('session', `token-of-account/v1\n${name}`).then((mac) => toBase64Url(mac.subarray(0, 12)))
    ownIds.set(name, id)
    return id
  }
  const ownToken = async (id: string): Promise<CheckedToken | null> => {
    for (const owner of ports.ownAccounts)
      if ((await ownId(owner)) === id) return { id, kind: 'viewing', name: id, owner, scope: 'read', slate: false }
    return null
  }

  const known = (find: (all: KnownPeople) => KnownToken | undefined): CheckedToken | null => {
    const all = news.people()
    const token = all === null ? undefined : find(all)
    return token === undefined ? null : { ...token, name: token.id }
  }

  const byMac = async (kind: TokenKind, text: string): Promise<CheckedToken | null> => {
    const id = kind === 'app' ? null : await mint.read(kind, text)
    if (id === null || news.revoked().has(id)) return null
    const own = kind === 'viewing' ? await ownToken(id) : null
    if (own !== null) return own
    if (news.people() === null && kind === 'viewing')
      return { id, kind, name: id, owner: null, scope: 'read', slate: false }
    const token = known(({ byId }) => byId.get(id))
    if (token !== null || news.people() === null) return token
    // Only with a right MAC: guesses must not make us ask.
    await news.lookAgain()
    return known(({ byId }) => byId.get(id))
  }

  return {
    async check(kind, text) {
      const digest = kind === 'viewing' ? null : await digestOf(kind, text)
      // Digests are looked up, never secrets: how long that takes tells nothing about a secret.
      const token = digest === null ? await byMac(kind, text) : known(({ byDigest }) => byDigest.get(digest))
      return token?.kind === kind ? token : null
    },
    find: async (id) => known(({ byId }) => byId.get(id)),
    async tokenOfAccount(account) {
      const name = foldName(account)
      const told = news.people()?.ownTokens.get(name)
      if (told !== undefined) return mint.print('viewing', told.id)
      const isOurs = ports.ownAccounts.some((own) => foldName(own) === name)
      return isOurs ? mint.print('viewing', await ownId(name)) : null
    },
  }
}
