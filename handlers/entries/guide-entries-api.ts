import { Hono } from 'hono'
import type { Context } from 'hono'
import { requireRole } from '../api-guard.ts'
import { readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { ifMatch } from '../lineup-change.ts'
import { describeFeeds } from './describe-feeds.ts'
import { entriesOf, EntryBody, entryHeaders } from './entry-answer.ts'
import type { EntryView } from './entry-desk.ts'

/**
 * Edits of `/api/v1/guide/feeds`, for admins. Bodies have the keys of `guide.xmltv[]` in the configuration file.
 *
 * `POST /guide/feeds` adds one (201), `PATCH /guide/feeds/{id}` replaces keys (null: back to the default; a secret that is
 * not named, or is `"set"`, stays), `DELETE /guide/feeds/{id}` removes one and what was imported of it; with `If-Match`.
 */
export function guideEntryRoutes(gateway: Pick<Gateway, 'guideEntries' | 'guideDesk' | 'log'>): Hono<Env> {
  const admin = requireRole('admin')
  const told = (c: Context<Env>, event: string, id: string): void =>
    gateway.log('info', event, { feed: id, user: c.get('caller').user })
  const describe = ({ id }: EntryView): object => describeFeeds(gateway).find((feed) => feed.id === id) ?? { id }
  return new Hono<Env>()
    .post('/guide/feeds', admin, async (c) => {
      const entry = await entriesOf(gateway.guideEntries).add(await readJson(c, EntryBody))
      told(c, 'guide-added', entry.id)
      return c.json(describe(entry), 201, { ...entryHeaders(entry), location: `/api/v1/guide/feeds/${entry.id}` })
    })
    .patch('/guide/feeds/:id', admin, async (c) => {
      const desk = entriesOf(gateway.guideEntries)
      const entry = await desk.change(c.req.param('id'), await readJson(c, EntryBody), ifMatch(c))
      told(c, 'guide-changed', entry.id)
      return c.json(describe(entry), 200, entryHeaders(entry))
    })
    .delete('/guide/feeds/:id', admin, async (c) => {
      await entriesOf(gateway.guideEntries).remove(c.req.param('id'), ifMatch(c))
      told(c, 'guide-removed', c.req.param('id'))
      return c.body(null, 204)
    })
}
