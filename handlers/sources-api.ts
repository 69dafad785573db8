import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { printSource } from './status.ts'

const Refresh = v.strictObject({ acceptShrunk: v.optional(v.boolean(), false) })

/** `/api/v1/sources` for admins: GET lists, POST `/{id}/refresh` asks one again now (`{"acceptShrunk": true}` takes a smaller line-up). */
export function sourceRoutes(gateway: Pick<Gateway, 'status' | 'admin'>): Hono<Env> {
  const find = (id: string) => {
    const source = gateway.status.sources().find((one) => one.id === id)
    if (source === undefined) throw new Failure('lineup/unknown-source', 'No source has this id', { sourceId: id })
    return source
  }
  return new Hono<Env>()
    .use('/sources/*', requireRole('admin'))
    .use('/sources', requireRole('admin'))
    .get('/sources', (c) =>
      c.json({ items: gateway.status.sources().map(printSource) }, 200, { 'cache-control': 'no-store' }),
    )
    .post('/sources/:id/refresh', async (c) => {
      const { id } = find(c.req.param('id'))
      if (gateway.admin === null) throw new Failure('http/not-found', 'Sources are asked by the adapter')
      const hasBody = c.req.header('content-type') !== undefined
      const { acceptShrunk } = hasBody ? await readJson(c, Refresh) : { acceptShrunk: false }
      await gateway.admin.refreshSource(id, { acceptShrunk })
      return c.json(printSource(find(id)))
    })
}
