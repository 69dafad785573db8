import { parseServiceRef, guideTriplet } from '../../lineup/service-reference.ts'
import { wordsOf } from '../../lineup/match/channel-name.ts'
import { createFactReader } from '../../lineup/match/facts.ts'
import type { MatchFacts } from '../../lineup/match/facts.ts'
import { sourceId } from '../../lineup/stream.ts'

/** A channel of a guide, as a document or source lists it. */
export type GuideEntry = {
  readonly feed: string
  /** The feed's own name of it. */
  readonly channel: string
  /** What it is called, the name to show first; may be empty. */
  readonly names: readonly string[]
}

/** A channel of a guide, read for comparing. */
export type IndexedEntry = GuideEntry & {
  readonly label: string
  readonly country: string | null
  readonly shift: string
  readonly sharpness: MatchFacts['sharpness']
  readonly isCommon: boolean
  readonly words: ReadonlySet<string>
}

/** Channels of guides by all that may tell which channel they are. No look-up walks through all of them. */
export interface GuideIndex {
  add(entry: GuideEntry): void
  byId(id: string): readonly IndexedEntry[]
  byTriplet(triplet: string): readonly IndexedEntry[]
  byKey(key: string): readonly IndexedEntry[]
  /** The entries that share the rarest of these words; words that many have find nothing. */
  byWords(words: ReadonlySet<string>): readonly IndexedEntry[]
  /** How much words say together: each 1 if a single channel has it, near 0 if many have it. */
  weight(words: Iterable<string>): number
}

/** Words that more channels share find too much to look at, and say too little. */
const MOST_ALIKE = 400
/** A channel is found by its rarest words. */
const WORDS_TRIED = 3
/** Of those that share rare words, so many are compared. */
const MOST_COMPARED = 40

const NONE: readonly IndexedEntry[] = []

/** An empty index. */
export function createGuideIndex(): GuideIndex {
  const readFacts = createFactReader()
  const ids = new Map<string, IndexedEntry[]>()
  const triplets = new Map<string, IndexedEntry[]>()
  const keys = new Map<string, IndexedEntry[]>()
  const words = new Map<string, IndexedEntry[]>()
  let size = 0
  const weightOf = (word: string): number => {
    const count = words.get(word)?.length ?? 0
    return count === 0 ? 1 : 1 - Math.log(count) / Math.log(size + 1)
  }

  return {
    add(entry) {
      const stem = stemOf(entry.channel)
      // An id that is no text for people would be a name that nobody has.
      const names = entry.names.length > 0 ? entry.names : [stem]
      const facts = names.map((name) =>
        readFacts(sourceId(''), {
          name,
          media: 'tv',
          serviceRef: null,
          groups: [],
          guide: { feed: entry.feed, channel: entry.channel },
        }),
      )
      const [first] = facts
      if (first === undefined) return
      const indexed: IndexedEntry = {
        ...entry,
        label: entry.names[0] ?? entry.channel,
        country: facts.find(({ country }) => country !== null)?.country ?? null,
        shift: first.name.shift,
        sharpness: first.sharpness,
        isCommon: first.name.isCommon,
        words: new Set(facts.flatMap(({ name }) => wordsOf(name))),
      }
      size++
      for (const id of idsOf(entry.channel)) put(ids, id, indexed)
      const triplet = tripletOf(entry.channel)
      if (triplet !== null) put(triplets, triplet, indexed)
      const ownKeys = new Set(facts.flatMap(({ name }) => name.keys))
      for (const key of ownKeys) put(keys, key, indexed)
      for (const word of indexed.words) put(words, word, indexed)
    },
    byId: (id) => ids.get(foldId(id)) ?? NONE,
    byTriplet: (triplet) => triplets.get(triplet) ?? NONE,
    byKey: (key) => keys.get(key) ?? NONE,
    byWords(wanted) {
      const rarest = [...wanted]
        .filter((word) => (words.get(word)?.length ?? 0) <= MOST_ALIKE)
        .toSorted((a, b) => weightOf(b) - weightOf(a))
        .slice(0, WORDS_TRIED)
      const found = new Map<IndexedEntry, number>()
      for (const word of rarest) {
        const weight = weightOf(word)
        for (const entry of words.get(word) ?? NONE) found.set(entry, (found.get(entry) ?? 0) + weight)
      }
      if (found.size <= MOST_COMPARED) return [...found.keys()]
      return [...found]
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, MOST_COMPARED)
        .map(([entry]) => entry)
    },
    weight(some) {
      let sum = 0
      for (const word of some) sum += weightOf(word)
      return sum
    },
  }
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}

/** Ids are compared without case and outer blanks. */
export const foldId = (id: string): string => id.trim().toLowerCase()

/** The id, and the id without a feed behind it (`RTL.de@HD`, as iptv-org writes). */
function idsOf(channel: string): readonly string[] {
  const id = foldId(channel)
  const at = id.indexOf('@')
  return at > 0 ? [id, id.slice(0, at)] : [id]
}

/** What an id calls the channel, without its country (`DasErste.de` → `DasErste`). */
const stemOf = (id: string): string =>
  id
    .replace(/@.*$/, '')
    .replace(/\.[a-z]{2,3}$/i, '')
    .replaceAll(/[._]/g, ' ')

/**
 * The broadcast service `ONID:TSID:SID` that an id names: a service reference with colons or underscores, as boxes and
 * picons write it, or the triplet itself.
 */
export function tripletOf(id: string): string | null {
  const text = id.trim().toUpperCase()
  if (/^[0-9A-F]{1,4}:[0-9A-F]{1,4}:[0-9A-F]{1,4}$/.test(text)) return text
  if (!/^\d+[:_]\d+[:_][0-9A-F]+(?:[:_][0-9A-F]+){7}[:_]?$/.test(text)) return null
  const ref = parseServiceRef(`${text.replaceAll('_', ':').replace(/:$/, '')}:`)
  return ref === null || ref.sid === 0 ? null : guideTriplet(ref)
}
