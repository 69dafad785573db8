import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../core/errors.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { serveRange } from './byte-range.ts'
import type { Env } from './env.ts'
import { findChannel } from './find-channel.ts'
import type { Gateway, HlsRequest } from './gateway.ts'
import { viaFront } from './via.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway HLS needs. */
export type HlsPorts = Pick<Gateway, 'lineup' | 'live'>

/**
 * HLS: the multivariant playlist `/live/{x}.m3u8`, and everything it names below `/hls/{channelId}/…`.
 *
 * All further URLs are relative, so they stay behind the prefix (`/t/…`, `/s/…`) by which the first one was asked for.
 * `DELETE` on any of a session's addresses is the player's leave signal.
 */
export function hlsFace(gateway: HlsPorts): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/live/:file{[^/]+\\.m3u8}', (c) =>
    answerHls(c, gateway, { channel: find(c, gateway, c.req.param('file').slice(0, -'.m3u8'.length)), path: '' }),
  )
  app.on(['GET', 'DELETE'], '/hls/:channelId/:path{.+}', (c) =>
    answerHls(c, gateway, { channel: find(c, gateway, c.req.param('channelId')), path: c.req.param('path') }),
  )
  return app
}

function find(c: Context<Env>, gateway: Pick<Gateway, 'lineup'>, text: string): Channel {
  const channel = findChannel(seenLineup(c, gateway), text)
  if (channel === null)
    throw new Failure('lineup/unknown-channel', 'No enabled channel has this id, number or service reference')
  return channel
}

/** What is asked for of a channel's HLS. */
export type HlsWish = Pick<HlsRequest, 'channel' | 'path' | 'mode'> & {
  /** Parameters instead of the address's own. */
  readonly query?: URLSearchParams
  /** The way from the multivariant playlist's own folder to the folder that `hls/` is in; absent: `../`. */
  readonly root?: string
}

/** Answers a playlist or a segment, or notes that a player leaves. Fails with `hls/*`, `live/*`, `source/*`. */
export async function answerHls(
  c: Context<Env>,
  gateway: Pick<HlsPorts, 'live'>,
  { root = '../', query = new URL(c.req.url).searchParams, ...wish }: HlsWish,
): Promise<Response> {
  // A HEAD must not open a tuner: for the first playlist it is answered from what is known.
  if (c.req.method === 'HEAD' && wish.path === '')
    return new Response(null, {
      headers: { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' },
    })
  const found = await gateway.live.hls({
    ...viaFront(c),
    ...wish,
    caller: c.get('caller'),
    query,
    leaves: c.req.method === 'DELETE',
    signal: c.req.raw.signal,
  })
  const isMoved = wish.path === '' && root !== '../'
  const moved = (text: string): string => (isMoved ? moveAddresses(text, root) : text)
  switch (found.kind) {
    case 'redirect':
    case 'moved':
      return new Response(null, {
        status: 302,
        headers: { location: found.location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      })
    case 'response': {
      const { response } = found
      if (!isMoved || response.status !== 200) return response
      const headers = new Headers(response.headers)
      headers.delete('content-length')
      return new Response(moved(await response.text()), { headers })
    }
    case 'left':
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
    case 'document': {
      const headers = { 'content-type': found.contentType, 'cache-control': found.cacheControl }
      if (typeof found.body === 'string') return new Response(moved(found.body), { headers })
      return serveRange(c.req.header('range'), found.body, headers)
    }
  }
}

/** All addresses of a multivariant playlist of ours begin with `../hls/`. */
const moveAddresses = (text: string, root: string): string =>
  text.replace(/(^|URI=")\.\.\/(?=hls\/)/gm, (_, before: string) => before + root)
