import { Hono } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import { channelId } from '../core/lineup/channel.ts'
import { putSelection, removeSelection } from '../core/lineup/edits/edit-selection.ts'
import { requireRole, requireWatcher } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import { askedWindow } from './list-window.ts'
import { changeLineup, deskOf, keyOfId, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'
import { seenLineup } from './seen-lineup.ts'

/** Body of `PUT /selections/{id}`. */
export const SelectionBody = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(200)),
  filter: v.optional(v.nullable(v.string()), null),
  channels: v.optional(v.pipe(v.array(v.string()), v.maxLength(20_000)), []),
  sort: v.optional(v.picklist(['number', 'name', 'group']), 'number'),
})

/**
 * `/api/v1/selections`: `GET` lists them to everybody who may watch (id for `selection=`, name, number of channels). For
 * admins: `GET /selections/{id}` says how one is made, `PUT` makes or changes it, `DELETE` removes it.
 */
export function selectionRoutes(gateway: ChangePorts): Hono<Env> {
  const admin = requireRole('admin')
  const describe = (id: string) => {
    const made = deskOf(gateway)
      .stored()
      .selections.find((selection) => selection.id === id)
    if (made === undefined) throw new Failure('lineup/unknown-selection', 'There is no such selection')
    const { members, ...rest } = made
    const shown = gateway.lineup.current().selections?.find((selection) => selection.id === id)
    return { ...rest, channels: members.map(channelId), total: shown?.channels.length ?? 0 }
  }
  return new Hono<Env>()
    .get('/selections', requireWatcher, (c) => {
      const { selections = [], revision } = seenLineup(c, gateway)
      const items = selections.map(({ id, name, channels }) => ({ id, name, channels: channels.length }))
      return withRevision(c, revision, { revision, ...askedWindow(c, items) })
    })
    .get('/selections/:id', admin, (c) =>
      withRevision(c, gateway.lineup.current().revision, describe(c.req.param('id'))),
    )
    .put('/selections/:id', admin, async (c) => {
      const id = c.req.param('id')
      const { channels, ...rest } = await readJson(c, SelectionBody)
      const selection = { id, ...rest, members: channels.map(keyOfId) }
      return changeLineup(
        c,
        gateway,
        (stored) => putSelection(stored, selection),
        () => describe(id),
      )
    })
    .delete('/selections/:id', admin, (c) =>
      changeLineup(c, gateway, (stored) => removeSelection(stored, c.req.param('id'))),
    )
}
