import type { KnownPeople } from '../access/people-snapshot.ts'
import type { Person } from '../access/caller.ts'
import { toFrontName } from './site-keys.ts'
import type { SiteName } from './site-keys.ts'

/**
 * The people of several sites; null: no site tells any. Two of the same name are one person, and the first site says what
 * that one may see; groups are known by name everywhere, selections are those of the site.
 */
export function joinPeople(
  all: readonly { readonly site: SiteName; readonly people: KnownPeople | null }[],
): KnownPeople | null {
  const told = all.flatMap(({ site, people }) => (people === null ? [] : [{ site, people }]))
  if (told.length === 0) return null
  return {
    byName: firstOf(
      told.map(({ site, people }) =>
        [...people.byName].map(([name, person]) => [name, seenFrom(site, person)] as const),
      ),
    ),
    byId: firstOf(told.map(({ people }) => people.byId)),
    byDigest: firstOf(told.map(({ people }) => people.byDigest)),
    ownTokens: firstOf(told.map(({ people }) => people.ownTokens)),
  }
}

function seenFrom(site: SiteName, person: Person): Person {
  const { selections } = person.limits
  if (selections === null) return person
  return { ...person, limits: { ...person.limits, selections: selections.map((id) => toFrontName(site, id)) } }
}

/** All entries; of those with the same key the first. */
const firstOf = <T>(all: readonly Iterable<readonly [string, T]>[]): ReadonlyMap<string, T> =>
  new Map(all.toReversed().flatMap((entries) => [...entries]))
