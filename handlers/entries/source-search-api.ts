import { Hono } from 'hono'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'

/**
 * `POST /api/v1/sources/search`, for admins: looks for receivers and tuners in the own network. Nothing is looked for before
 * somebody asks; each find says whether a source of this host is there already.
 */
export function sourceSearchRoutes(gateway: Pick<Gateway, 'search' | 'sourceEntries'>): Hono<Env> {
  return new Hono<Env>().post('/sources/search', requireRole('admin'), async (c) => {
    if (gateway.search == null) throw new Failure('http/not-found', 'Sources are looked for by the adapter')
    const wish = { askedBy: c.get('caller').user, signal: c.req.raw.signal }
    const { found, tried } = await gateway.search.search(wish)
    const known = new Set((gateway.sourceEntries?.list() ?? []).flatMap(({ hosts }) => Object.values(hosts)))
    const items = found.map((one) => ({ ...one, known: known.has(one.host) }))
    return c.json({ tried, items }, 200, { 'cache-control': 'no-store' })
  })
}
