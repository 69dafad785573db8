import { Hono } from 'hono'
import type { Context } from 'hono'
import { snapshotWindow, writeGuideSnapshot } from '../core/guide/snapshot.ts'
import { writeLineupSnapshot } from '../core/lineup/snapshot.ts'
import { entityTag, isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { textStream } from './text-stream.ts'

/** What of the gateway snapshots need. */
export type SnapshotPorts = Pick<Gateway, 'lineup' | 'guide' | 'tokens' | 'guideDays' | 'now' | 'vod'>

/**
 * What a front needs to know of this house: `/snapshot/lineup` (JSON, with the ids of revoked viewing tokens) and
 * `/snapshot/guide` (one JSON line a channel). The ETag names an immutable content. Mounted behind signed links only.
 */
export function snapshotFace(gateway: SnapshotPorts): Hono<Env> {
  return new Hono<Env>()
    .get('/snapshot/lineup', async (c) => {
      const lineup = gateway.lineup.current()
      const revoked = (await gateway.tokens?.revokedIds()) ?? []
      const shelves = gateway.vod?.shelves() ?? []
      return answer(c, {
        tag: entityTag(lineup.revision, ['lineup', ...revoked, ...shelves.map(({ id, name }) => `${id} ${name}`)]),
        contentType: 'application/json',
        body: () => textStream(writeLineupSnapshot({ lineup, revoked, shelves })),
      })
    })
    .get('/snapshot/guide', (c) => {
      const lineup = gateway.lineup.current()
      const window = snapshotWindow(gateway.now(), gateway.guideDays)
      const channels = lineup.channels.filter((channel) => channel.enabled)
      return answer(c, {
        tag: entityTag(gateway.guide.revision(), ['guide', lineup.revision, String(window.from), String(window.to)]),
        contentType: 'application/jsonl',
        body: () => textStream(writeGuideSnapshot(gateway.guide, channels, window)),
      })
    })
}

type Answer = { readonly tag: string; readonly contentType: string; readonly body: () => BodyInit }

function answer(c: Context<Env>, { tag, contentType, body }: Answer): Response {
  const headers = new Headers({ etag: tag, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' })
  if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
  headers.set('content-type', contentType)
  if (c.req.method === 'HEAD') return new Response(null, { headers })
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return new Response(body(), { headers })
  headers.set('content-encoding', 'gzip')
  headers.set('vary', 'accept-encoding')
  return new Response(new Response(body()).body?.pipeThrough(new CompressionStream('gzip')) ?? null, { headers })
}
