import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import type { Episode, VodDetails, VodEntry } from '../core/lineup/vod.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import { askedWindow, windowOf, WindowQuery } from './list-window.ts'
import { wholeNumber } from './parameter.ts'
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
 * kind=&category=&q=&offset=&limit=` (60 at a time, at most 200; `total` null where the source does not say),
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
    .get('/vod', (c) => {
      const items = gateway.vod?.shelves().map(({ id, name }) => ({ id, name })) ?? []
      return c.json(askedWindow(c, items), 200, { 'cache-control': 'private, no-store' })
    })
    .get('/vod/:sourceId/categories', async (c) => {
      const { shelf } = findShelf(gateway, c.req.param('sourceId'))
      const { kind: asked, ...window } = readQuery(c, VodKindQuery)
      const items = await shelf.catalogue.categories(asked, c.req.raw.signal)
      return c.json(windowOf(items, window))
    })
    .get('/vod/:sourceId/entries', async (c) => {
      const { shelf } = findShelf(gateway, c.req.param('sourceId'))
      const { q, category, ...query } = readQuery(c, VodListQuery)
      const asked = { ...query, category: category ?? null, search: q }
      const { items, total } = await shelf.catalogue.entries(asked, c.req.raw.signal)
      return c.json({ total, items: items.map((entry) => printEntry(shelf.id, entry)) })
    })
    .get('/vod/:sourceId/films/:id', async (c) => {
      const { shelf } = findShelf(gateway, c.req.param('sourceId'))
      const film = await shelf.catalogue.film(c.req.param('id'), c.req.raw.signal)
      if (film === null) throw new Failure('vod/unknown-item', 'The source has no film with this id')
      return c.json({ ...printEntry(shelf.id, film), ...printDetails(film) })
    })
    .get('/vod/:sourceId/series/:id', async (c) => {
      const { shelf } = findShelf(gateway, c.req.param('sourceId'))
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
