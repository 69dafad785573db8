import { Hono } from 'hono'
import * as v from 'valibot'
import type { TokenRecord } from '../core/access/accounts.ts'
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
  kind: v.optional(v.picklist(['viewing', 'api']), 'viewing'),
  slate: v.optional(v.boolean(), false),
})

/** `/api/v1/tokens` for admins: GET lists, POST makes one and shows it this once, DELETE `/{id}` revokes. */
export function tokenRoutes(gateway: Pick<Gateway, 'tokens' | 'rules' | 'publicUrl' | 'peerAddress'>): Hono<Env> {
  const desk = () => {
    if (gateway.tokens === null) throw new Failure('http/not-found', 'Tokens are given out where the line-up is kept')
    return gateway.tokens
  }
  return new Hono<Env>()
    .use('/tokens/*', requireRole('admin'))
    .use('/tokens', requireRole('admin'))
    .get('/tokens', async (c) =>
      c.json(askedWindow(c, (await desk().list()).map(printToken)), 200, { 'cache-control': 'no-store' }),
    )
    .post('/tokens', async (c) => {
      const { record, token } = await desk().add(await readJson(c, NewTokenBody))
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
    })
    .delete('/tokens/:id', async (c) => {
      if (!(await desk().revoke(c.req.param('id'))))
        throw new Failure('http/not-found', 'There is no such token, or it was revoked before')
      return c.body(null, 204)
    })
}

const printToken = ({ id, kind, name, account, slate, createdAt, lastSeen }: TokenRecord) => ({
  id,
  kind,
  name,
  account,
  slate,
  createdAt: printInstant(createdAt),
  lastSeen: printInstant(lastSeen),
})
