import { Hono } from 'hono'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'

/** `/healthz` (the process answers) and `/readyz` (the line-up is in memory and every source has answered once). */
export function healthRoutes(gateway: Pick<Gateway, 'status'>): Hono<Env> {
  const noStore = { 'cache-control': 'no-store' }
  return new Hono<Env>()
    .get('/healthz', (c) => c.json({ status: 'ok' }, 200, noStore))
    .get('/readyz', (c) =>
      gateway.status.ready()
        ? c.json({ status: 'ok' }, 200, noStore)
        : c.json({ status: 'starting' }, 503, { ...noStore, 'retry-after': '2' }),
    )
}
