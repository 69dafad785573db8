import * as v from 'valibot'
import { foldName } from './accounts.ts'
import type { Account, TokenRecord } from './accounts.ts'
import type { Person } from './caller.ts'

/** What a front knows of a token: nothing that opens anything. What its owner calls it stays at home. */
export type KnownToken = Pick<TokenRecord, 'id' | 'kind' | 'account' | 'owner' | 'digest' | 'scope' | 'slate'>

/** The people of a house and all their tokens that are good, with look-ups. Names are folded. */
export type KnownPeople = {
  readonly byName: ReadonlyMap<string, Person>
  readonly byId: ReadonlyMap<string, KnownToken>
  readonly byDigest: ReadonlyMap<string, KnownToken>
  /** The viewing tokens that are people's own. */
  readonly ownTokens: ReadonlyMap<string, KnownToken>
}

/** What a front hears of the people at home. */
export interface PeopleNews {
  /** As the adapter told them last; null: it is too old to tell them. */
  people(): KnownPeople | null
  /** Ids of revoked viewing tokens, as an older adapter tells them too. */
  revoked(): ReadonlySet<string>
  /** Asks the adapter now, if it was not asked just now. */
  lookAgain(): Promise<void>
}

const FORMAT = 1

const texts = v.nullable(v.array(v.string()))
const PeopleDocument = v.object({
  format: v.literal(FORMAT),
  people: v.array(
    v.object({
      name: v.string(),
      role: v.picklist(['admin', 'viewer']),
      limits: v.object({
        maxStreams: v.nullable(v.number()),
        groups: texts,
        selections: texts,
        adultLock: v.boolean(),
        expiresAt: v.nullable(v.number()),
      }),
    }),
  ),
  tokens: v.array(
    v.object({
      id: v.string(),
      kind: v.picklist(['viewing', 'api', 'app']),
      account: v.nullable(v.string()),
      owner: v.nullable(v.string()),
      digest: v.nullable(v.string()),
      scope: v.picklist(['read', 'write']),
      slate: v.boolean(),
    }),
  ),
})
type PeopleDocument = v.InferOutput<typeof PeopleDocument>

/**
 * People and tokens as a front knows them, as JSON: the same text for the same state.
 *
 * Passwords are not in it, hashed or not: words that people choose are guessed from their hashes. Of app passwords and API
 * tokens it has the SHA-256, from which nobody gets 130 random bits. A token that was revoked, or whose owner is gone, is
 * not in it, and so opens nothing.
 */
export function writePeopleSnapshot(people: readonly Account[], tokens: readonly TokenRecord[]): string {
  const names = new Set(people.map(({ name }) => foldName(name)))
  const document: PeopleDocument = {
    format: FORMAT,
    people: people.map(({ name, role, limits: { groups, selections, ...limits } }) => ({
      name,
      role,
      limits: { ...limits, groups: groups && [...groups], selections: selections && [...selections] },
    })),
    tokens: tokens
      .filter(({ owner }) => owner === null || names.has(foldName(owner)))
      .map(({ id, kind, account, owner, digest, scope, slate }) => ({
        id,
        kind,
        account,
        owner,
        digest,
        scope,
        slate,
      })),
  }
  return JSON.stringify(document)
}

/** Reads such a snapshot. Fails with valibot's error for any other shape or format. */
export function readPeopleSnapshot(json: unknown): KnownPeople {
  const { people, tokens } = v.parse(PeopleDocument, json)
  const digests = tokens.flatMap((token) => (token.digest === null ? [] : [[token.digest, token] as const]))
  const own = tokens.flatMap((token) => (token.account === null ? [] : [[foldName(token.account), token] as const]))
  return {
    byName: new Map(people.map((person) => [foldName(person.name), person])),
    byId: new Map(tokens.map((token) => [token.id, token])),
    byDigest: new Map(digests),
    // Of several the oldest counts, as at home.
    ownTokens: new Map(own.toReversed()),
  }
}
