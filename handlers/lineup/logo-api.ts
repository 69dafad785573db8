import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { getChannel } from '../../core/lineup/edits/change-channels.ts'
import { setOwnLogo } from '../../core/lineup/edits/own-logo.ts'
import { MAX_PICTURE_BYTES } from '../../core/lineup/logo/pictures.ts'
import type { PictureDesk } from '../../core/lineup/logo/pictures.ts'
import { Failure } from '../../core/errors.ts'
import { requireRole } from '../api-guard.ts'
import { readBytes, readJson } from '../body.ts'
import type { Env } from '../env.ts'
import type { ChangePorts } from '../lineup-change.ts'
import { changeLineup, deskOf, keyOfId } from '../lineup-change.ts'

/** Body of `PUT /channels/{id}/logo`. */
export const LogoBody = v.strictObject({
  url: v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(2000),
    v.regex(/^https?:\/\/[^\s]+$/i),
    v.check((text) => URL.canParse(text)),
  ),
})

/**
 * A channel's own logo, for admins: `PUT /channels/{id}/logo` with `{"url"}` fetches it once and keeps it, `POST` takes the
 * body itself as the picture, `DELETE` goes back to what the sources have. An edit like others: `If-Match`, undo.
 */
export function logoEditRoutes(gateway: ChangePorts): Hono<Env> {
  const admin = requireRole('admin')
  /** For a channel that is there: nothing is fetched for another one. */
  const desk = (c: Context<Env>): PictureDesk => {
    getChannel(deskOf(gateway).stored(), keyOfId(c.req.param('id') ?? ''))
    const pictures = gateway.admin?.pictures
    if (pictures === undefined) throw new Failure('http/not-found', 'This house keeps no pictures')
    return pictures
  }
  const give = (c: Context<Env>, ownLogo: string | null): Promise<Response> => {
    const id = c.req.param('id') ?? ''
    return changeLineup(
      c,
      gateway,
      (stored) => setOwnLogo(stored, keyOfId(id), ownLogo),
      () => ({ id, ownLogo }),
    )
  }
  return new Hono<Env>()
    .put('/channels/:id/logo', admin, async (c) => {
      const { url } = await readJson(c, LogoBody)
      const pictures = desk(c)
      return give(c, await pictures.keep(await pictures.fetch(new URL(url), c.req.raw.signal)))
    })
    .post('/channels/:id/logo', admin, async (c) => {
      const pictures = desk(c)
      return give(c, await pictures.keep(await readBytes(c, MAX_PICTURE_BYTES)))
    })
    .delete('/channels/:id/logo', admin, (c) => give(c, null))
}
