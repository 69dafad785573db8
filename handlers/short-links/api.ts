import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { NO_AIM } from '../../core/access/short-link.ts'
import type { ShortLinkDesk, ShortLinkRow } from '../../core/access/short-link.ts'
import { CLIENTS } from '../../core/lineup/client.ts'
import { qrSvg } from '../../core/qr/svg.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { windowOf, WindowQuery } from '../list-window.ts'
import { publicOrigin } from '../origin.ts'
import { printInstant } from '../status.ts'

/** Body of `POST /tokens/{id}/short-link`; absent, or null: all channels, for any program. */
export const ShortLinkBody = v.strictObject({
  selection: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(40))), null),
  client: v.optional(v.nullable(v.picklist(CLIENTS)), null),
})

/** Query of `GET /short-links`: those of one selection. */
export const ShortLinksQuery = v.object({ selection: v.optional(v.string()), ...WindowQuery.entries })

/** Query of `GET /tokens/{id}/qr.svg`: the code of a short link. */
export const ShortLinkQuery = v.object({ code: v.pipe(v.string(), v.minLength(1), v.maxLength(200)) })

/**
 * Short links of viewing tokens, for admins: `POST /api/v1/tokens/{id}/short-link` makes one in place of the one before and
 * shows it this once (`{"selection", "client"}`: it leads to the playlist of that selection, as that program reads it);
 * `GET /api/v1/short-links?selection=` lists them, without codes; `GET /api/v1/tokens/{id}/qr.svg?code=…` draws it as a QR symbol.
 *
 * Only the holder of the code gets its picture: nothing shows a link again that was shown once.
 */
export function shortLinkRoutes(
  gateway: Pick<Gateway, 'shortLinks' | 'lineup' | 'publicUrl' | 'rules' | 'peerAddress'>,
): Hono<Env> {
  const desk = (): ShortLinkDesk => {
    if (gateway.shortLinks === null || gateway.shortLinks === undefined)
      throw new Failure('http/not-found', 'Short links are given out where the line-up is kept')
    return gateway.shortLinks
  }
  const addressOf = (c: Context, code: string): string => `${publicOrigin(c, gateway)}/x/${code}`
  return new Hono<Env>()
    .post('/tokens/:id/short-link', requireRole('admin'), async (c) => {
      const id = c.req.param('id')
      const hasBody = c.req.header('content-type') !== undefined
      const aim = hasBody ? await readJson(c, ShortLinkBody) : NO_AIM
      const { selections = [] } = gateway.lineup.current()
      if (aim.selection !== null && !selections.some((one) => one.id === aim.selection))
        throw new Failure('lineup/unknown-selection', 'There is no such selection')
      const { code, expiresAt } = await desk().make(id, aim)
      const text = code.reveal()
      const body = {
        code: text,
        url: addressOf(c, text),
        qrUrl: `${publicOrigin(c, gateway)}/api/v1/tokens/${encodeURIComponent(id)}/qr.svg?code=${text}`,
        expiresAt: printInstant(expiresAt),
      }
      return c.json(body, 201, { 'cache-control': 'no-store' })
    })
    .get('/short-links', requireRole('admin'), async (c) => {
      const { selection, ...window } = readQuery(c, ShortLinksQuery)
      const all = await desk().list()
      const meant = selection === undefined ? all : all.filter(({ aim }) => aim.selection === selection)
      return c.json(windowOf(meant.map(printLink), window), 200, { 'cache-control': 'no-store' })
    })
    .get('/tokens/:id/qr.svg', requireRole('admin'), async (c) => {
      const { code } = readQuery(c, ShortLinkQuery)
      if (!(await desk().leadsTo(code, c.req.param('id'))))
        throw new Failure('http/not-found', 'This viewing link has no such short link')
      return c.body(qrSvg(addressOf(c, code)), 200, { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' })
    })
}

const printLink = ({ tokenId, name, aim, createdAt, expiresAt, lastSeen }: ShortLinkRow) => ({
  tokenId,
  name,
  ...aim,
  createdAt: printInstant(createdAt),
  expiresAt: printInstant(expiresAt),
  lastSeen: printInstant(lastSeen),
})
