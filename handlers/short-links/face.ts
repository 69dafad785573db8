import { Hono } from 'hono'
import type { Context } from 'hono'
import { CLIENTS } from '../../core/lineup/client.ts'
import { Failure } from '../../core/errors.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { publicOrigin } from '../origin.ts'
import { errorHandler, mediaError } from '../problem.ts'

/** What of the gateway short links need. */
export type ShortLinkPorts = Pick<Gateway, 'shortLinks' | 'publicUrl' | 'rules' | 'peerAddress' | 'log'>

/**
 * `/x/{code}`: an address to type with a remote control, which leads to the playlist of a viewing link; with
 * `/x/{code}/{client}` to the playlist as that program reads it. Parameters go along; a link may be for one selection.
 *
 * 404 for every code that leads nowhere, whatever the reason; 429 for whoever guesses.
 */
export function shortLinkFace(gateway: ShortLinkPorts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError(errorHandler(gateway.log, mediaError))
  app.get('/x/:code', (c) => follow(c, gateway, c.req.param('code'), null))
  app.get(`/x/:code/:client{${CLIENTS.join('|')}}`, (c) =>
    follow(c, gateway, c.req.param('code'), c.req.param('client')),
  )
  return app
}

async function follow(
  c: Context<Env>,
  gateway: ShortLinkPorts,
  code: string,
  client: string | null,
): Promise<Response> {
  const { shortLinks = null } = gateway
  const found = shortLinks === null ? null : await shortLinks.open(code, c.get('caller').address)
  if (found === null) return mediaError(c, new Failure('http/not-found', 'This short link leads nowhere'))
  const query = new URL(c.req.url).searchParams
  // What is typed says more than what the link was made for.
  const { selection } = found.aim
  const program = client ?? (query.has('client') ? null : found.aim.client)
  if (selection !== null && !query.has('selection')) query.set('selection', selection)
  if (program !== null) query.set('client', program)
  const search = query.size === 0 ? '' : `?${query.toString()}`
  return new Response(null, {
    status: 302,
    headers: {
      location: `${publicOrigin(c, gateway)}/t/${found.token.reveal()}/playlist.m3u${search}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  })
}
