import { eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import type { ChannelKey } from '../channel.ts'
import type { MatchFacts } from './facts.ts'
import { judge } from './judge.ts'
import type { Join } from './judge.ts'
import type { Circumstances } from './kinship.ts'

/** A channel that a stream may belong to. */
export type Candidate = { readonly key: ChannelKey; readonly join: Join }

/** A stream of a channel, for looking up. */
export type Housed = { readonly key: ChannelKey; readonly facts: MatchFacts; readonly isThere: boolean }

/** A channel that plays is preferred to one whose streams are gone. */
const GONE_PENALTY = 0.01

/** What more streams than this have in common says nothing of a channel. */
const MOST_ALIKE = 40

/** Finds the channels of streams like a given one. */
export interface CandidateIndex {
  /** Every channel with a stream of another source that may be the same, the surest one first. */
  find(facts: MatchFacts, circumstances: Circumstances): readonly Candidate[]
}

/** Indexes streams by service, guide id and name. */
export function* indexCandidates(streams: readonly Housed[]): Steps<CandidateIndex> {
  const byName = new Map<string, Housed[]>()
  const byService = new Map<string, Housed[]>()
  const byGuide = new Map<string, Housed[]>()
  const ofChannel = new Map<ChannelKey, MatchFacts[]>()
  yield* eachInSteps(streams, (housed) => {
    const { name, service, guideId } = housed.facts
    add(ofChannel, housed.key, housed.facts)
    for (const key of name.keys) add(byName, key, housed)
    if (service !== null) add(byService, service.triplet, housed)
    if (guideId !== null) add(byGuide, guideId, housed)
  })

  /** The streams that have something in common with this one; each may come more than once. */
  function* alike({ name, service, guideId }: MatchFacts): Generator<Housed, void, undefined> {
    for (const key of name.keys) yield* few(byName.get(key))
    if (service !== null) yield* few(byService.get(service.triplet))
    if (guideId !== null) yield* few(byGuide.get(guideId))
  }

  /** A channel is out as soon as one of its streams shows that it is another one (`+1`, another country). */
  const contradicts = (key: ChannelKey, facts: MatchFacts): boolean =>
    (ofChannel.get(key) ?? []).some(
      (sibling) =>
        sibling.name.shift !== facts.name.shift ||
        (sibling.country !== null && facts.country !== null && sibling.country !== facts.country),
    )

  return {
    find(facts, circumstances) {
      const found = new Map<ChannelKey, Join>()
      for (const other of alike(facts)) {
        if (other.facts.sourceId === facts.sourceId) continue
        const join = judge(facts, other.facts, circumstances)
        if (join === null) continue
        const score = join.score - (other.isThere ? 0 : GONE_PENALTY)
        if (score > (found.get(other.key)?.score ?? 0)) found.set(other.key, { ...join, score })
      }
      if (found.size === 0) return []
      return [...found]
        .filter(([key]) => !contradicts(key, facts))
        .map(([key, join]) => ({ key, join }))
        .toSorted((a, b) => b.join.score - a.join.score || a.key - b.key)
    },
  }
}

const few = (streams: readonly Housed[] | undefined): readonly Housed[] =>
  streams === undefined || streams.length > MOST_ALIKE ? [] : streams

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
