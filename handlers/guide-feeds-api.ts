import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { requireRole } from './api-guard.ts'
import { readJson, readQuery } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import type { GuideDesk, GuideFeedStatus } from './guide-desk.ts'
import { entryHeaders } from './entries/entry-answer.ts'
import { describeFeeds, printFeed } from './entries/describe-feeds.ts'
import { accepted } from './jobs/jobs-api.ts'
import { askedWindow } from './list-window.ts'
import { printProgramme } from './guide-programmes-api.ts'
import { wholeNumber } from './parameter.ts'

/** Body of `POST /guide/feeds/{id}/refresh`. */
export const FeedRefreshBody = v.strictObject({ acceptCutOff: v.optional(v.boolean(), false) })
/** Query of `GET /guide/feeds/{id}/channels`. */
export const FeedSearchQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '50'),
})

/** Query of `GET /guide/feeds/{id}/programmes`. */
export const FeedPreviewQuery = v.object({ channel: v.pipe(v.string(), v.minLength(1), v.maxLength(500)) })
const PREVIEW_MS = 24 * 3_600_000

/**
 * `/api/v1/guide/feeds` for admins: guides that are documents.
 *
 * `GET /guide/feeds` and `/guide/feeds/{id}` (state, last refresh, problem, counts, progress, where it is written), `POST /guide/feeds/{id}/refresh` starts a refresh
 * (202; `{"acceptCutOff": true}` takes a smaller guide), `DELETE /guide/feeds/{id}/refresh` ends it,
 * `GET /guide/feeds/{id}/channels?q=&offset=&limit=` looks for its channels by id or name,
 * `GET /guide/feeds/{id}/programmes?channel=` shows what one of them tells of the next 24 hours.
 */
export function guideFeedRoutes(gateway: Pick<Gateway, 'guideDesk' | 'guideEntries' | 'jobs' | 'now'>): Hono<Env> {
  const desk = (): GuideDesk => {
    if (gateway.guideDesk === null) throw new Failure('http/not-found', 'Guides are kept by the adapter')
    return gateway.guideDesk
  }
  const find = (id: string): GuideFeedStatus => {
    const feed = desk()
      .feeds()
      .find((one) => one.id === id)
    if (feed === undefined) throw new Failure('guide/unknown-feed', 'No guide has this id')
    return feed
  }
  return new Hono<Env>()
    .use('/guide/feeds/*', requireRole('admin'))
    .use('/guide/feeds', requireRole('admin'))
    .get('/guide/feeds', (c) => c.json(askedWindow(c, describeFeeds(gateway)), 200, NO_STORE))
    .get('/guide/feeds/:id', (c) => {
      const feed = describeFeeds(gateway).find(({ id }) => id === c.req.param('id'))
      if (feed === undefined) throw new Failure('guide/unknown-feed', 'No guide has this id')
      return c.json(feed, 200, entryHeaders(feed))
    })
    .post('/guide/feeds/:id/refresh', async (c) => {
      const { id } = find(c.req.param('id'))
      const hasBody = c.req.header('content-type') !== undefined
      const { acceptCutOff } = hasBody ? await readJson(c, FeedRefreshBody) : { acceptCutOff: false }
      const job = desk().refresh(id, { acceptCutOff, askedBy: c.get('caller').user })
      const feed = printFeed(find(id))
      return job === null ? c.json(feed, 202, NO_STORE) : accepted(c, gateway, job, feed)
    })
    .delete('/guide/feeds/:id/refresh', async (c) => {
      const { id } = find(c.req.param('id'))
      await desk().cancel(id)
      return c.body(null, 204)
    })
    .get('/guide/feeds/:id/channels', (c) => {
      const { id } = find(c.req.param('id'))
      const { q, offset, limit } = readQuery(c, FeedSearchQuery)
      return c.json(desk().search(id, { text: q, offset, limit }), 200, NO_STORE)
    })
    .get('/guide/feeds/:id/programmes', async (c) => {
      const { id } = find(c.req.param('id'))
      const { channel } = readQuery(c, FeedPreviewQuery)
      if (!desk().has(id, channel)) throw new Failure('guide/unknown-channel', 'The guide has no channel of this id')
      const from = gateway.now()
      const programmes = await desk().preview(id, channel, { from, to: from + PREVIEW_MS })
      return c.json({ total: programmes.length, items: programmes.map(printProgramme) }, 200, NO_STORE)
    })
}

const NO_STORE = { 'cache-control': 'no-store' }
