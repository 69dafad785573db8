import { eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import type { SourceId } from '../stream.ts'
import type { MatchFacts } from './facts.ts'

/**
 * How the lists of two streams relate. `home`: the one without countries is a list of the other one's country; `kin`:
 * they have much in common; `strangers`: no more than every list has; `unknown`: too little to tell by.
 */
export type Kinship = 'home' | 'kin' | 'strangers' | 'unknown'

/** What else has to be known to compare two streams: how their sources' lists relate. */
export type Circumstances = {
  kinship(a: MatchFacts, b: MatchFacts): Kinship
  /** Whether the name stands for several countries' channels in its source's list. */
  isAmbiguous(facts: MatchFacts): boolean
}

/** Lists smaller than this are not compared. */
const SMALL_LIST = 15
/** International channels (Eurosport, CNN) are in every list; this share of the smaller one has to be the same. */
const KIN_SHARE = 0.2

/**
 * How lists relate, read from all streams of all sources.
 *
 * A list is what one source has of one country, or without any. A German receiver's list without country marks has much
 * in common with `DE: …` of a provider and little with `PL: …`, and so its "Discovery" is the German one.
 */
export function* readCircumstances(streams: Iterable<MatchFacts>): Steps<Circumstances> {
  const lists = new Map<SourceId, Map<string, Set<string>>>()
  yield* eachInSteps(streams, ({ sourceId, country, name }) => {
    const [key] = name.keys
    if (key === undefined) return
    const countries = getOrMake(lists, sourceId, () => new Map<string, Set<string>>())
    getOrMake(countries, country ?? '', () => new Set<string>()).add(key)
  })
  const listOf = ({ sourceId, country }: MatchFacts): ReadonlySet<string> =>
    lists.get(sourceId)?.get(country ?? '') ?? new Set()

  const homes = new Map<string, string | null>()
  /** The country of `other` whose list has the most in common with the list of `facts`, which has no country. */
  const homeOf = (facts: MatchFacts, other: SourceId): string | null =>
    getOrMake(homes, `${facts.sourceId} ${other}`, () => {
      let best: { readonly country: string | null; readonly both: number } = { country: null, both: 0 }
      for (const [country, list] of lists.get(other) ?? []) {
        const both = country === '' ? 0 : countBoth(listOf(facts), list)
        if (both > best.both) best = { country, both }
      }
      return best.country
    })

  const judged = new Map<string, Kinship>()
  return {
    kinship(a, b) {
      const pair = `${a.sourceId}/${a.country ?? ''} ${b.sourceId}/${b.country ?? ''}`
      return getOrMake(judged, pair, () => {
        const smaller = Math.min(listOf(a).size, listOf(b).size)
        if (smaller < SMALL_LIST) return 'unknown'
        if (countBoth(listOf(a), listOf(b)) < smaller * KIN_SHARE) return 'strangers'
        const isHome =
          (a.country === null && b.country !== null && homeOf(a, b.sourceId) === b.country) ||
          (b.country === null && a.country !== null && homeOf(b, a.sourceId) === a.country)
        return isHome ? 'home' : 'kin'
      })
    },
    isAmbiguous({ sourceId, name }) {
      let countries = 0
      for (const [country, list] of lists.get(sourceId) ?? [])
        if (country !== '' && name.keys.some((key) => list.has(key))) countries++
      return countries > 1
    },
  }
}

function countBoth(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one]
  let both = 0
  for (const key of small) if (large.has(key)) both++
  return both
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
