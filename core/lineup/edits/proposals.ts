import { atOnce, eachInSteps } from '../../steps.ts'
import type { Steps } from '../../steps.ts'
import type { ChannelKey } from '../channel.ts'
import { indexCandidates } from '../match/candidates.ts'
import type { Housed } from '../match/candidates.ts'
import { createFactReader } from '../match/facts.ts'
import { LIKELY_SCORE } from '../match/judge.ts'
import type { Join } from '../match/judge.ts'
import { readCircumstances } from '../match/kinship.ts'
import type { StoredChannel, StoredLineup } from '../stored.ts'
import type { SourceId } from '../stream.ts'

/** Two channels that may be one: `other` would be joined into `into`, the older one. */
export type Proposal = { readonly into: ChannelKey; readonly other: ChannelKey; readonly join: Join }

/** `least`: the score of the least sure ones. */
export type ProposalOptions = { readonly least?: number }

/**
 * Channels that may be the same, the surest first; each channel is in one proposal at most.
 *
 * Left out: what the owner split, and channels that have streams of one source in common (a source knows how many
 * channels it has).
 */
export const proposeJoins = (stored: StoredLineup, options: ProposalOptions = {}): readonly Proposal[] =>
  atOnce(proposalSteps(stored, options))

/** `proposeJoins` step by step: it compares all channels with all that are like them. */
export function* proposalSteps(
  stored: StoredLineup,
  { least = LIKELY_SCORE }: ProposalOptions = {},
): Steps<readonly Proposal[]> {
  const read = createFactReader()
  const housed: Housed[] = []
  const channels = new Map<ChannelKey, StoredChannel>()
  yield* eachInSteps(stored.channels, (channel) => {
    for (const stream of channel.streams) {
      if (stream.goneSince !== null) continue
      housed.push({ key: channel.key, facts: read(stream.sourceId, stream), isThere: true })
      channels.set(channel.key, channel)
    }
  })
  const index = yield* indexCandidates(housed)
  const circumstances = yield* readCircumstances(housed.map(({ facts }) => facts))

  const pairs = new Map<string, Proposal>()
  yield* eachInSteps(housed, ({ key, facts }) => {
    for (const { key: other, join } of index.find(facts, circumstances)) {
      const pair = key < other ? { into: key, other } : { into: other, other: key }
      const name = `${pair.into} ${pair.other}`
      if (key === other || join.score < least || join.score <= (pairs.get(name)?.join.score ?? 0)) continue
      if (mayBeOne(channels.get(key), channels.get(other))) pairs.set(name, { ...pair, join })
    }
  })
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
