import { Failure } from '../../../core/errors.ts'
import type { Season, VodKind, VodRequest, VodSource } from '../../../core/lineup/vod.ts'
import type { Query } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { readPage } from './rows.ts'
import type { Page } from './rows.ts'
import { createVodOpener } from './vod-opener.ts'
import type { VodOpenerOptions } from './vod-opener.ts'
import { categoriesQuery } from './vod-queries.ts'
import type { ShelfType } from './vod-queries.ts'
import { readCategory } from './vod-rows.ts'
import { createVodShelves } from './vod-shelf.ts'
import { filmRecipe, readSeasons } from './vod-walk.ts'
import type { PortalSeason, Recipe } from './vod-walk.ts'

/** What the video club of a portal needs. */
export type VodOptions = Omit<VodOpenerOptions, 'recipeOf'> & {
  /** The MAC for questions. Fails when there is none. */
  readonly box: () => BoxSession
  /** A picture by its address, which may lack the host. */
  readonly picture: (address: string, signal: AbortSignal) => Promise<Uint8Array | null>
  readonly now: () => number
}

/** Series are walked again after this time: new episodes appear. */
const SEASONS_KEPT_MS = 15 * 60_000
const MOST_SERIES = 200

/** Films and series of one portal. */
export function createVod(options: VodOptions): VodSource {
  const { box, now, closing } = options
  let hasSeriesShelf: boolean | null = null
  const seasons = new Map<string, { readonly at: number; readonly list: readonly PortalSeason[] }>()

  const page = async (query: Query, signal: AbortSignal): Promise<Page | null> => {
    const { js } = await box().ask(query, { urgency: 'list', signal })
    return readPage(js)
  }
  /** Panels have a shelf for series; stock portals answer that they know no such thing. */
  const shelfOf = async (kind: VodKind, signal: AbortSignal): Promise<ShelfType> => {
    if (kind === 'film') return 'vod'
    hasSeriesShelf ??= ((await page(categoriesQuery('series'), signal))?.rows.length ?? 0) > 0
    return hasSeriesShelf ? 'series' : 'vod'
  }
  const isMixed = async (signal: AbortSignal): Promise<boolean> => (await shelfOf('series', signal)) === 'vod'
  const shelves = createVodShelves({ page, shelfOf, isMixed, now })

  const seasonsOf = async (id: string, signal: AbortSignal): Promise<readonly PortalSeason[] | null> => {
    const kept = seasons.get(id)
    if (kept !== undefined && now() - kept.at < SEASONS_KEPT_MS) return kept.list
    const row = await shelves.row('series', id, signal)
    if (row === null) return null
    const type = await shelfOf('series', signal)
    const list = await readSeasons(row, type, async (query) => (await page(query, signal))?.rows ?? [])
    seasons.delete(id)
    seasons.set(id, { at: now(), list })
    const [oldest] = seasons.keys()
    if (seasons.size > MOST_SERIES && oldest !== undefined) seasons.delete(oldest)
    return list
  }

  const recipeOf = async (item: VodRequest['item'], signal: AbortSignal): Promise<Recipe> => {
    if (item.kind === 'film') {
      const row = await shelves.row('film', item.id, signal)
      if (row !== null) return filmRecipe(row, 'vod')
    } else {
      const list = (await seasonsOf(item.series, signal)) ?? []
      const season = list.find(({ number }) => number === item.season)
      const episode = season?.episodes.find(({ number }) => number === item.episode)
      if (episode !== undefined) return episode.recipe
    }
    throw new Failure('vod/unknown-item', 'The portal has no such film or episode')
  }

  const within = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing])
  return {
    async categories(kind, asked) {
      const signal = within(asked)
      const rows = (await page(categoriesQuery(await shelfOf(kind, signal)), signal))?.rows ?? []
      return rows.flatMap((row) => readCategory(row) ?? [])
    },
    entries: (query, asked) => shelves.entries(query, within(asked)),
    async film(id, asked) {
      const row = await shelves.row('film', id, within(asked))
      return row === null ? null : { ...row.entry, ...row.details }
    },
    async series(id, asked) {
      const signal = within(asked)
      const row = await shelves.row('series', id, signal)
      const list = row === null ? null : await seasonsOf(id, signal)
      if (row === null || list === null) return null
      return { ...row.entry, ...row.details, seasons: list.map(withoutRecipes) }
    },
    async poster({ kind, id }, asked) {
      const signal = within(asked)
      const row = await shelves.row(kind, id, signal)
      return row === null || row.picture === '' ? null : options.picture(row.picture, signal)
    },
    openFile: createVodOpener({ ...options, recipeOf }),
  }
}

const withoutRecipes = ({ number, name, episodes }: PortalSeason): Season => ({
  number,
  name,
  episodes: episodes.map(({ number: place, title, plot, durationSeconds, addedAt, container }) => ({
    number: place,
    title,
    plot,
    durationSeconds,
    addedAt,
    container,
  })),
})
