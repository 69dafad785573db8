import type { Channel } from '../../lineup/channel.ts'
import { wordsOf } from '../../lineup/match/channel-name.ts'
import { printEvidence } from '../../lineup/match/evidence.ts'
import { createFactReader } from '../../lineup/match/facts.ts'
import type { MatchFacts } from '../../lineup/match/facts.ts'
import { sourceId } from '../../lineup/stream.ts'
import { tripletOf } from './guide-index.ts'
import type { GuideIndex, IndexedEntry } from './guide-index.ts'
import type { GuideMatch, MatchKind } from './match.ts'
import { SURE_MATCH } from './match.ts'

/** What a channel of the line-up is looked up by. */
export type MatchSubject = Pick<Channel, 'name' | 'media' | 'groups' | 'guide' | 'guides' | 'streams'>

/** Finds channels of guides. Keeps what it has read of names and groups. */
export interface MatchFinder {
  /**
   * Channels of guides that may be the one of `subject`, the surest first, of each feed at most `perFeed`. By words only
   * where nothing surer was found, or `withWords` asks for it.
   */
  find(subject: MatchSubject, options: { readonly perFeed: number; readonly withWords: boolean }): readonly GuideMatch[]
}

type Judged = {
  readonly entry: IndexedEntry
  readonly score: number
  readonly kind: MatchKind
  readonly reason: string
}

/** What is less sure than this is no candidate. */
const LEAST = 0.3
/** How much the marks of sharpness weigh: as much as decides between two that are equal otherwise. */
const SHARPNESS_WEIGHT = 0.005

/**
 * A finder over an index.
 *
 * A guide id or broadcast service that is the same is certain. A name needs the same country, or that nothing speaks of
 * another one; a time shift or number that differs is another channel. What follows from words alone is a suggestion.
 */
export function createMatchFinder(index: GuideIndex): MatchFinder {
  const readFacts = createFactReader()
  return {
    find(subject, { perFeed, withWords }) {
      const facts = readFacts(sourceId(''), {
        name: subject.name,
        media: subject.media,
        serviceRef: subject.streams[0]?.serviceRef ?? null,
        groups: subject.groups,
        guide: subject.guide,
      })
      const judged = new Map<IndexedEntry, Judged>()
      const keep = (one: Judged): void => {
        const known = judged.get(one.entry)
        if (one.score >= LEAST && (known === undefined || one.score > known.score)) judged.set(one.entry, one)
      }
      for (const one of byIds(index, subject)) keep(one)
      for (const one of byNames(index, facts)) keep(one)
      if (withWords || ![...judged.values()].some(({ score }) => score >= SURE_MATCH))
        for (const one of byWords(index, facts)) keep(one)
      return best([...judged.values()], facts, perFeed)
    },
  }
}

function* byIds(index: GuideIndex, subject: MatchSubject): Generator<Judged> {
  const guides = subject.guides ?? (subject.guide === null ? [] : [subject.guide])
  const triplets = new Set<string>()
  for (const { channel } of guides) {
    for (const entry of index.byId(channel))
      yield { entry, score: 1, kind: 'id', reason: printEvidence('guide', { id: entry.channel }) }
    const triplet = tripletOf(channel)
    if (triplet !== null) triplets.add(triplet)
  }
  for (const { serviceRef } of subject.streams) {
    const triplet = serviceRef === null ? null : tripletOf(serviceRef)
    if (triplet !== null) triplets.add(triplet)
  }
  for (const triplet of triplets)
    for (const entry of index.byTriplet(triplet))
      yield { entry, score: 0.99, kind: 'service', reason: printEvidence('service', { service: triplet }) }
}

function* byNames(index: GuideIndex, { name, country }: MatchFacts): Generator<Judged> {
  const alike = [...new Set(name.keys.flatMap((key) => [...index.byKey(key)]))]
  for (const entry of alike) {
    if (entry.shift !== name.shift) continue
    const said = { name: name.keys[0] ?? '' }
    const own = country?.toUpperCase() ?? ''
    const judge = (score: number, reason: string): Judged => ({ entry, score, kind: 'name', reason })
    if (country !== null && entry.country === country)
      yield judge(0.97, printEvidence('name-in-country', { ...said, country: own }))
    else if (country !== null && entry.country !== null)
      yield judge(0.4, printEvidence('name-elsewhere', { ...said, country: entry.country.toUpperCase(), own }))
    else if (name.isCommon || entry.isCommon) yield judge(0.7, printEvidence('common-name', said))
    else if (isAmbiguous(entry, alike)) yield judge(0.75, printEvidence('name-of-several', said))
    else yield judge(0.9, printEvidence('name', said))
  }
}

/** Whether the same guide has the name for several countries. */
const isAmbiguous = (entry: IndexedEntry, alike: readonly IndexedEntry[]): boolean =>
  new Set(alike.filter(({ feed }) => feed === entry.feed).map(({ country }) => country)).size > 1

function* byWords(index: GuideIndex, { name, country }: MatchFacts): Generator<Judged> {
  const own = new Set(wordsOf(name))
  if (own.size === 0) return
  const numbers = numbersOf(own)
  const ownWeight = index.weight(own)
  for (const entry of index.byWords(own)) {
    if (entry.shift !== name.shift) continue
    const shared = [...own].filter((word) => entry.words.has(word))
    const weight = index.weight(shared)
    const all = ownWeight + index.weight(entry.words) - weight
    const isOther =
      (country !== null && entry.country !== null && entry.country !== country) || numbersOf(entry.words) !== numbers
    const score = (all === 0 ? 0 : weight / all) * (isOther ? 0.4 : 0.8)
    const words = shared.map((word) => `"${word}"`).join(', ')
    yield { entry, score, kind: 'words', reason: printEvidence('words', { words }) }
  }
}

const numbersOf = (words: ReadonlySet<string>): string =>
  [...words]
    .filter((word) => /^\d+$/.test(word))
    .toSorted()
    .join(' ')

function best(judged: readonly Judged[], facts: MatchFacts, perFeed: number): readonly GuideMatch[] {
  const rank = ({ entry, score }: Judged): number =>
    score + (entry.sharpness === facts.sharpness ? SHARPNESS_WEIGHT : 0)
  const counts = new Map<string, number>()
  return judged
    .toSorted((a, b) => rank(b) - rank(a))
    .filter(({ entry }) => {
      const count = (counts.get(entry.feed) ?? 0) + 1
      counts.set(entry.feed, count)
      return count <= perFeed
    })
    .map(({ entry, score, kind, reason }) => ({
      feed: entry.feed,
      channel: entry.channel,
      name: entry.label,
      score: Math.round(score * 1000) / 1000,
      kind,
      reason,
    }))
}
