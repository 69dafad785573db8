import { Hono } from 'hono'
import * as v from 'valibot'
import { editChannel } from '../core/lineup/edits/edit-channel.ts'
import type { ChannelEdit } from '../core/lineup/edits/edit-channel.ts'
import { requireRole } from './api-guard.ts'
import { readJson } from './body.ts'
import { describeChannel, favourites, findChannelById } from './channels-api.ts'
import type { ChannelRoutePorts } from './channels-api.ts'
import type { Env } from './env.ts'
import { changeLineup } from './lineup-change.ts'

/** Body of `PATCH /channels/{id}`. */
export const ChannelEditBody = v.strictObject({
  name: v.exactOptional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)))),
  number: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,6}(\.\d{1,3})?$/))),
  enabled: v.exactOptional(v.nullable(v.boolean())),
  favourite: v.exactOptional(v.boolean()),
  groups: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(100))),
})

/** `PATCH /api/v1/channels/{id}` for admins, with `If-Match` against lost edits. */
export function channelEditRoutes(gateway: ChannelRoutePorts): Hono<Env> {
  return new Hono<Env>().patch('/channels/:id', requireRole('admin'), async (c) => {
    const { channel } = findChannelById(gateway, c)
    const edit: ChannelEdit = await readJson(c, ChannelEditBody)
    return changeLineup(
      c,
      gateway,
      (stored) => editChannel(stored, channel.key, edit, null),
      async () => {
        const edited = findChannelById(gateway, c)
        return { ...(await describeChannel(gateway, edited.channel, favourites(gateway))), position: edited.position }
      },
    )
  })
}
