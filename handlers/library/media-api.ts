import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { ITEM_STATES } from '../../core/library/library-filter.ts'
import type { LibraryFilter } from '../../core/library/library-filter.ts'
import { LIBRARY_ORDERS } from '../../core/library/library-order.ts'
import { MEDIA_KINDS } from '../../core/library/media-item.ts'
import type { MediaItem } from '../../core/library/media-item.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import { isFresh, notModified } from '../conditional.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { accepted } from '../jobs/jobs-api.ts'
import { wholeNumber } from '../parameter.ts'
import type { HouseLibrary, MediaDesk } from './media-desk.ts'
import { printLibrary, printMedia, printSeries } from './print-media.ts'

const word = v.optional(v.pipe(v.string(), v.maxLength(300)))

/** Query of `GET /media`. */
export const MediaQuery = v.object({
  library: word,
  q: word,
  kind: v.optional(v.picklist(MEDIA_KINDS)),
  series: word,
  season: v.optional(wholeNumber(1_000_000)),
  genre: word,
  folder: word,
  state: v.optional(v.picklist(ITEM_STATES), 'any'),
  order: v.optional(v.picklist(LIBRARY_ORDERS), 'name'),
  offset: v.optional(wholeNumber(9_999_999), '0'),
  limit: v.optional(wholeNumber(500), '60'),
})

/** Query of `GET /media/series`. */
export const SeriesQuery = v.object({ library: word })

/** Body of `POST /media/scan`; without `library` all of them. */
export const ScanBody = v.strictObject({
  library: v.optional(v.pipe(v.string(), v.maxLength(64))),
  again: v.optional(v.boolean(), false),
})

const NO_STORE = { 'cache-control': 'private, no-store' }

/**
 * `/api/v1/media` for admins: the files of one's own.
 *
 * `GET /media?library=&q=&kind=&series=&season=&genre=&folder=&state=&order=&offset=&limit=` (60 at a time, at most 500;
 * `state=broken`: what cannot be shown, with the reason), `GET /media/libraries`, `GET /media/series`,
 * `POST /media/scan` (202), `GET /media/{id}`, `GET /media/{id}/artwork`.
 */
export function mediaRoutes(gateway: Pick<Gateway, 'media' | 'jobs'>): Hono<Env> {
  const desk = (): MediaDesk => {
    if (gateway.media == null) throw new Failure('http/not-found', 'Files are looked after where they are')
    return gateway.media
  }
  const find = async (c: Context): Promise<{ readonly item: MediaItem; readonly at: HouseLibrary }> => {
    const id = c.req.param('id') ?? ''
    for (const at of await desk().libraries()) {
      const item = at.library.item(id)
      if (item !== null) return { item, at }
    }
    throw new Failure('media/unknown', 'No library has a file of this id')
  }
  return new Hono<Env>()
    .use('/media', requireRole('admin'))
    .use('/media/*', requireRole('admin'))
    .get('/media', async (c) => {
      const { library, offset, limit, order, ...query } = readQuery(c, MediaQuery)
      const filter = filterOf(query)
      const items: MediaItem[] = []
      let total = 0
      for (const one of await named(desk(), library)) {
        const window = { offset: Math.max(0, offset - total), limit: limit - items.length }
        const page = one.library.items({ filter, order, ...window })
        items.push(...page.items)
        total += page.total
      }
      return c.json({ total, items: items.map(printMedia) }, 200, NO_STORE)
    })
    .get('/media/libraries', async (c) => {
      const items = (await desk().libraries()).map(printLibrary)
      return c.json({ total: items.length, items }, 200, NO_STORE)
    })
    .get('/media/series', async (c) => {
      const found = await named(desk(), readQuery(c, SeriesQuery).library)
      const items = found.flatMap(({ id, library }) => library.series().map((series) => printSeries(id, series)))
      return c.json({ total: items.length, items }, 200, NO_STORE)
    })
    .post('/media/scan', async (c) => {
      const house = desk()
      const { library, again } = await readJson(c, ScanBody)
      const wish = { again, askedBy: c.get('caller').user }
      const ids = (await named(house, library)).map(({ id }) => house.scan(id, wish))
      const [job] = ids
      if (job === undefined)
        throw new Failure('http/not-found', 'There is no library: add a folder of films as a source')
      return accepted(c, gateway, job, { jobs: ids })
    })
    .get('/media/:id', async (c) => c.json(printMedia((await find(c)).item), 200, NO_STORE))
    .get('/media/:id/artwork', async (c) => {
      const { item, at } = await find(c)
      const picture = await at.library.artwork(item.id, c.req.raw.signal)
      if (picture === null) throw new Failure('logo/none', 'The file has no picture')
      const tag = `"${picture.tag}"`
      const headers = new Headers({
        etag: tag,
        'cache-control': 'private, max-age=86400',
        'x-content-type-options': 'nosniff',
      })
      if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
      headers.set('content-type', picture.contentType)
      return new Response(c.req.method === 'HEAD' ? null : picture.bytes, { headers })
    })
}

/** The libraries that are meant: one, or all. Fails with `lineup/unknown-source`. */
async function named(desk: MediaDesk, id: string | undefined): Promise<readonly HouseLibrary[]> {
  const all = await desk.libraries()
  if (id === undefined) return all
  const found = all.filter((one) => one.id === id)
  if (found.length === 0) throw new Failure('lineup/unknown-source', 'No running library has this id')
  return found
}

type Asked = Omit<v.InferOutput<typeof MediaQuery>, 'library' | 'offset' | 'limit' | 'order'>

const filterOf = ({ q, kind, series, season, genre, folder, state }: Asked): LibraryFilter => ({
  state,
  ...(q !== undefined && { words: q }),
  ...(kind !== undefined && { kinds: [kind] }),
  ...(series !== undefined && { series: [series] }),
  ...(season !== undefined && { seasons: [season] }),
  ...(genre !== undefined && { genres: [genre] }),
  ...(folder !== undefined && { folder }),
})
