import { wordsOf } from './channel-name.ts'
import type { Sharpness } from './channel-name.ts'
import { printEvidence } from './evidence.ts'
import type { MatchFacts } from './facts.ts'
import type { Circumstances } from './kinship.ts'

/** What made two streams one channel. `first`: it began the channel; `moved`: it came in the place of one that vanished. */
export type JoinKind = 'first' | 'moved' | 'service' | 'guide' | 'name' | 'backup' | 'owner'

/** Why a stream is in its channel. */
export type Join = {
  readonly by: JoinKind
  /** 0 … 1: how sure it is; 1 where nothing was guessed. */
  readonly score: number
  /** What was found to be the same (`evidence.ts`); '' where nothing was compared. */
  readonly evidence: string
}

/** From here on two streams become one channel by themselves. */
export const SURE_SCORE = 0.84
/** From here on they are worth a question to the owner. */
export const LIKELY_SCORE = 0.6

/**
 * How sure it is that two streams show the same channel, and why; null: they do not.
 *
 * A different time shift or country is a no, whatever else agrees. The same broadcast service is a yes if the reception
 * or the name agrees too (cable networks reuse numbers). A guide id needs some agreement of the names: lists give one
 * id to whole families. A name needs a country on both sides, or two lists of the same television.
 */
export function judge(a: MatchFacts, b: MatchFacts, circumstances: Circumstances): Join | null {
  if (a.media !== b.media || a.name.shift !== b.name.shift || areDifferent(a.country, b.country)) return null
  const sameName = a.name.keys.some((key) => b.name.keys.includes(key))
  const [best] = [judgeService(a, b, sameName), judgeGuide(a, b, sameName), judgeName(a, b, sameName, circumstances)]
    .filter((join) => join !== null)
    .toSorted((one, other) => other.score - one.score)
  return best ?? null
}

function judgeService(a: MatchFacts, b: MatchFacts, sameName: boolean): Join | null {
  if (a.service === null || b.service === null || a.service.triplet !== b.service.triplet) return null
  const evidence = printEvidence('service', { service: a.service.triplet })
  if (a.service.position === b.service.position) return { by: 'service', score: 1, evidence }
  if (sameName) return { by: 'service', score: 0.99, evidence }
  return { by: 'service', score: overlap(wordsOf(a.name), wordsOf(b.name)) > 0 ? 0.9 : 0.6, evidence }
}

function judgeGuide(a: MatchFacts, b: MatchFacts, sameName: boolean): Join | null {
  if (a.guideId === null || a.guideId !== b.guideId) return null
  const id = { id: a.guideId }
  if (sameName)
    return { by: 'guide', score: 0.98 - distance(a, b) / 100, evidence: printEvidence('guide-and-name', id) }
  const isClose = digitsOf(a) === digitsOf(b) && overlap(wordsOf(a.name), wordsOf(b.name)) >= 0.5
  return {
    by: 'guide',
    score: (isClose ? 0.9 : 0.7) - distance(a, b) / 100,
    evidence: printEvidence('guide', id),
  }
}

function judgeName(a: MatchFacts, b: MatchFacts, sameName: boolean, circumstances: Circumstances): Join | null {
  if (!sameName) return null
  const [name = ''] = a.name.keys
  const country = a.country ?? b.country
  const evidence =
    country === null
      ? printEvidence('name', { name })
      : printEvidence('name-in-country', { name, country: country.toUpperCase() })
  const score = (trusted: number): Join => ({ by: 'name', score: trusted - penalty(a, b), evidence })
  if (a.country !== null && b.country !== null) return score(0.96)
  if (a.name.isCommon) return score(0.7)
  const kinship = circumstances.kinship(a, b)
  if (kinship === 'home') return score(0.92)
  if (kinship === 'strangers' || circumstances.isAmbiguous(a) || circumstances.isAmbiguous(b)) return score(0.7)
  return score(0.88)
}

/** Ultra HD is often a programme of its own: by name alone it joins nothing. */
const penalty = (a: MatchFacts, b: MatchFacts): number => distance(a, b) / 100 + (distance(a, b) >= 4 ? 0.12 : 0)

const RANKS: Readonly<Record<Sharpness, number>> = { sd: 1, hd: 3, uhd: 8 }
/** How sharp a stream is, for comparing: unmarked ones stand between SD and HD. */
export const sharpnessRank = (sharpness: Sharpness | null): number => (sharpness === null ? 2 : RANKS[sharpness])
const distance = (a: MatchFacts, b: MatchFacts): number =>
  Math.abs(sharpnessRank(a.sharpness) - sharpnessRank(b.sharpness))

const areDifferent = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b

const digitsOf = ({ name }: MatchFacts): string => (name.text.match(/\d+/g) ?? []).join(' ')

/** Share of words that both have, of all words of the longer one; single letters count for nothing. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [a, b].map((words) => new Set(words.filter((word) => word.length > 1 && !/^\d+$/.test(word))))
  if (one === undefined || other === undefined || one.size === 0 || other.size === 0) return 0
  let both = 0
  for (const word of one) if (other.has(word)) both++
  return both / Math.max(one.size, other.size)
}

/**
 * Whether two streams of one source are the same channel twice, on purpose: same name, country, sharpness and shift, and
 * one of them marked as a backup. Anything less stays apart: a source knows how many channels it has.
 */
export function isBackupOf(backup: MatchFacts, main: MatchFacts): boolean {
  return (
    backup.name.isBackup &&
    backup.media === main.media &&
    backup.name.shift === main.name.shift &&
    backup.country === main.country &&
    backup.sharpness === main.sharpness &&
    backup.name.keys.some((key) => main.name.keys.includes(key))
  )
}
