import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import type { TokenRecord } from '../core/access/accounts.ts'
import type { TokenDesk, TokenWish } from '../core/access/house.ts'
import { Failure } from '../core/errors.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { askedWindow } from './list-window.ts'
import { publicOrigin } from './origin.ts'
import { printInstant } from './status.ts'

/** Body of `POST /tokens`. */
export const NewTokenBody = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(200)),
  kind: v.optional(v.picklist(['viewing', 'api', 'app']), 'viewing'),
  slate: v.optional(v.boolean(), false),
  scope: v.optional(v.picklist(['read', 'write']), 'write'),
})

/** What of the gateway tokens need. */
export type TokenPorts = Pick<Gateway, 'tokens' | 'rules' | 'publicUrl' | 'peerAddress'>

/** The desk of a house with a store. Fails with `http/not-found` on a front. */
export function tokenDesk({ tokens }: TokenPorts): TokenDesk {
  if (tokens === null) throw new Failure('http/not-found', 'Tokens are given out where the line-up is kept')
  return tokens
}

/**
 * `/api/v1/tokens` for admins: GET lists all of the house, POST makes one and shows it this once, DELETE `/{id}` revokes.
 * Tokens of a person are made at `/api/v1/users/{id}/tokens`.
 */
export function tokenRoutes(gateway: TokenPorts): Hono<Env> {
  return new Hono<Env>()
    .use('/tokens/*', requireRole('admin'))
    .use('/tokens', requireRole('admin'))
    .get('/tokens', async (c) =>
      c.json(askedWindow(c, (await tokenDesk(gateway).list()).map(printToken)), 200, { 'cache-control': 'no-store' }),
    )
    .post('/tokens', async (c) => addToken(c, gateway, await readJson(c, NewTokenBody)))
    .delete('/tokens/:id', async (c) => {
      if (!(await tokenDesk(gateway).revoke(c.req.param('id'))))
        throw new Failure('http/not-found', 'There is no such token, or it was revoked before')
      return c.body(null, 204)
    })
}

/** Makes a token and answers with it, this once; with a viewing token also the addresses that it opens. */
export async function addToken(c: Context<Env>, gateway: TokenPorts, wish: TokenWish): Promise<Response> {
  const { record, token } = await tokenDesk(gateway).add(wish)
  const text = token.reveal()
  const root = `${publicOrigin(c, gateway)}/t/${text}`
  const urls =
    record.kind === 'viewing'
      ? {
          playlistUrl: `${root}/playlist.m3u`,
          hlsPlaylistUrl: `${root}/playlist.m3u?format=hls`,
          guideUrl: `${root}/xmltv.xml`,
        }
      : {}
  return c.json({ ...printToken(record), token: text, ...urls }, 201, { 'cache-control': 'no-store' })
}

/** A token as lists show it: never its text. */
export const printToken = ({ id, kind, name, account, owner, slate, scope, createdAt, lastSeen }: TokenRecord) => ({
  id,
  kind,
  name,
  account,
  owner,
  slate,
  ...(kind === 'api' && { scope }),
  createdAt: printInstant(createdAt),
  lastSeen: printInstant(lastSeen),
})
