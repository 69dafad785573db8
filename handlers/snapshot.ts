import { Hono } from 'hono'
import type { Context } from 'hono'
import { guidePart, lineupPart, peoplePart } from '../core/snapshots/part.ts'
import type { SnapshotPart } from '../core/snapshots/part.ts'
import { entityTag, isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { linearPart } from './schedules/linear-part.ts'
import { textStream } from './text-stream.ts'

/** What of the gateway snapshots need. */
export type SnapshotPorts = Pick<
  Gateway,
  'lineup' | 'guide' | 'tokens' | 'guideDays' | 'now' | 'vod' | 'people' | 'access' | 'linear'
>

/** The parts of what this house tells its fronts. */
export const snapshotParts = (gateway: SnapshotPorts): readonly SnapshotPart[] => [
  lineupPart({
    lineup: gateway.lineup,
    revoked: async () => (await gateway.tokens?.revokedIds()) ?? [],
    shelves: () => gateway.vod?.shelves() ?? [],
  }),
  ...peopleParts(gateway),
  guidePart({ lineup: gateway.lineup, guide: gateway.guide, days: gateway.guideDays, now: gateway.now }),
  ...(gateway.linear == null ? [] : [linearPart({ linear: gateway.linear, now: gateway.now })]),
]

function peopleParts({ people, tokens, access }: SnapshotPorts): readonly SnapshotPart[] {
  if (people === null || tokens === null) return []
  const ownToken = (account: string): Promise<string | null> => access.tokenOfAccount(account)
  return [peoplePart({ accounts: () => people.list(), tokens: () => tokens.list(), ownToken })]
}

/**
 * What a front needs to know of this house: `/snapshot/lineup` (JSON, with the ids of revoked viewing tokens),
 * `/snapshot/people` (JSON, without passwords), `/snapshot/guide` and, of channels of one's own,
 * `/snapshot/linear` (one JSON line a channel). The ETag names an immutable content. Mounted behind signed links only.
 */
export function snapshotFace(gateway: SnapshotPorts): Hono<Env> {
  const face = new Hono<Env>()
  for (const part of snapshotParts(gateway)) face.get(`/snapshot/${part.name}`, (c) => answer(c, part))
  return face
}

async function answer(c: Context<Env>, part: SnapshotPart): Promise<Response> {
  const { revision, view } = await part.version()
  const tag = entityTag(revision, view)
  const headers = new Headers({ etag: tag, 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' })
  if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
  headers.set('content-type', part.contentType)
  if (c.req.method === 'HEAD') return new Response(null, { headers })
  const body = textStream(await part.write())
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return new Response(body, { headers })
  headers.set('content-encoding', 'gzip')
  headers.set('vary', 'accept-encoding')
  return new Response(new Response(body).body?.pipeThrough(new CompressionStream('gzip')) ?? null, { headers })
}
