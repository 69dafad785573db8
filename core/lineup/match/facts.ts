import type { GuideRef } from '../channel.ts'
import type { Media, SourceId } from '../stream.ts'
import { readChannelName } from './channel-name.ts'
import type { ChannelName, NameReader, Sharpness } from './channel-name.ts'
import { countryOfTag, countryOfWord } from './countries.ts'
import { foldLetters, undecorate } from './fold.ts'

/** What is known of an item of any source that may tell which channel it is. */
export type Described = {
  readonly name: string
  readonly media: Media
  readonly serviceRef: string | null
  readonly groups: readonly string[]
  readonly guide: GuideRef | null
}

/** The same, read: what matching works on. */
export type MatchFacts = {
  readonly sourceId: SourceId
  readonly media: Media
  readonly name: ChannelName
  /** By its name, else by its group, else by its guide id; null: not told. */
  readonly country: string | null
  readonly sharpness: Sharpness | null
  readonly service: Service | null
  /** Lower-case; null: none, or one that says nothing. */
  readonly guideId: string | null
}

/** A broadcast service: `ONID:TSID:SID`, and the dish, cable or mast it is received from. */
export type Service = { readonly triplet: string; readonly position: string }

/** Reads the facts of items; names and groups are the same over and over, so keep one reader for a whole run. */
export function createFactReader(
  readName: NameReader = readChannelName,
): (sourceId: SourceId, item: Described) => MatchFacts {
  const groups = new Map<string, string | null>()
  const countryOf = (group: string): string | null => {
    const known = groups.get(group)
    if (known !== undefined) return known
    const country = countryOfGroup(group)
    groups.set(group, country)
    return country
  }
  return (sourceId, item) => {
    const name = readName(item.name)
    const guideId = meaningful(item.guide)
    const service = readService(item.serviceRef)
    return {
      sourceId,
      media: item.media,
      name,
      country: name.country ?? firstCountry(item.groups, countryOf) ?? countryOfGuideId(guideId),
      sharpness: sharpnessOf(name, item.serviceRef),
      service,
      guideId,
    }
  }
}

function firstCountry(groups: readonly string[], countryOf: (group: string) => string | null): string | null {
  for (const group of groups) {
    const country = countryOf(group)
    if (country !== null) return country
  }
  return null
}

/** The country that a group is of: by a mark (`DE | Sport`, `[UK]`), capitals in front (`UK Kids`) or a name in full; two countries are none. */
function countryOfGroup(group: string): string | null {
  const marked = readChannelName(`${group} | group`).country
  if (marked !== null) return marked
  const [, capitals = ''] = /^([A-Z]{2,3})\b/.exec(group.trim()) ?? []
  const front = countryOfTag(capitals.toLowerCase())
  if (front !== null) return front
  const words = foldLetters(undecorate(group), 'a').split(/[^\p{L}]+/u)
  const named = new Set(words.map(countryOfWord).filter((country) => country !== null))
  const [country = null] = named
  return named.size === 1 ? country : null
}

/** Guide ids of the world end in a country (`BBCOne.uk`, `RTL.de@HD`). */
function countryOfGuideId(id: string | null): string | null {
  const [, ending] = /\.([a-z]{2})(?:@[^.]*)?$/.exec(id ?? '') ?? []
  return ending === undefined ? null : countryOfTag(ending)
}

const NO_GUIDE =
  /^(none|null|n\/?a|no[ _-]?(epg|id|guide|info)|epg|ext|unknown|undefined|test|tv|dummy|x+|[\d\s._:-]*)$/

function meaningful(guide: GuideRef | null): string | null {
  if (guide === null) return null
  const id = guide.channel.trim().toLowerCase()
  return id.length < 3 || NO_GUIDE.test(id) ? null : id
}

/** Reads a canonical service reference (`type:flags:serviceType:SID:TSID:ONID:NS:…`); others stand for themselves. */
function readService(ref: string | null): Service | null {
  if (ref === null) return null
  const [, , , sid, tsid, onid, namespace = ''] = ref.split(':')
  if (sid === undefined || tsid === undefined || onid === undefined) return { triplet: ref, position: '' }
  const isNone = sid === '0' || (tsid === '0' && onid === '0')
  return isNone ? null : { triplet: `${onid}:${tsid}:${sid}`, position: namespace.slice(0, -4) }
}

// EN 300 468, table 87: service types.
const HD_TYPES = new Set(['11', '16', '17', '18', '19', '1A', '1B', '1C', '1D', '1E'])
const UHD_TYPES = new Set(['1F', '20'])

/** How sharp a stream is meant to be: by the marks in its name, else by the type of its broadcast service. */
export const sharpnessOf = (name: Pick<ChannelName, 'sharpness'>, serviceRef: string | null): Sharpness | null =>
  name.sharpness ?? sharpnessOfService(serviceRef)

function sharpnessOfService(ref: string | null): Sharpness | null {
  const type = ref?.split(':')[2]?.toUpperCase()
  if (type === undefined) return null
  if (type === '1') return 'sd'
  return HD_TYPES.has(type) ? 'hd' : UHD_TYPES.has(type) ? 'uhd' : null
}
