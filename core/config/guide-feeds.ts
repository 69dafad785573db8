import { isReserved } from '../access/reserved-segments.ts'
import type { Secret } from '../secret.ts'
import { guideFeedSchema } from '../source-kinds/guide-feed.ts'
import { missingKey, readMapping, unknownKey, wrongValue } from './invalid.ts'
import { parseEntry } from './sources.ts'

/** A guide document as configured (`guide.xmltv[]`). */
export type GuideFeedConfig = {
  readonly id: string
  /** Shown to people; the id if none is written. */
  readonly name: string
  readonly enabled: boolean
  /** Where it is. An address may carry a password. */
  readonly at: { readonly kind: 'url'; readonly url: Secret } | { readonly kind: 'file'; readonly path: string }
  /** Null: as `guide.refreshHours`. */
  readonly refreshHours: number | null
  /** Guides with a smaller number count more; the sources' own guides have 100. */
  readonly priority: number
  /** Added to all of its times. */
  readonly shiftMinutes: number
  /** Language of texts that come in several (`de`); null: the first. */
  readonly language: string | null
  readonly userAgent: string | null
  readonly headers: Readonly<Record<string, Secret>>
  /** Hosts that the document's server may send us to beside its own. */
  readonly allowHosts: readonly string[]
}

const ID = /^[a-z0-9][a-z0-9-]{0,31}$/
/** Ids that no guide of the owner may have: `broadcast` is what streams themselves carry. */
export const TAKEN_FEED_IDS: readonly string[] = ['broadcast']
const KEY = 'guide.xmltv'

/**
 * Reads `guide.xmltv[]`. Ids are names of guides beside those of sources, so `sourceIds` are taken. Fails with
 * `config/invalid`, naming the key (`guide.xmltv[1].url`).
 */
export function readGuideFeeds(list: readonly unknown[], sourceIds: readonly string[]): readonly GuideFeedConfig[] {
  const taken = new Set([...TAKEN_FEED_IDS, ...sourceIds])
  return list.map((entry, index) => {
    const key = `${KEY}[${index}]`
    const feed = readGuideFeed(entry, key)
    if (taken.has(feed.id)) throw wrongValue(`${key}.id`, 'an id that no other guide and no source has', feed.id)
    taken.add(feed.id)
    return feed
  })
}

/** Reads one guide; `key` is what messages call it. Fails with `config/invalid`, naming the key. */
export function readGuideFeed(entry: unknown, key: string): GuideFeedConfig {
  const mapping = readMapping(entry, key)
  const known = Object.keys(guideFeedSchema.entries)
  for (const name of Object.keys(mapping)) if (!known.includes(name)) throw unknownKey(`${key}.${name}`, name, known)
  const written = Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null))
  const { url, file, ...feed } = parseEntry(guideFeedSchema, written, key)
  if (!ID.test(feed.id) || isReserved(feed.id))
    throw wrongValue(
      `${key}.id`,
      'small letters, digits and "-", at most 32, starting with a letter or digit, and no address of this program',
      feed.id,
    )
  if (url === undefined && file === undefined)
    throw missingKey(`${key}.url`, 'an address, or "file" the path of a file')
  if (url !== undefined && file !== undefined) throw wrongValue(key, 'either "url" or "file", not both')
  return {
    id: feed.id,
    name: feed.name ?? feed.id,
    enabled: feed.enabled,
    at: url === undefined ? { kind: 'file', path: file ?? '' } : { kind: 'url', url },
    refreshHours: feed.refreshHours ?? null,
    priority: feed.priority,
    shiftMinutes: feed.shiftMinutes,
    language: feed.language ?? null,
    userAgent: feed.userAgent ?? null,
    headers: feed.headers,
    allowHosts: feed.allowHosts,
  }
}
