import { Hono } from 'hono'
import { Failure } from '../core/errors.ts'
import { parseChannelId } from '../core/lineup/channel.ts'
import { isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway pictures need. */
export type LogoPorts = Pick<Gateway, 'lineup' | 'logos'>

/**
 * `/logo/{channelId}`: the channel's picture through our cache, its type by its content.
 *
 * Fails with `lineup/unknown-channel`, `logo/none`, `lineup/not-ready`.
 */
export function logoFace(gateway: LogoPorts): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/logo/:channelId', async (c) => {
    const id = parseChannelId(c.req.param('channelId'))
    const channel = id === null ? undefined : seenLineup(c, gateway).byId.get(id)
    if (channel === undefined) throw new Failure('lineup/unknown-channel', 'There is no such channel')
    const logo = await gateway.logos.logo(channel, c.req.raw.signal)
    if (logo === null) throw new Failure('logo/none', `No source has a picture of "${channel.name}"`)

    const tag = `"${logo.tag}"`
    const headers = new Headers({
      etag: tag,
      'cache-control': 'private, max-age=86400',
      'x-content-type-options': 'nosniff',
    })
    if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)
    headers.set('content-type', logo.contentType)
    headers.set('content-length', String(logo.bytes.length))
    return new Response(c.req.method === 'HEAD' ? null : logo.bytes, { headers })
  })
  return app
}
