/** What a source has beside television: films, and series of episodes. */
export type VodKind = 'film' | 'series'

/** A shelf of films or of series, in the source's own order. */
export type VodCategory = {
  readonly id: string
  readonly name: string
  /** The source says that it is for adults. */
  readonly isAdult?: true
}

/**
 * A film or a series as lists show it. `id` is the source's own stable key of it, at most 64 of `A-Za-z0-9_-`: it stands
 * in addresses.
 */
export type VodEntry = {
  readonly kind: VodKind
  readonly id: string
  readonly name: string
  readonly year: number | null
  /** Ids of its categories; may name some that are not listed. */
  readonly categories: readonly string[]
  /** 0 to 10. */
  readonly rating: number | null
  /** When the source got it, epoch milliseconds. */
  readonly addedAt: number | null
  readonly hasPoster: boolean
  /** Kind of the file as the end of its name (`mkv`); null for series, and where the source does not say. */
  readonly container: string | null
  /** The source says that it is for adults. */
  readonly isAdult?: true
}

/** What a source tells about one film or series, as far as it does. Texts are clean (no control characters). */
export type VodDetails = {
  readonly plot: string | null
  readonly genres: readonly string[]
  readonly directors: readonly string[]
  readonly cast: readonly string[]
  readonly durationSeconds: number | null
}

/** A film in full. */
export type Film = VodEntry & VodDetails

/** One episode; `number` is unique in its season. */
export type Episode = {
  readonly number: number
  readonly title: string
  readonly plot: string | null
  readonly durationSeconds: number | null
  readonly addedAt: number | null
  readonly container: string | null
}

/** The episodes of a season by number; seasons may be empty. Season 0 holds specials. */
export type Season = { readonly number: number; readonly name: string | null; readonly episodes: readonly Episode[] }

/** A series in full, its seasons by number. */
export type Series = VodEntry & VodDetails & { readonly seasons: readonly Season[] }

/** Which films or series: all, those of a category, those whose name has all words of `search`. */
export type VodQuery = {
  readonly kind: VodKind
  /** Id of a category; null: all. */
  readonly category: string | null
  /** '' finds everything. */
  readonly search: string
  readonly offset: number
  readonly limit: number
}

/** A part of what a query finds. It may be shorter than `limit` before the end: go on at `offset` + its length. */
export type VodPage = {
  readonly items: readonly VodEntry[]
  /** How many there are in all; null: the source does not say, an empty page is the end. */
  readonly total: number | null
  /** Where to go on, null: nowhere; absent: at `offset` + the length, up to `total` or an empty page. */
  readonly next?: number | null
}

/** Where the page behind this one begins, which was asked for at `offset`; null: this is the last one. */
export function nextOffset({ items, total, next }: VodPage, offset: number): number | null {
  if (next !== undefined) return next
  const end = offset + items.length
  return items.length === 0 || (total !== null && end >= total) ? null : end
}

/** Port of a source: what films and series it has. Fails with `source/*`. */
export interface VodCatalogue {
  categories(kind: VodKind, signal: AbortSignal): Promise<readonly VodCategory[]>
  /** The same order from page to page as long as the source's list is the same. */
  entries(query: VodQuery, signal: AbortSignal): Promise<VodPage>
  /** Null: there is no such film. */
  film(id: string, signal: AbortSignal): Promise<Film | null>
  /** Null: there is no such series. */
  series(id: string, signal: AbortSignal): Promise<Series | null>
  /** The picture of a film or series, or null. At most 2 MiB. */
  poster(entry: Pick<VodEntry, 'kind' | 'id'>, signal: AbortSignal): Promise<Uint8Array | null>
}

/** Something that plays from a beginning to an end. */
export type VodItem =
  | { readonly kind: 'film'; readonly id: string }
  | { readonly kind: 'episode'; readonly series: string; readonly season: number; readonly episode: number }

/** Bytes `first` to `last` (included); `last` null: to the end. */
export type VodRange = { readonly first: number; readonly last: number | null }

/** What a source is asked to open. */
export type VodRequest = {
  readonly item: VodItem
  /** Null: the whole file. */
  readonly range: VodRange | null
  readonly signal: AbortSignal
}

/** An open file of a source. Whoever opened it closes it. */
export type VodFile = {
  /**
   * What comes: bytes `first` to `last` (included) of a file of `size` bytes; null what the source does not say. `last` is
   * known of a part.
   */
  readonly first: number
  readonly last: number | null
  readonly size: number | null
  /** Whether the source answered with the asked part; false: it sends the whole file. */
  readonly partial: boolean
  readonly contentType: string
  /** Flows only as fast as it is read. Ends with a failure when the source breaks off. */
  readonly body: ReadableStream<Uint8Array>
  /** Ends the connection at once; resolves when it is really gone. Idempotent. */
  close(): Promise<void>
}

/**
 * Port of a source: opens a film or an episode with exactly one connection, at the asked place.
 *
 * Resolves when the source has answered. Fails with `vod/unknown-item`, `vod/range` (`size` in its facts where known), `live/refused|no-slot|contested`
 * or `source/*`. The address is asked for anew each time. Never retries by itself.
 */
export interface VodOpener {
  /** False: its files come beside the slots (from a receiver's disk). Absent: every open file has one. */
  readonly usesSlots?: boolean
  openFile(request: VodRequest): Promise<VodFile>
}

/** Films and series of one source. */
export interface VodSource extends VodCatalogue, VodOpener {}

/** An item among those of all sources, for look-ups: `film/{id}`, `series/{id}/{season}/{episode}`. */
export const vodItemKey = (item: VodItem): string =>
  item.kind === 'film' ? `film/${item.id}` : `series/${item.series}/${item.season}/${item.episode}`
