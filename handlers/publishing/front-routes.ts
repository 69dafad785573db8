import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../../core/errors.ts'
import { MAX_CONTENT_BYTES } from '../../core/snapshots/content.ts'
import type { PublishDesk } from '../../core/snapshots/publish-desk.ts'
import { PROOF_HEADER, SignedManifestDocument } from '../../core/snapshots/signed-manifest.ts'
import { readBytes, readJson } from '../body.ts'
import type { Env } from '../env.ts'
import { problem } from '../problem.ts'

/**
 * Where adapters publish to a front: `PUT /publish/{site}` takes a signed manifest and answers which contents are missing,
 * [] when it counts from now on; `PUT /publish/{site}/content/{name}` takes one of those.
 *
 * One uniform 403 for an unknown site or key and for a wrong signature; 409 for a manifest that is too old.
 */
export function publishRoutes(desk: PublishDesk): Hono<Env> {
  return new Hono<Env>()
    .put('/publish/:site', async (c) => {
      c.header('cache-control', 'no-store')
      const offer = await desk.offer(c.req.param('site'), await readJson(c, SignedManifestDocument))
      switch (offer.kind) {
        case 'taken':
          return c.json({ sequence: offer.sequence, missing: [] })
        case 'missing':
          return c.json({ missing: offer.names })
        case 'outdated':
          // Who has signed a manifest may know what it has to exceed.
          return c.json({ code: 'publish/outdated', sequence: offer.sequence }, 409)
        case 'clock':
          return problem(c, new Failure('publish/clock', 'The manifest was signed more than 10 minutes from now'))
        case 'refused':
          return refuse(c)
        default:
          return offer satisfies never
      }
    })
    .put('/publish/:site/content/:name', async (c) => {
      const content = {
        site: c.req.param('site'),
        name: c.req.param('name'),
        proof: c.req.header(PROOF_HEADER) ?? '',
      }
      const kept = await desk.keep(content, () => readBytes(c, MAX_CONTENT_BYTES))
      if (kept === 'refused') return refuse(c)
      if (kept === 'damaged')
        return problem(c, new Failure('http/bad-request', 'The bytes are not those that the name stands for'))
      return c.body(null, 204)
    })
}

const refuse = (c: Context): Response =>
  problem(c, new Failure('publish/refused', 'Nobody publishes here with this signature'))
