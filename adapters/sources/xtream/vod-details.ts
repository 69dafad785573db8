import * as v from 'valibot'
import type { Episode, Season, VodDetails } from '../../../core/lineup/vod.ts'
import {
  looseId,
  looseInstant,
  looseList,
  looseNumber,
  looseObject,
  looseText,
  looseWords,
  looseYear,
} from './loose.ts'
import { isWebAddress, readContainer, readRating } from './vod-list.ts'

const infoSchema = v.object({
  name: looseText,
  plot: looseText,
  description: looseText,
  genre: looseWords,
  director: looseWords,
  cast: looseWords,
  actors: looseWords,
  duration_secs: looseNumber,
  duration: looseText,
  episode_run_time: looseNumber,
  releasedate: looseYear,
  release_date: looseYear,
  releaseDate: looseYear,
  year: looseYear,
  rating: looseNumber,
  movie_image: looseText,
  cover_big: looseText,
  cover: looseText,
})

/** What `info` of a film or series says; `info` may be `[]`. */
export type VodInfo = VodDetails & {
  /** '' when it does not say. */
  readonly name: string
  readonly year: number | null
  readonly rating: number | null
  /** Null: none. */
  readonly posterUrl: string | null
}

/** Reads `info` of `get_vod_info`, `get_series_info` and of episodes. */
export function readInfo(value: unknown): VodInfo {
  const info = v.parse(infoSchema, v.parse(looseObject, value))
  const seconds = info.duration_secs ?? readDuration(info.duration) ?? (info.episode_run_time ?? 0) * 60
  return {
    name: info.name,
    plot: info.plot || info.description || null,
    genres: info.genre,
    directors: info.director,
    cast: info.cast.length > 0 ? info.cast : info.actors,
    durationSeconds: seconds > 0 ? Math.round(seconds) : null,
    year: info.year ?? info.releasedate ?? info.release_date ?? info.releaseDate,
    rating: readRating(info.rating),
    posterUrl: [info.movie_image, info.cover_big, info.cover].find(isWebAddress) ?? null,
  }
}

/** `HH:MM:SS` in seconds; null for anything else. */
function readDuration(text: string): number | null {
  const [, hours, minutes, seconds] = /^(\d{1,3}):(\d\d):(\d\d)$/.exec(text) ?? []
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

const filmSchema = v.object({ info: v.optional(v.unknown()), movie_data: looseObject })
const movieSchema = v.object({ name: looseText, stream_id: looseId, container_extension: looseText })

/** What `get_vod_info` says: `container` null when it does not know the film's file. */
export function readFilm(json: unknown): {
  readonly info: VodInfo
  readonly name: string
  readonly container: string | null
} {
  const answer = v.parse(filmSchema, v.parse(looseObject, json))
  const movie = v.parse(movieSchema, answer.movie_data)
  const info = readInfo(answer.info)
  return { info, name: movie.name || info.name, container: readContainer(movie.container_extension) }
}

/** An episode with the panel's own id of its file. */
export type PanelEpisode = Episode & { readonly fileId: string }
/** A series as the panel tells it. */
export type PanelSeries = {
  readonly info: VodInfo
  readonly seasons: readonly (Omit<Season, 'episodes'> & { readonly episodes: readonly PanelEpisode[] })[]
}

const seriesSchema = v.object({ info: v.optional(v.unknown()), seasons: looseList, episodes: v.optional(v.unknown()) })
const seasonSchema = v.object({ season_number: looseNumber, name: looseText })
const episodeSchema = v.object({
  id: looseId,
  episode_num: looseNumber,
  season: looseNumber,
  title: looseText,
  container_extension: looseText,
  added: looseInstant,
  info: v.optional(v.unknown()),
})

/**
 * What `get_series_info` says. `episodes` is an object by season, a list of lists, or a plain list; `seasons` is often
 * empty although there are episodes. Of two episodes with one number the first is kept.
 *
 * Source: protocols/xtream.md §2.5.
 */
export function readSeries(json: unknown): PanelSeries {
  const answer = v.parse(seriesSchema, v.parse(looseObject, json))
  const seasons = new Map<number, { name: string | null; episodes: Map<number, PanelEpisode> }>()
  const seasonOf = (number: number) => {
    const known = seasons.get(number)
    if (known !== undefined) return known
    const season = { name: null, episodes: new Map<number, PanelEpisode>() }
    seasons.set(number, season)
    return season
  }
  for (const row of answer.seasons) {
    const season = v.safeParse(seasonSchema, row)
    if (!season.success || !isOrdinal(season.output.season_number)) continue
    seasonOf(season.output.season_number).name = season.output.name || null
  }
  for (const { row, season: named } of episodeRows(answer.episodes)) {
    const episode = v.safeParse(episodeSchema, row)
    if (!episode.success || episode.output.id === null) continue
    const number = episode.output.season ?? named
    const { episodes } = seasonOf(isOrdinal(number) ? number : 1)
    const wanted = episode.output.episode_num
    const place = isOrdinal(wanted) ? wanted : episodes.size + 1
    if (!episodes.has(place)) episodes.set(place, toEpisode(episode.output, episode.output.id, place))
  }
  return {
    info: readInfo(answer.info),
    seasons: [...seasons]
      .toSorted(([a], [b]) => a - b)
      .map(([number, { name, episodes }]) => ({
        number,
        name,
        episodes: [...episodes.values()].toSorted((a, b) => a.number - b.number),
      })),
  }
}

const isOrdinal = (number: number | null): number is number =>
  number !== null && Number.isInteger(number) && number >= 0 && number <= 100_000

type PlacedRow = { readonly row: unknown; readonly season: number | null }

/** The rows of episodes with the season that their place says: the key of an object, or the index of a list of lists. */
function episodeRows(value: unknown): readonly PlacedRow[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, rows]: [string, unknown]): readonly PlacedRow[] =>
    Array.isArray(rows) ? rows.map((row: unknown) => ({ row, season: Number(key) })) : [{ row: rows, season: null }],
  )
}

function toEpisode(row: v.InferOutput<typeof episodeSchema>, fileId: string, number: number): PanelEpisode {
  const { plot, durationSeconds } = readInfo(row.info)
  return {
    fileId,
    number,
    title: row.title || `Episode ${number}`,
    plot,
    durationSeconds,
    addedAt: row.added,
    container: readContainer(row.container_extension),
  }
}
