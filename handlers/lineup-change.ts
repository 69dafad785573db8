import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { channelKey, parseChannelId } from '../core/lineup/channel.ts'
import type { ChannelKey } from '../core/lineup/channel.ts'
import type { LineupDesk, LineupEdit } from '../core/lineup/desk.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { readQuery } from './body.ts'

/** Query of every edit of the line-up. */
export const PreviewQuery = v.object({ preview: v.optional(v.picklist(['0', '1']), '0') })

/** What of the gateway edits need. */
export type ChangePorts = Pick<Gateway, 'lineup' | 'admin'>

/** The desk at which this house is edited. Fails with `http/not-found` on a front. */
export function deskOf({ admin }: ChangePorts): LineupDesk {
  if (admin === null) throw new Failure('http/not-found', 'The line-up is edited at the adapter')
  return admin.lineup
}

/**
 * Makes an edit and answers with what `describe` gives then; with `?preview=1` nothing is made, and the answer says what
 * would be: `{revision, preview: {changed, added, removed, rows}}`.
 *
 * `If-Match` with the revision of an answer (or of a preview) keeps edits of others from being lost: 412 `lineup/changed`.
 */
export async function changeLineup(
  c: Context<Env>,
  gateway: ChangePorts,
  edit: LineupEdit,
  describe: () => object | Promise<object> = () => ({}),
): Promise<Response> {
  const desk = deskOf(gateway)
  const isPreview = readQuery(c, PreviewQuery).preview === '1'
  if (isPreview) {
    const { revision } = desk.stored()
    const known = ifMatch(c)
    if (known !== null && known !== revision)
      throw new Failure(
        'lineup/changed',
        `The line-up is at revision ${revision}, the preview is asked for at ${known}`,
      )
    return withRevision(c, revision, { revision, preview: await desk.preview(edit) })
  }
  await desk.apply(edit, ifMatch(c))
  const { revision } = gateway.lineup.current()
  return withRevision(c, revision, { revision, ...(await describe()) })
}

/** An answer about the line-up, with its revision as entity tag. */
export const withRevision = (c: Context<Env>, revision: string, body: object): Response =>
  c.json(body, 200, { etag: `"${revision}"`, 'cache-control': 'private, no-store' })

/** The revision that an edit is based on; null: the caller does not care. */
export function ifMatch(c: Context): string | null {
  const header = c.req.header('if-match')?.trim()
  return header === undefined || header === '*' ? null : header.replace(/^W\//, '').replace(/^"(.*)"$/, '$1')
}

/** The key of the channel with this id. Fails with `lineup/unknown-channel` for a text that is no id. */
export function keyOfId(id: string): ChannelKey {
  const read = parseChannelId(id)
  if (read === null) throw new Failure('lineup/unknown-channel', 'No channel has this id')
  return channelKey(Number(read.slice(1)))
}
