import { itemMatcher, filterSubject } from '../library/library-filter.ts'
import { nameKey } from '../library/library-order.ts'
import type { MediaItem, MediaKind } from '../library/media-item.ts'
import { stableHash } from '../stable-hash.ts'
import type { ChannelDoc } from './document.ts'
import type { Revision } from './document/revision.ts'

/** What planning and the guide need to know of a file. Only `ms` and `breaksMs` have a say in when something plays. */
export type CatalogueItem = {
  /** Length in whole milliseconds. */
  readonly ms: number
  readonly breaksMs: readonly number[]
  readonly kind: MediaKind
  readonly title: string
  readonly series: string | null
  readonly season: number | null
  readonly episode: number | null
  readonly year: number | null
  readonly plot: string | null
  readonly genres: readonly string[]
  readonly rating: { readonly system: string | null; readonly value: string } | null
  readonly airedOn: string | null
}

/** The media of a channel by id, and a name of their state: the same revision, the same plan. */
export type Catalogue = {
  readonly revision: string
  readonly media: Readonly<Record<string, CatalogueItem>>
}

/** The entry of a media id; null: it is not known, or too short to be shown. */
export function catalogued(catalogue: Catalogue, id: string): CatalogueItem | null {
  // Ids are texts of others: "constructor" is no medium.
  const item = Object.hasOwn(catalogue.media, id) ? catalogue.media[id] : undefined
  return item === undefined || !(item.ms >= SHORTEST_MS) ? null : item
}

/** Shorter ones are no programme, and would make a day of a million items. */
const SHORTEST_MS = 1000

/**
 * The catalogue that documents need: every medium that one of their pools or overrides names. Files that are missing at
 * the moment stay in it, so that a share that is away for an hour changes no plan. `before`: the catalogue so far, whose
 * entries hold for media that the libraries have forgotten and the past of a document still names.
 */
export function catalogueFor(
  docs: readonly ChannelDoc[],
  items: readonly MediaItem[],
  before: Catalogue | null = null,
): Catalogue {
  const named = new Set(docs.flatMap(namedMedia))
  const media: Record<string, CatalogueItem> = {}
  for (const item of items) {
    const entry = named.has(item.id) ? toCatalogueItem(item) : null
    if (entry !== null) media[item.id] = entry
    named.delete(item.id)
  }
  for (const id of named) {
    const entry = before === null ? null : catalogued(before, id)
    if (entry !== null) media[id] = entry
  }
  return { revision: stableHash(JSON.stringify(media)).toString(36), media }
}

/** What a file of a library is in a catalogue; null: it was never probed. */
export function toCatalogueItem(item: MediaItem): CatalogueItem | null {
  if (item.facts === null) return null
  const ms = Math.floor(item.facts.durationMs)
  return {
    ms,
    breaksMs: [...new Set(item.breaksMs.map(Math.floor))].filter((at) => at > 0 && at < ms).toSorted((a, b) => a - b),
    kind: item.kind,
    title: item.title,
    series: item.series,
    season: item.season,
    episode: item.episode,
    year: item.year,
    plot: item.plot,
    genres: item.genres,
    rating: item.rating,
    airedOn: item.airedOn,
  }
}

const namedMedia = ({ revisions, overrides }: ChannelDoc): string[] => [
  ...revisions.flatMap(({ pools }) => pools.flatMap(({ items }) => items)),
  ...overrides.flatMap(({ show }) => (show.kind === 'media' ? [show.media] : [])),
]

/**
 * The document with the finds of every smart filter written into its pool, in order by name. Plans are made of those: a
 * new scan changes nothing that is published. `isMeant`: which revisions; the others stay as they are.
 */
export function resolvePools(
  doc: ChannelDoc,
  items: readonly MediaItem[],
  isMeant: (revision: Revision) => boolean = () => true,
): ChannelDoc {
  const usable = items
    .filter(({ facts, problem }) => facts !== null && problem === null)
    .map((item) => ({ item, key: nameKey(item), subject: filterSubject(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const resolve = (revision: Revision): Revision => ({
    ...revision,
    pools: revision.pools.map((pool) => {
      if (pool.query === null) return pool
      const isFound = itemMatcher(pool.query)
      return { ...pool, items: usable.filter(({ subject }) => isFound(subject)).map(({ item }) => item.id) }
    }),
  })
  const [first, ...rest] = doc.revisions
  const each = (revision: Revision): Revision => (isMeant(revision) ? resolve(revision) : revision)
  return { ...doc, revisions: [each(first), ...rest.map(each)] }
}
