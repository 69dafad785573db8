import * as v from 'valibot'
import { MEDIA_KINDS } from '../../../core/library/media-item.ts'
import type { MediaFacts, MediaId, MediaItem } from '../../../core/library/media-item.ts'
import { createListReader, Names } from '../../store/list-reader.ts'
import type { Row } from '../../store/database.ts'

const count = v.pipe(v.number(), v.integer())
const fraction = v.object({ num: v.number(), den: v.number() })
const text = v.nullable(v.string())

const Facts = v.object({
  durationMs: v.number(),
  container: v.string(),
  video: v.nullable(
    v.object({
      codec: v.string(),
      profile: text,
      width: count,
      height: count,
      frameRate: v.nullable(fraction),
      pixelAspect: fraction,
      pixelFormat: text,
      isInterlaced: v.boolean(),
      isHdr: v.boolean(),
      rotation: v.number(),
    }),
  ),
  audio: v.array(
    v.object({
      index: count,
      codec: v.string(),
      channels: count,
      sampleRate: v.number(),
      language: text,
      title: text,
      isDefault: v.boolean(),
    }),
  ),
  subtitles: v.array(
    v.object({ index: count, codec: v.string(), language: text, isText: v.boolean(), isForced: v.boolean() }),
  ),
  chaptersMs: v.array(v.number()),
})

const Json = v.pipe(v.string(), v.parseJson())
const ItemRow = v.object({
  key: count,
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]+$/),
    v.transform((id) => id as MediaId),
  ),
  path: v.string(),
  bytes: v.number(),
  modified_at: v.number(),
  added_at: v.number(),
  missing_since: v.nullable(v.number()),
  artwork: text,
  kind: v.picklist(MEDIA_KINDS),
  title: v.string(),
  series: text,
  season: v.nullable(count),
  episode: v.nullable(count),
  last_episode: v.nullable(count),
  year: v.nullable(count),
  plot: text,
  genres: v.pipe(Json, v.array(v.string())),
  rating: v.nullable(v.pipe(Json, v.object({ system: text, value: v.string() }))),
  aired_on: text,
  facts: v.nullable(v.pipe(Json, Facts)),
  has_cover: v.number(),
  problem: text,
  loudness: v.nullable(v.pipe(Json, v.object({ integratedLufs: v.number(), truePeakDb: v.number() }))),
  breaks: v.nullable(v.pipe(Json, v.array(v.number()))),
  has_picture: v.nullable(v.number()),
})

/** An item, and what only the library itself has to know of it. */
export type KeptItem = {
  readonly key: number
  readonly item: MediaItem
  /** Path of a picture beside the file; null: there is none. */
  readonly artwork: string | null
  readonly hasCover: boolean
  /** Whether a picture was made of the file itself; null: not tried yet. */
  readonly hasPicture: boolean | null
}

/** What a row holds. `isAway`: nothing of the library is there now. */
export function readItemRow(row: Row, { library, isAway }: { library: string; isAway: boolean }): KeptItem {
  const told = v.parse(ItemRow, row)
  const hasPicture = told.has_picture === null ? null : told.has_picture === 1
  const item: MediaItem = {
    id: told.id,
    library,
    path: told.path,
    bytes: told.bytes,
    modifiedAt: told.modified_at,
    addedAt: told.added_at,
    kind: told.kind,
    title: told.title,
    series: told.series,
    season: told.season,
    episode: told.episode,
    lastEpisode: told.last_episode,
    year: told.year,
    plot: told.plot,
    genres: told.genres,
    rating: told.rating,
    airedOn: told.aired_on,
    facts: told.facts,
    breaksMs: breaksOf(told.facts, told.breaks),
    loudness: told.loudness,
    hasArtwork: told.artwork !== null || (hasPicture ?? (told.has_cover === 1 || (told.facts?.video ?? null) !== null)),
    problem: told.problem,
    isMissing: isAway || told.missing_since !== null,
  }
  return { key: told.key, item, artwork: told.artwork, hasCover: told.has_cover === 1, hasPicture }
}

/** Chapters were made by somebody who knows the film; what was found counts where there are none. */
const breaksOf = (facts: MediaFacts | null, found: readonly number[] | null): readonly number[] =>
  facts !== null && facts.chaptersMs.length > 0 ? facts.chaptersMs : (found ?? [])

const Rating = v.object({ value: v.string() })

/** Reads of rows what filters look at, thousands at a time: lists that are written alike are parsed once. */
export function createSubjectReader(isAway: boolean) {
  const genres = createListReader(Names)
  return (row: Row) => ({
    kind: MEDIA_KINDS.find((kind) => kind === row['kind']) ?? 'other',
    title: String(row['title']),
    series: row['series'] === null ? null : String(row['series']),
    season: numberOrNull(row['season']),
    genres: genres(String(row['genres'])),
    rating:
      row['rating'] === null ? null : { system: null, value: v.parse(Rating, JSON.parse(String(row['rating']))).value },
    year: numberOrNull(row['year']),
    path: String(row['path']),
    problem: row['problem'] === null ? null : String(row['problem']),
    isMissing: isAway || row['missing_since'] !== null,
    durationMs: numberOrNull(row['duration_ms']),
  })
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
