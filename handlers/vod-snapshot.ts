import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { readQuery } from './body.ts'
import type { Env } from './env.ts'
import { wholeNumber } from './parameter.ts'
import { findShelf } from './vod.ts'
import type { VodPorts } from './vod.ts'

const kind = v.picklist(['film', 'series'])
const KindQuery = v.object({ kind })
const PageQuery = v.object({
  kind,
  category: v.optional(v.pipe(v.string(), v.maxLength(64))),
  search: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(1000), '60'),
})

/**
 * What a front asks about films and series, by its own signed link: below `/snapshot/vod/{sourceId}` are `categories`, `page`,
 * `film/{id}` and `series/{id}`, as the source tells them. Fails with `lineup/unknown-source`, `vod/unknown-item`, `source/*`.
 */
export function vodSnapshotFace(gateway: VodPorts): Hono<Env> {
  const at = '/snapshot/vod/:sourceId'
  return new Hono<Env>()
    .get(`${at}/categories`, async (c) => {
      const { catalogue } = findShelf(gateway, c.req.param('sourceId')).shelf
      return c.json(await catalogue.categories(readQuery(c, KindQuery).kind, c.req.raw.signal))
    })
    .get(`${at}/page`, async (c) => {
      const { catalogue } = findShelf(gateway, c.req.param('sourceId')).shelf
      const { category = null, ...query } = readQuery(c, PageQuery)
      return c.json(await catalogue.entries({ ...query, category }, c.req.raw.signal))
    })
    .get(`${at}/film/:id`, async (c) => {
      const { catalogue } = findShelf(gateway, c.req.param('sourceId')).shelf
      return c.json(found(await catalogue.film(c.req.param('id'), c.req.raw.signal)))
    })
    .get(`${at}/series/:id`, async (c) => {
      const { catalogue } = findShelf(gateway, c.req.param('sourceId')).shelf
      return c.json(found(await catalogue.series(c.req.param('id'), c.req.raw.signal)))
    })
}

function found<T>(item: T | null): T {
  if (item === null) throw new Failure('vod/unknown-item', 'The source has no such film or series')
  return item
}
