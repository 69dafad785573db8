import { Hono } from 'hono'
import { stableHash } from '../../core/stable-hash.ts'
import { requireRole } from '../api-guard.ts'
import { isFresh, notModified } from '../conditional.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'

/** Loaded at the first request: schemas of every operation are a large part of a house that nobody asks for them. */
const writing = () => import('./documents.ts')

/**
 * Below `/api`, for people who signed in: `GET /v1/openapi.json`, what the API can do for programs (OpenAPI 3.1), and
 * `GET /docs`, the same for people. Both are made at the first request.
 */
export function docsRoutes({ status }: Pick<Gateway, 'status'>): Hono<Env> {
  const app = new Hono<Env>()
  const files = {
    '/v1/openapi.json': { type: 'application/json', make: async () => (await writing()).document(status.version) },
    '/docs': { type: 'text/html; charset=utf-8', make: async () => (await writing()).page(status.version) },
    '/docs/style.css': { type: 'text/css; charset=utf-8', make: async () => (await writing()).style },
  }
  for (const [path, { type, make }] of Object.entries(files)) {
    let made: { readonly text: string; readonly tag: string } | null = null
    app.get(path, requireRole('viewer'), async (c) => {
      const text = made?.text ?? (await make())
      made ??= { text, tag: `"${stableHash(text).toString(36)}"` }
      const headers = { etag: made.tag, 'cache-control': 'private, no-cache' }
      if (isFresh(c.req.raw.headers, { tag: made.tag })) return notModified(new Headers(headers))
      return c.body(text, 200, { ...headers, 'content-type': type })
    })
  }
  return app
}
