import * as v from 'valibot'
import { foldName, nameMatcher } from '../lineup/word-search.ts'
import { MEDIA_KINDS } from './media-item.ts'
import type { MediaItem } from './media-item.ts'

/** Whether something can be shown: `playable` now, `broken` never as it is, `missing` when it comes back; `any`. */
export const ITEM_STATES = ['any', 'playable', 'broken', 'missing'] as const

/** One of them. */
export type ItemState = (typeof ITEM_STATES)[number]

const MOST_CHOICES = 200
const choices = <const T extends v.GenericSchema>(of: T) => v.optional(v.pipe(v.array(of), v.maxLength(MOST_CHOICES)))
const words = v.pipe(v.string(), v.maxLength(300))
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))

/**
 * Which items of a library: those that fit every key that is there, and of a list at least one of its members. Names are
 * compared without regard to case and accents. Stored in documents and sent by API, so keys are only ever added.
 */
export const libraryFilterSchema = v.strictObject({
  kinds: choices(v.picklist(MEDIA_KINDS)),
  /** Whole names of series. */
  series: choices(words),
  seasons: choices(whole),
  genres: choices(words),
  /** Values of ratings (`FSK 12`, `PG`). */
  ratings: choices(words),
  yearFrom: v.optional(whole),
  yearTo: v.optional(whole),
  minSeconds: v.optional(whole),
  maxSeconds: v.optional(whole),
  /** Below this folder of the library: `Series/Dinner for One`. */
  folder: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  /** All of these words are in the title, the series or the path. */
  words: v.optional(words),
  state: v.optional(v.picklist(ITEM_STATES)),
})

/** A filter, read. */
export type LibraryFilter = v.InferOutput<typeof libraryFilterSchema>

/** What a filter looks at. `durationMs` null: not probed. */
export type FilterSubject = Pick<
  MediaItem,
  'kind' | 'title' | 'series' | 'season' | 'genres' | 'rating' | 'year' | 'path' | 'problem' | 'isMissing'
> & { readonly durationMs: number | null }

/** What of an item a filter looks at. */
export const filterSubject = (item: MediaItem): FilterSubject => ({
  ...item,
  durationMs: item.facts?.durationMs ?? null,
})

/** The filter as a question to one item; what is not known of an item fits no bound. */
export function itemMatcher(filter: LibraryFilter): (subject: FilterSubject) => boolean {
  const kinds = filter.kinds && new Set(filter.kinds)
  const series = filter.series && new Set(filter.series.map(foldName))
  const seasons = filter.seasons && new Set(filter.seasons)
  const genres = filter.genres && new Set(filter.genres.map(foldName))
  const ratings = filter.ratings && new Set(filter.ratings.map(foldName))
  const years = within(filter.yearFrom, filter.yearTo)
  const length = within(ms(filter.minSeconds), ms(filter.maxSeconds))
  const folder = folderPrefix(filter.folder)
  const hasWords = nameMatcher(filter.words ?? '')
  const fitsState = STATES[filter.state ?? 'any']
  return (item) =>
    (!kinds || kinds.has(item.kind)) &&
    (!seasons || (item.season !== null && seasons.has(item.season))) &&
    (years === null || years(item.year)) &&
    (length === null || length(item.durationMs)) &&
    fitsState(item) &&
    item.path.startsWith(folder) &&
    (!series || (item.series !== null && series.has(foldName(item.series)))) &&
    (!genres || item.genres.some((genre) => genres.has(foldName(genre)))) &&
    (!ratings || (item.rating !== null && ratings.has(foldName(item.rating.value)))) &&
    (filter.words === undefined || hasWords(`${item.series ?? ''} ${item.title} ${item.path}`))
}

/** How the path of everything below a folder begins; '' for the library's own folder. */
export function folderPrefix(folder: string | undefined): string {
  const plain = (folder ?? '')
    .replaceAll('\\', '/')
    .replace(/^[./]*\/|^\.$/, '')
    .replace(/\/+$/, '')
  return plain === '' ? '' : `${plain}/`
}

const STATES: Readonly<Record<ItemState, (item: FilterSubject) => boolean>> = {
  any: () => true,
  playable: (item) => !item.isMissing && item.problem === null && item.durationMs !== null,
  broken: (item) => item.problem !== null,
  missing: (item) => item.isMissing,
}

const ms = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000)

function within(from: number | undefined, to: number | undefined): ((value: number | null) => boolean) | null {
  if (from === undefined && to === undefined) return null
  return (value) => value !== null && value >= (from ?? -Infinity) && value <= (to ?? Infinity)
}
