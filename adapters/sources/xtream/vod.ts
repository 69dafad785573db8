import { Failure } from '../../../core/errors.ts'
import type { Episode, Film, Series, VodEntry, VodItem, VodKind, VodSource } from '../../../core/lineup/vod.ts'
import { nameMatcher } from '../../../core/lineup/word-search.ts'
import type { Account } from './account.ts'
import type { ApiClient } from './api-client.ts'
import { createKept } from '../kept.ts'
import { readCategories } from './live-list.ts'
import type { PanelHttp } from './panel-http.ts'
import type { Seats } from './seats.ts'
import { readFilm, readSeries } from './vod-details.ts'
import type { PanelEpisode, PanelSeries } from './vod-details.ts'
import { openPanelFile } from './vod-file.ts'
import { listVod } from './vod-list.ts'

/** What films and series of an account need. */
export type VodOptions = {
  readonly account: Account
  readonly api: ApiClient
  readonly http: PanelHttp
  readonly userAgent: string
  readonly seats: Seats
  /** Fetches a picture; null: there is none. */
  readonly picture: (address: string, signal: AbortSignal) => Promise<Uint8Array | null>
  readonly now: () => number
  readonly closing: AbortSignal
}

/** Panels get new films once a day; lists of them are the largest answers there are. */
const LIST_MS = 6 * 3_600_000
const DETAILS_MS = 10 * 60_000
const MOST_DETAILS = 200
const ID = /^[\w-]{1,64}$/

const CATEGORY_ACTIONS: Readonly<Record<VodKind, string>> = {
  film: 'get_vod_categories',
  series: 'get_series_categories',
}

/** Films and series of one account. Lists are read when somebody asks for them, and kept for six hours. */
export function createVod(options: VodOptions): VodSource {
  const { account, api, http, userAgent, seats, picture, now, closing } = options
  const common = { now, closing }
  const lists = createKept({
    ...common,
    fetch: (kind, signal) => listVod(api, kind === 'film' ? 'film' : 'series', signal),
    keepMs: LIST_MS,
    most: 2,
  })
  const categories = createKept({
    ...common,
    fetch: (kind, signal) => readCategories(api, CATEGORY_ACTIONS[kind === 'film' ? 'film' : 'series'], signal),
    keepMs: LIST_MS,
    most: 2,
  })
  const details = { ...common, keepMs: DETAILS_MS, most: MOST_DETAILS }
  const films = createKept({
    ...details,
    fetch: async (id, signal) =>
      readFilm(await api.json({ action: 'get_vod_info', parameters: { vod_id: id }, urgent: true, signal })),
  })
  const series = createKept({
    ...details,
    fetch: async (id, signal) =>
      readSeries(await api.json({ action: 'get_series_info', parameters: { series_id: id }, urgent: true, signal })),
  })

  const findEpisode = (found: PanelSeries, season: number, number: number): PanelEpisode | undefined =>
    found.seasons.find((one) => one.number === season)?.episodes.find((one) => one.number === number)

  /** The address of an item's file, and its name for messages. */
  const locate = async (item: VodItem, signal: AbortSignal): Promise<{ readonly url: URL; readonly name: string }> => {
    if (item.kind === 'film') {
      if (!ID.test(item.id)) throw unknownItem()
      const listed = lists.peek('film')?.byId.get(item.id)
      const container = listed?.container ?? (await films.get(item.id, signal)).container
      if (listed === undefined && container === null) throw unknownItem()
      return { url: account.stream('movie', item.id, container ?? 'mp4'), name: listed?.name ?? `Film ${item.id}` }
    }
    const episode = findEpisode(await series.get(item.series, signal), item.season, item.episode)
    if (episode === undefined) throw unknownItem()
    return { url: account.stream('series', episode.fileId, episode.container ?? 'mp4'), name: episode.title }
  }

  return {
    async categories(kind, signal) {
      const names = await categories.get(kind, signal)
      return [...names].map(([id, name]) => ({ id, name }))
    },
    async entries({ kind, category, search, offset, limit }, signal) {
      const { entries } = await lists.get(kind, signal)
      const matches = nameMatcher(search)
      const found = entries.filter(
        (entry) => (category === null || entry.categories.includes(category)) && matches(entry.name),
      )
      return { items: found.slice(offset, offset + limit), total: found.length }
    },
    async film(id, signal): Promise<Film | null> {
      const entry = (await lists.get('film', signal)).byId.get(id)
      if (entry === undefined) return null
      const { info, container } = await films.get(id, signal)
      const { year, rating, posterUrl: _poster, name: _name, ...rest } = info
      return { ...entry, ...rest, ...better(entry, year, rating), container: entry.container ?? container }
    },
    async series(id, signal): Promise<Series | null> {
      const entry = (await lists.get('series', signal)).byId.get(id)
      if (entry === undefined) return null
      const { info, seasons } = await series.get(id, signal)
      const { year, rating, posterUrl: _poster, name: _name, ...rest } = info
      return {
        ...entry,
        ...rest,
        ...better(entry, year, rating),
        seasons: seasons.map(({ number, name, episodes }) => ({
          number,
          name,
          episodes: episodes.map(withoutFile),
        })),
      }
    },
    async poster({ kind, id }, signal) {
      const address = (await lists.get(kind, signal)).posters.get(id)
      return address === undefined ? null : picture(address, signal)
    },
    async openFile({ item, range, signal: wanted }) {
      const signal = AbortSignal.any([wanted, closing])
      signal.throwIfAborted()
      const { url, name } = await locate(item, signal)
      const seat = await seats.take(name, signal)
      return openPanelFile(http, { url, name, userAgent, range, signal }, seat)
    },
  }
}

function withoutFile(found: PanelEpisode): Episode {
  const { fileId: _, ...episode } = found
  return episode
}

const unknownItem = (): Failure => new Failure('vod/unknown-item', 'The provider has no such film or episode')

/** What the details know better than the list. */
const better = (entry: VodEntry, year: number | null, rating: number | null) => ({
  year: entry.year ?? year,
  rating: entry.rating ?? rating,
})
