import type { PanelChannel, PanelFilm, PanelModel, PanelSeriesModel } from './model.ts'
import type { Dialect } from './settings.ts'

// Rows of `player_api.php` in the spelling of each dialect (protocols/xtream.md §2.3 to §2.5).

type Row = Readonly<Record<string, unknown>>

/** A list as the dialect sends it: the sloppy one sends objects for lists, and `false` for empty ones. */
export function asList(rows: readonly Row[], dialect: Dialect): unknown {
  if (dialect !== 'sloppy') return rows
  return rows.length === 0 ? false : Object.fromEntries(rows.map((row, index) => [String(index), row]))
}

/** A category. */
export const categoryRow = (id: string, name: string, dialect: Dialect): Row => ({
  category_id: dialect === 'sloppy' ? Number(id) : id,
  category_name: name,
  parent_id: 0,
})

/** A live channel. The sloppy dialect lists those of category 1 twice, once for a category that does not exist. */
export function liveRows(channel: PanelChannel, num: number, dialect: Dialect, icon: string): readonly Row[] {
  const { id, name, guideId, archiveDays, radio, category } = channel
  const kind = radio ? 'radio_streams' : 'live'
  if (dialect === 'sloppy') {
    const row = {
      num: String(num),
      name: ` ${name}\t`,
      stream_id: String(id),
      stream_icon: id % 2 === 0 ? null : icon,
      epg_channel_id: guideId,
      added: '',
      category_id: category === '4' ? null : Number(category),
      category_ids: category === '4' ? ['4'] : undefined,
      tv_archive: archiveDays > 0 ? '1' : null,
      tv_archive_duration: String(archiveDays),
      stream_type: radio ? kind : undefined,
    }
    return category === '1' ? [row, { ...row, category_id: '99' }] : [row]
  }
  const row = {
    num,
    name,
    stream_type: kind,
    stream_id: id,
    stream_icon: icon,
    epg_channel_id: guideId,
    added: '1715275438',
    category_id: category,
    custom_sid: '',
    tv_archive: archiveDays > 0 ? 1 : 0,
    direct_source: '',
    tv_archive_duration: dialect === 'xui' ? archiveDays : String(archiveDays),
  }
  return [dialect === 'xui' ? { ...row, category_ids: [Number(category)], thumbnail: '' } : { ...row, is_adult: '0' }]
}

/** A film in the list. */
export const filmRow = (film: PanelFilm, num: number, dialect: Dialect, icon: string): Row => ({
  num,
  name: film.name,
  stream_type: 'movie',
  stream_id: dialect === 'sloppy' ? String(film.id) : film.id,
  stream_icon: icon,
  rating: dialect === 'sloppy' ? '7.1' : 7.1,
  added: dialect === 'sloppy' ? '' : '1715275438',
  category_id: film.category,
  container_extension: film.container,
  direct_source: '',
  ...(dialect === 'xui' && { title: film.name, year: '2019', category_ids: [Number(film.category)] }),
})

/** `get_vod_info`; of the film 503 nothing is known. */
export function filmInfo(film: PanelFilm | undefined, dialect: Dialect): unknown {
  if (film === undefined) return dialect === 'sloppy' ? [] : { info: [], movie_data: [] }
  const data = { stream_id: film.id, name: film.name, container_extension: film.container, category_id: film.category }
  if (film.id === 503) return { info: [], movie_data: data }
  const info = {
    name: film.name,
    plot: `What happens in ${film.name}`,
    genre: 'Drama, Crime',
    director: 'Jo Doe',
    cast: 'Ann A, Ben B',
    releasedate: '2019-05-01',
    duration_secs: dialect === 'sloppy' ? '5400' : 5400,
    duration: '01:30:00',
    rating: '7.1',
    backdrop_path: [],
  }
  return { info, movie_data: data }
}

/** A series in the list. */
export const seriesRow = (series: PanelSeriesModel, num: number, dialect: Dialect, icon: string): Row => ({
  num,
  name: series.name,
  series_id: dialect === 'sloppy' ? String(series.id) : series.id,
  cover: icon,
  plot: 'A series',
  genre: 'Crime',
  releaseDate: '2020-01-01',
  last_modified: '1715275438',
  rating: '7',
  category_id: series.category,
  backdrop_path: [],
})

/** `get_series_info`: by season as an object, in the sloppy dialect as one list without seasons. */
export function seriesInfo(series: PanelSeriesModel | undefined, dialect: Dialect): unknown {
  if (series === undefined) return { seasons: [], info: [], episodes: [] }
  const episodes = Object.entries(series.seasons).map(([season, list]): [string, readonly Row[]] => [
    season,
    list.map(({ id, number }) => ({
      id: String(id),
      episode_num: dialect === 'sloppy' ? String(number) : number,
      title: `${series.name} - S${season}E${number}`,
      container_extension: 'mp4',
      info: dialect === 'sloppy' ? [] : { duration_secs: 2700, plot: `Episode ${number}` },
      added: '1715275438',
      season: Number(season),
    })),
  ])
  const byPlace = episodes.length === 0 ? [] : Object.fromEntries(episodes)
  return {
    seasons:
      dialect === 'sloppy'
        ? []
        : episodes.map(([season]) => ({ season_number: Number(season), name: `Season ${season}` })),
    info: { name: series.name, plot: 'A series', genre: 'Crime' },
    episodes: dialect === 'sloppy' ? episodes.flatMap(([, list]) => list) : byPlace,
  }
}

/** Categories of one shelf. */
export const shelf = (model: PanelModel, action: string): Readonly<Record<string, string>> =>
  action === 'get_live_categories'
    ? model.liveCategories
    : action === 'get_vod_categories'
      ? model.filmCategories
      : model.seriesCategories
