import type { Episode, Film, Season, VodDetails, VodEntry } from '../../core/lineup/vod.ts'
import { posterPath } from '../vod.ts'
import type { NumberedEntry, NumberedSeries } from './vod-library.ts'

/** What films are called where the source does not say it. */
const USUAL_CONTAINER = 'mp4'

/** A film as `get_vod_streams` lists it. `num`: its place in the list. Source: protocols/xtream.md §2.4. */
export function filmRow(film: NumberedEntry, root: string, num: number) {
  const { entry } = film
  return {
    num,
    name: entry.name,
    title: entry.name,
    year: yearOf(entry),
    stream_type: 'movie',
    stream_id: film.number,
    stream_icon: posterOf(film, root),
    rating: String(entry.rating ?? 0),
    rating_5based: fiveBased(entry),
    added: secondsOf(entry.addedAt),
    is_adult: film.isAdult ? '1' : '0',
    category_id: String(film.categories[0]),
    category_ids: film.categories,
    container_extension: entry.container ?? USUAL_CONTAINER,
    custom_sid: '',
    direct_source: '',
  }
}

/** A film as `get_vod_info` tells it. */
export function filmInfo(film: NumberedEntry & { readonly entry: Film }, root: string) {
  const { entry } = film
  const poster = posterOf(film, root)
  const people = detailsOf(entry)
  return {
    info: {
      tmdb_id: '',
      name: entry.name,
      o_name: entry.name,
      cover_big: poster,
      movie_image: poster,
      releasedate: yearOf(entry),
      release_date: yearOf(entry),
      youtube_trailer: '',
      ...people,
      actors: people.cast,
      description: people.plot,
      age: '',
      country: '',
      backdrop_path: [],
      ...lengthOf(entry.durationSeconds),
      bitrate: 0,
      rating: String(entry.rating ?? 0),
      video: {},
      audio: {},
      subtitles: [],
    },
    movie_data: {
      stream_id: film.number,
      name: entry.name,
      title: entry.name,
      year: yearOf(entry),
      added: secondsOf(entry.addedAt),
      category_id: String(film.categories[0]),
      category_ids: film.categories,
      container_extension: entry.container ?? USUAL_CONTAINER,
      custom_sid: '',
      direct_source: '',
    },
  }
}

/** A series as `get_series` lists it. Source: protocols/xtream.md §2.5. */
export const seriesRow = (series: NumberedEntry, root: string, num: number, details: VodDetails | null = null) => {
  const { entry } = series
  return {
    num,
    name: entry.name,
    title: entry.name,
    year: yearOf(entry),
    stream_type: 'series',
    series_id: series.number,
    cover: posterOf(series, root),
    ...detailsOf(details),
    release_date: yearOf(entry),
    releaseDate: yearOf(entry),
    last_modified: secondsOf(entry.addedAt),
    rating: String(entry.rating ?? 0),
    rating_5based: fiveBased(entry),
    backdrop_path: [],
    youtube_trailer: '',
    episode_run_time: String(Math.round((details?.durationSeconds ?? 0) / 60)),
    category_id: String(series.categories[0]),
    category_ids: series.categories,
  }
}

/** A series as `get_series_info` tells it: `episodes` is an object by season, also when it is empty. */
export function seriesInfo(series: NumberedSeries, root: string) {
  const cover = posterOf(series, root)
  const { seasons } = series.entry
  return {
    seasons: seasons.map((season) => seasonRow(season, cover)),
    info: seriesRow(series, root, 1, series.entry),
    episodes: Object.fromEntries(
      seasons
        .map(({ number, episodes }, place): [string, readonly object[]] => [
          String(number),
          episodes.map((episode, index) => episodeRow(episode, number, series.episodes[place]?.[index] ?? 0, cover)),
        ])
        .filter(([, episodes]) => episodes.length > 0),
    ),
  }
}

const seasonRow = ({ number, name, episodes }: Season, cover: string) => ({
  air_date: '',
  episode_count: episodes.length,
  id: number,
  name: name ?? (number === 0 ? 'Specials' : `Season ${number}`),
  overview: '',
  season_number: number,
  cover,
  cover_big: cover,
})

const episodeRow = (episode: Episode, season: number, id: number, cover: string) => ({
  id: String(id),
  episode_num: episode.number,
  title: episode.title,
  container_extension: episode.container ?? USUAL_CONTAINER,
  info: {
    tmdb_id: '',
    release_date: '',
    plot: episode.plot ?? '',
    ...lengthOf(episode.durationSeconds),
    movie_image: cover,
    bitrate: 0,
    rating: '0',
    season: String(season),
    video: {},
    audio: {},
  },
  subtitles: [],
  custom_sid: '',
  added: secondsOf(episode.addedAt),
  season,
  direct_source: '',
})

const detailsOf = (details: VodDetails | null) => ({
  plot: details?.plot ?? '',
  cast: (details?.cast ?? []).join(', '),
  director: (details?.directors ?? []).join(', '),
  genre: (details?.genres ?? []).join(', '),
})

const posterOf = ({ shelf, entry }: NumberedEntry, root: string): string =>
  entry.hasPoster ? root + posterPath(shelf.id, entry) : ''

const yearOf = ({ year }: VodEntry): string => (year === null ? '' : String(year))

const fiveBased = ({ rating }: VodEntry): number => Math.round((rating ?? 0) * 5) / 10

const secondsOf = (instant: number | null): string => String(Math.floor((instant ?? 0) / 1000))

function lengthOf(durationSeconds: number | null) {
  const seconds = durationSeconds ?? 0
  const part = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return {
    duration_secs: seconds,
    duration: `${part(seconds / 3600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}`,
  }
}
