import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../core/errors.ts'
import { isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway, Page } from './gateway.ts'
import { indexPages } from './index-page.ts'
import { protectPages } from './page-security.ts'
import { problem } from './problem.ts'

/** Paths that show the web interface; every other path is 404, so that a typing error is not a page. */
const PAGES = [
  '/',
  '/guide',
  '/movies',
  '/series',
  '/setup',
  '/sources',
  '/status',
  '/users',
  '/log',
  '/system',
  '/channels',
  '/groups',
  '/schedules',
  '/schedules/:id',
  '/streams',
  '/dashboard',
  '/alerts',
  '/player/:sourceId/:channelId',
] as const

/** The web interface: its pages, all of them one HTML file, and the files under `/assets/`. Nothing if it was not built. */
export function uiRoutes(gateway: Pick<Gateway, 'pages' | 'mediaOrigins'>): Hono<Env> {
  const app = new Hono<Env>()
  const { pages } = gateway
  if (pages === null) return app
  const protect = protectPages(gateway.mediaOrigins)
  const index = indexPages(pages)
  for (const path of PAGES) app.get(path, protect, async (c) => serve(c, await index(c.req.path), 'no-cache'))
  // Names under /assets carry a hash of their content.
  app.get('/assets/:file', protect, (c) =>
    serve(c, pages.page(`/assets/${c.req.param('file')}`), 'public, max-age=31536000, immutable'),
  )
  return app
}

function serve(c: Context<Env>, page: Page | null, cacheControl: string): Response {
  if (page === null) return problem(c, new Failure('http/not-found', 'The web interface has no such file'))
  const tag = `"${page.tag.replace(/[^\w.-]/g, '')}"`
  const headers = new Headers({ etag: tag, 'cache-control': cacheControl })
  if (page.gzip) headers.set('vary', 'accept-encoding')
  if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
  headers.set('content-type', page.contentType)
  const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(c.req.header('accept-encoding') ?? '')
  if (page.gzip && !acceptsGzip) {
    return new Response(new Blob([page.bytes]).stream().pipeThrough(new DecompressionStream('gzip')), { headers })
  }
  if (page.gzip) headers.set('content-encoding', 'gzip')
  headers.set('content-length', String(page.bytes.length))
  return new Response(page.bytes, { headers })
}
