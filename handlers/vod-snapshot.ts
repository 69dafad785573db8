import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { NUMBERED_KINDS } from '../core/lineup/vod-numbers.ts'
import type { VodNumbers } from '../core/lineup/vod-numbers.ts'
import { readJson, readQuery } from './body.ts'
import type { Env } from './env.ts'
import { wholeNumber } from './parameter.ts'
import { findShelf } from './vod.ts'
import type { Gateway } from './gateway.ts'
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

const Items = v.strictObject({
  kind: v.picklist(NUMBERED_KINDS),
  items: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(1000)),
})

/**
 * What a front asks about films and series, by its own signed link: below `/snapshot/vod/{sourceId}` are `categories`, `page`,
 * `film/{id}` and `series/{id}`, as the source tells them; `POST numbers` with `kind` and `items` gives their numbers, and
 * `/snapshot/vod/-/number/{number}` what has one. Fails with `lineup/unknown-source`, `vod/unknown-item`, `source/*`.
 */
export function vodSnapshotFace(gateway: VodPorts & Pick<Gateway, 'vodNumbers'>): Hono<Env> {
  const at = '/snapshot/vod/:sourceId'
  return new Hono<Env>()
    .get('/snapshot/vod/-/number/:number{\\d{1,10}}', async (c) =>
      c.json(await numbersOf(gateway).find(Number(c.req.param('number')))),
    )
    .post(`${at}/numbers`, async (c) => {
      const { id } = findShelf(c, gateway, c.req.param('sourceId')).shelf
      const { kind: numbered, items } = await readJson(c, Items)
      return c.json(await numbersOf(gateway).numbersOf(id, numbered, items))
    })
    .get(`${at}/categories`, async (c) => {
      const { catalogue } = findShelf(c, gateway, c.req.param('sourceId')).shelf
      return c.json(await catalogue.categories(readQuery(c, KindQuery).kind, c.req.raw.signal))
    })
    .get(`${at}/page`, async (c) => {
      const { catalogue } = findShelf(c, gateway, c.req.param('sourceId')).shelf
      const { category = null, ...query } = readQuery(c, PageQuery)
      return c.json(await catalogue.entries({ ...query, category }, c.req.raw.signal))
    })
    .get(`${at}/film/:id`, async (c) => {
      const { catalogue } = findShelf(c, gateway, c.req.param('sourceId')).shelf
      return c.json(found(await catalogue.film(c.req.param('id'), c.req.raw.signal)))
    })
    .get(`${at}/series/:id`, async (c) => {
      const { catalogue } = findShelf(c, gateway, c.req.param('sourceId')).shelf
      return c.json(found(await catalogue.series(c.req.param('id'), c.req.raw.signal)))
    })
}

function numbersOf({ vodNumbers }: Pick<Gateway, 'vodNumbers'>): VodNumbers {
  if (vodNumbers === null) throw new Failure('http/not-found', 'Numbers are given by the adapter')
  return vodNumbers
}

function found<T>(item: T | null): T {
  if (item === null) throw new Failure('vod/unknown-item', 'The source has no such film or series')
  return item
}
