import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import { nextOffset } from '../core/lineup/vod.ts'
import type { Episode, VodDetails, VodEntry } from '../core/lineup/vod.ts'
import type { VodDesk, VodShelf } from '../core/lineup/vod-desk.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import { askedWindow, windowOf, WindowQuery } from './list-window.ts'
import { wholeNumber } from './parameter.ts'
import { seenFilms } from './seen-films.ts'
import { printInstant } from './status.ts'
import { episodePath, filmPath, findShelf, posterPath } from './vod.ts'
import type { VodPorts } from './vod.ts'

const kind = v.optional(v.picklist(['film', 'series']), 'film')
/** Query of `GET /vod/{sourceId}/categories`. */
export const VodKindQuery = v.object({ kind, ...WindowQuery.entries })
/** Query of `GET /vod/{sourceId}/entries`. */
export const VodListQuery = v.object({
  kind,
  category: v.optional(v.pipe(v.string(), v.maxLength(64))),
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '60'),
})

/**
 * `/api/v1/vod`: the films and series of the house, to everybody who may watch.
 *
 * `GET /vod` lists the sources that have some; below `/vod/{sourceId}`: `GET /categories?kind=film|series`, `GET /entries?
 * kind=&category=&q=&offset=&limit=` (60 at a time, at most 200; `next` is the offset to go on at, null at the end;
 * `total` null where the source does not say, or the caller sees only a part),
 * `GET /films/{id}`, `GET /series/{id}` with seasons and episodes. `play` and `poster` are paths below the viewer's root.
 */
export function vodRoutes(gateway: VodPorts): Hono<Env> {
  return new Hono<Env>()
    .use('/vod', requireWatcher)
    .use('/vod/*', requireWatcher)
    .use('/vod/*', async (c, next) => {
      await next()
      c.header('cache-control', 'private, no-store')
    })
    .get('/vod', async (c) => {
      const items = await shownShelves(seenFilms(c, gateway), c.req.raw.signal)
      return c.json(askedWindow(c, items), 200, { 'cache-control': 'private, no-store' })
    })
    .get('/vod/:sourceId/categories', async (c) => {
      const { shelf } = findShelf(c, gateway, c.req.param('sourceId'))
      const { kind: asked, ...window } = readQuery(c, VodKindQuery)
      const items = await shelf.catalogue.categories(asked, c.req.raw.signal)
      return c.json(windowOf(items, window))
    })
    .get('/vod/:sourceId/entries', async (c) => {
      const { shelf } = findShelf(c, gateway, c.req.param('sourceId'))
      const { q, category, ...query } = readQuery(c, VodListQuery)
      const asked = { ...query, category: category ?? null, search: q }
      const page = await shelf.catalogue.entries(asked, c.req.raw.signal)
      const { items, total } = page
      return c.json({
        total,
        next: nextOffset(page, asked.offset),
        items: items.map((entry) => printEntry(shelf.id, entry)),
      })
    })
    .get('/vod/:sourceId/films/:id', async (c) => {
      const { shelf } = findShelf(c, gateway, c.req.param('sourceId'))
      const film = await shelf.catalogue.film(c.req.param('id'), c.req.raw.signal)
      if (film === null) throw new Failure('vod/unknown-item', 'The source has no film with this id')
      return c.json({ ...printEntry(shelf.id, film), ...printDetails(film) })
    })
    .get('/vod/:sourceId/series/:id', async (c) => {
      const { shelf } = findShelf(c, gateway, c.req.param('sourceId'))
      const series = await shelf.catalogue.series(c.req.param('id'), c.req.raw.signal)
      if (series === null) throw new Failure('vod/unknown-item', 'The source has no series with this id')
      const seasons = series.seasons.map(({ number, name, episodes }) => ({
        number,
        name,
        episodes: episodes.map((episode) => printEpisode(shelf.id, series.id, number, episode)),
      }))
      return c.json({ ...printEntry(shelf.id, series), ...printDetails(series), seasons })
    })
}

/** The sources that the caller sees something of; for who sees but a part, those that answer. */
async function shownShelves(desk: VodDesk | null, signal: AbortSignal) {
  const shelves = desk?.shelves() ?? []
  const hasSome = async ({ listedOnly, catalogue }: VodShelf): Promise<boolean> => {
    if (listedOnly !== true) return true
    const kinds = await Promise.all((['film', 'series'] as const).map((one) => catalogue.categories(one, signal)))
    return kinds.some((categories) => categories.length > 0)
  }
  const shown = await Promise.all(shelves.map((shelf) => hasSome(shelf).catch(() => false)))
  return shelves.filter((_, index) => shown[index] === true).map(({ id, name }) => ({ id, name }))
}

function printEntry(source: SourceId, entry: VodEntry) {
  const { id, name, year, categories, rating, addedAt, container } = entry
  return {
    kind: entry.kind,
    id,
    name,
    year,
    categories,
    rating,
    addedAt: addedAt === null ? null : printInstant(addedAt),
    poster: entry.hasPoster ? posterPath(source, entry) : null,
    ...(entry.kind === 'film' && { container, play: filmPath(source, id, container) }),
  }
}

const printDetails = ({ plot, genres, directors, cast, durationSeconds }: VodDetails) => ({
  plot,
  genres,
  directors,
  cast,
  durationSeconds,
})

function printEpisode(source: SourceId, series: string, season: number, episode: Episode) {
  const { number, title, plot, durationSeconds, addedAt, container } = episode
  const item = { kind: 'episode', series, season, episode: number } as const
  return {
    number,
    title,
    plot,
    durationSeconds,
    addedAt: addedAt === null ? null : printInstant(addedAt),
    container,
    play: episodePath(source, item, container),
  }
}
