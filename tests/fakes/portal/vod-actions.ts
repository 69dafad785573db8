import type { Device } from './devices.ts'
import { addressOf, linkReply, page } from './live-actions.ts'
import type { PortalFilm, PortalSeries } from './model.ts'
import type { Portal } from './portal.ts'
import { envelope } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'

/** `get_categories` of films, and of series where they have a shelf of their own. */
export function getCategories(portal: Portal): PortalReply {
  const rows = portal.model.categories.map(({ id, title }) => ({
    id: String(id),
    title,
    alias: title.toLowerCase(),
    censored: 0,
  }))
  return envelope(portal.mode, [{ id: '*', title: 'All', alias: '*' }, ...rows])
}

/** `get_ordered_list` of `vod` and `series`, and the walk through a series (stalker.md §9). */
export function getVodPage(portal: Portal, call: PortalCall): PortalReply {
  const query = call.url.searchParams
  const asked = Number(query.get('p') ?? 1)
  const movie = Number(query.get('movie_id') ?? 0)
  if (movie > 0) return envelope(portal.mode, walk(portal, query, movie))
  const category = query.get('category') ?? '*'
  const search = (query.get('search') ?? '').toLowerCase()
  const isWanted = (one: PortalFilm | PortalSeries): boolean =>
    (category === '*' || String(one.category) === category) && one.name.toLowerCase().includes(search)
  const films = portal.model.films.filter(isWanted).map((film) => filmRow(portal, film))
  const series = portal.model.series.filter(isWanted).map((one) => seriesRow(portal, one))
  if (portal.mode !== 'xui') return page(portal, [...films, ...series], asked)
  return page(portal, query.get('type') === 'series' ? series : films, asked)
}

const common = (id: number, name: string, category: number) => ({
  id: String(id),
  name,
  o_name: name,
  description: `What ${name} tells&#039;s`,
  screenshot_uri: `/screenshots/${id}.png`,
  year: '',
  director: 'Somebody',
  actors: 'One, Another',
  time: '95',
  rating_imdb: '7.4',
  genres_str: 'Drama',
  hd: 1,
  added: '2026-05-01 10:00:00',
  category_id: String(category),
  censored: 0,
  fav: 0,
})

function filmRow({ mode }: Portal, { id, name, category, year }: PortalFilm) {
  const row = { ...common(id, name, category), year: String(year), series: [] }
  if (mode === 'xui') return { ...row, cmd: encode({ type: 'movie', stream_id: id, target_container: 'mkv' }) }
  if (mode === 'stock5') return { ...row, cmd: '', is_movie: '1', has_files: 1 }
  return { ...row, cmd: `/media/${id}.mpg` }
}

function seriesRow({ mode }: Portal, { id, name, category, seasons }: PortalSeries) {
  const row = common(id, name, category)
  if (mode === 'stock5') return { ...row, cmd: '', is_series: '1', has_files: 1, series: [] }
  if (mode === 'xui') return { ...row, is_series: 1, has_files: 1, cmd: '', series: [] }
  const episodes = seasons.reduce((sum, count) => sum + count, 0)
  return { ...row, cmd: `/media/${id}.mpg`, series: Array.from({ length: episodes }, (_, index) => index + 1) }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')

/** Seasons, episodes and files of one entry. */
function walk({ mode, model }: Portal, query: URLSearchParams, id: number): unknown {
  const list = (data: readonly unknown[]) => ({ total_items: data.length, max_page_items: 14, cur_page: 0, data })
  const film = model.films.find((one) => one.id === id)
  if (film !== undefined)
    return list([{ id: `f${id}`, is_file: true, name: film.name, cmd: `/media/file_${id}.mpg`, quality: '5' }])
  const series = model.series.find((one) => one.id === id)
  if (series === undefined) return list([])
  if (mode === 'xui')
    return list(
      series.seasons.map((count, index) => ({
        id: `${id}:${index + 1}`,
        name: `Season ${index + 1}`,
        series: Array.from({ length: count }, (_, episode) => episode + 1),
        cmd: encode({ series_id: id, season_num: index + 1, type: 'series' }),
      })),
    )
  const season = Number(query.get('season_id') ?? 0)
  const episode = Number(query.get('episode_id') ?? 0)
  if (season === 0)
    return list(
      series.seasons.map((_, index) => ({
        id: String(id * 10 + index + 1),
        is_season: true,
        name: `Season ${index + 1}. All`,
        season_number: String(index + 1),
      })),
    )
  const number = season % 10
  if (episode === 0)
    return list(
      Array.from({ length: series.seasons[number - 1] ?? 0 }, (_, index) => ({
        id: String(season * 100 + index + 1),
        is_episode: true,
        name: `Episode ${index + 1}`,
        series_number: String(index + 1),
        series: [],
      })),
    )
  return list([
    {
      id: `f${episode}`,
      is_file: true,
      name: 'File',
      cmd: `/media/file_${episode}.mpg`,
      quality: '5',
      languages: 'de',
    },
  ])
}

/** `create_link` of a film or an episode. */
export function createVodLink(portal: Portal, call: PortalCall, device: Device): PortalReply {
  const query = call.url.searchParams
  const target = targetOf(portal, query.get('cmd') ?? '', Number(query.get('series') || 0))
  if (target === null)
    return linkReply(portal, { id: '', cmd: '' }, portal.mode === 'xui' ? 'player_file_missing' : 'nothing_to_play')
  const path = portal.links.issue(device.box.mac, target)
  const link = { id: String(target.id), cmd: `ffmpeg ${addressOf(portal, path)}`, storage_id: 1, load: 0, error: '' }
  // Some portals send an advertisement before the film.
  return portal.mode === 'stock5'
    ? envelope(portal.mode, [{ id: 'ad', cmd: '', error: '' }, link])
    : linkReply(portal, link, '')
}

type Target = { readonly kind: 'film' | 'episode'; readonly id: number }

function targetOf({ model }: Portal, cmd: string, episode: number): Target | null {
  const [, file, plain] = /^\/media\/(?:file_(\d+)|(\d+))\.mpg$/.exec(cmd) ?? []
  const number = Number(file ?? plain ?? 0)
  if (model.films.some(({ id }) => id === number)) return { kind: 'film', id: number }
  const series = model.series.find(({ id }) => id === number)
  if (series !== undefined) return episodeTarget(series, null, episode)
  if (file !== undefined) {
    const owner = model.series.find(({ id }) => Math.floor(number / 1000) === id)
    return owner === undefined ? null : episodeTarget(owner, Math.floor(number / 100) % 10, number % 100)
  }
  return decoded(cmd, model.series, model.films, episode)
}

function decoded(
  cmd: string,
  all: readonly PortalSeries[],
  films: readonly PortalFilm[],
  episode: number,
): Target | null {
  let value: Readonly<Record<string, unknown>>
  try {
    value = JSON.parse(Buffer.from(cmd, 'base64').toString('utf8')) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
  if (value['type'] === 'movie') {
    const film = films.find(({ id }) => id === value['stream_id'])
    return film === undefined ? null : { kind: 'film', id: film.id }
  }
  const series = all.find(({ id }) => id === value['series_id'])
  return series === undefined ? null : episodeTarget(series, Number(value['season_num']), episode)
}

/** The episode counted in its season, or through the whole series where seasons are not told. */
function episodeTarget({ id, seasons }: PortalSeries, season: number | null, episode: number): Target | null {
  const count = season === null ? seasons.reduce((sum, one) => sum + one, 0) : (seasons[season - 1] ?? 0)
  if (episode < 1 || episode > count) return null
  return { kind: 'episode', id: id * 1000 + (season ?? 0) * 100 + episode }
}
