import { Hono } from 'hono'
import { Failure } from '../../core/errors.ts'
import { parseContentName } from '../../core/snapshots/content.ts'
import type { Publication } from '../../core/snapshots/publication.ts'
import { isFresh, notModified } from '../conditional.ts'
import type { Env } from '../env.ts'

/**
 * What this house publishes, for fronts that fetch it: `/snapshot/manifest` (JSON, signed) and what it names below
 * `/snapshot/content/`. Mounted behind signed links only.
 */
export function snapshotContents(publication: Publication): Hono<Env> {
  return new Hono<Env>()
    .get('/snapshot/manifest', async (c) => {
      // Finished even if this front gives up: a large guide takes its time, and is then there for the next one who asks.
      const { signed, manifest } = await publication.refresh(new AbortController().signal)
      const headers = new Headers({ etag: `"${manifest.sequence}"`, 'cache-control': 'private, no-cache' })
      if (isFresh(c.req.raw.headers, { tag: `"${manifest.sequence}"` })) return notModified(headers)
      headers.set('content-type', 'application/json')
      return new Response(JSON.stringify(signed), { headers })
    })
    .get('/snapshot/content/:name', async (c) => {
      const name = parseContentName(c.req.param('name'))
      const bytes = name === null ? null : await publication.content(name)
      if (bytes === null) throw new Failure('http/not-found', 'Nothing of this name is published')
      return new Response(bytes, {
        headers: { 'content-type': 'application/octet-stream', 'cache-control': 'private, immutable' },
      })
    })
}
