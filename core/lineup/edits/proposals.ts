import type { ChannelKey } from '../channel.ts'
import { indexCandidates } from '../match/candidates.ts'
import type { Housed } from '../match/candidates.ts'
import { createFactReader } from '../match/facts.ts'
import { LIKELY_SCORE } from '../match/judge.ts'
import type { Join } from '../match/judge.ts'
import { readCircumstances } from '../match/kinship.ts'
import { isPresent } from '../stored.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import type { SourceId } from '../stream.ts'

/** Two channels that may be one: `other` would be joined into `into`, the older one. */
export type Proposal = { readonly into: ChannelKey; readonly other: ChannelKey; readonly join: Join }

/**
 * Channels that may be the same, the surest first; each channel is in one proposal at most.
 *
 * Left out: what the owner split, and channels that have streams of one source in common (a source knows how many
 * channels it has).
 */
export function proposeJoins(stored: StoredLineup, { least = LIKELY_SCORE } = {}): readonly Proposal[] {
  const read = createFactReader()
  const present = stored.channels.filter(isPresent)
  const housed = present.flatMap(({ key, streams }): Housed[] =>
    streams
      .filter(({ goneSince }) => goneSince === null)
      .map((stream) => ({ key, facts: read(stream.sourceId, stream), isThere: true })),
  )
  const index = indexCandidates(housed)
  const circumstances = readCircumstances(housed.map(({ facts }) => facts))
  const channels = new Map(present.map((channel) => [channel.key, channel]))

  const pairs = new Map<string, Proposal>()
  for (const { key, facts } of housed) {
    for (const { key: other, join } of index.find(facts, circumstances)) {
      const pair = key < other ? { into: key, other } : { into: other, other: key }
      const name = `${pair.into} ${pair.other}`
      if (key === other || join.score < least || join.score <= (pairs.get(name)?.join.score ?? 0)) continue
      if (mayBeOne(channels.get(key), channels.get(other))) pairs.set(name, { ...pair, join })
    }
  }
  const taken = new Set<ChannelKey>()
  return [...pairs.values()]
    .toSorted((a, b) => b.join.score - a.join.score || a.into - b.into || a.other - b.other)
    .filter(({ into, other }) => {
      if (taken.has(into) || taken.has(other)) return false
      taken.add(into).add(other)
      return true
    })
}

function mayBeOne(a: StoredChannel | undefined, b: StoredChannel | undefined): boolean {
  if (a === undefined || b === undefined || a.apart.includes(b.key) || b.apart.includes(a.key)) return false
  const sources = sourcesOf(a)
  return [...sourcesOf(b)].every((source) => !sources.has(source))
}

const sourcesOf = ({ streams }: StoredChannel): ReadonlySet<SourceId> =>
  new Set(streams.filter(({ goneSince }) => goneSince === null).map(({ sourceId }) => sourceId))
