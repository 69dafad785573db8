import { Hono } from 'hono'
import * as v from 'valibot'
import { channelId } from '../core/lineup/channel.ts'
import { addGroup, editGroup, orderGroups, removeGroup } from '../core/lineup/edits/edit-group.ts'
import type { GroupEdit } from '../core/lineup/edits/edit-group.ts'
import { createGroupNames } from '../core/lineup/group-names.ts'
import { allGroupNames } from '../core/lineup/list-groups.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { requireRole, requireWatcher } from './api-guard.ts'
import { readJson, readQuery } from './body.ts'
import type { Env } from './env.ts'
import { changeLineup, deskOf, keyOfId, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'
import { windowOf, WindowQuery } from './list-window.ts'
import { seenLineup } from './seen-lineup.ts'

const Name = v.pipe(v.string(), v.maxLength(200))
/** Query of `GET /groups`. */
export const GroupsQuery = v.object({ all: v.optional(v.picklist(['0', '1']), '0'), ...WindowQuery.entries })
/** Body of `POST /groups`. */
export const NewGroupBody = v.strictObject({ name: Name })
/** Body of `PATCH /groups/{name}`. */
export const GroupEditBody = v.strictObject({
  name: v.exactOptional(v.nullable(Name)),
  hidden: v.exactOptional(v.boolean()),
  logo: v.exactOptional(v.nullable(v.string())),
  sort: v.exactOptional(v.picklist(['number', 'name', 'own'])),
  channels: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(20_000))),
})
/** Body of `PUT /groups`: names, the first one first. */
export const GroupOrderBody = v.strictObject({ order: v.pipe(v.array(Name), v.maxLength(2000)) })

/**
 * `/api/v1/groups`: `GET` lists groups with channels in their order, to everybody who may watch (`all=1`: hidden and empty
 * ones too, for admins). For admins: `POST` adds one, `PATCH /groups/{name}` renames, hides, sorts, gives a logo or an own
 * order, `DELETE` undoes all that, `PUT /groups` orders them.
 */
export function groupRoutes(gateway: ChangePorts): Hono<Env> {
  const admin = requireRole('admin')
  const listAll = () => windowOf(printAll(gateway), { offset: 0 })
  return new Hono<Env>()
    .get('/groups', requireWatcher, (c) => {
      const { channels, groups, revision } = seenLineup(c, gateway)
      const { all, ...window } = readQuery(c, GroupsQuery)
      const isAll = all === '1' && c.get('caller').role === 'admin' && gateway.admin !== null
      if (isAll) return withRevision(c, revision, { revision, ...windowOf(printAll(gateway), window) })
      const counts = countChannels(channels.filter(({ enabled }) => enabled))
      const items = groups
        .toSorted((a, b) => a.order - b.order)
        .flatMap(({ name, logo = null, sort = 'number' }) =>
          counts.has(name) ? [{ name, channels: counts.get(name), logo, sort }] : [],
        )
      return withRevision(c, revision, { revision, ...windowOf(items, window) })
    })
    .post('/groups', admin, async (c) => {
      const { name } = await readJson(c, NewGroupBody)
      return changeLineup(c, gateway, (stored) => addGroup(stored, name), listAll)
    })
    .put('/groups', admin, async (c) => {
      const { order } = await readJson(c, GroupOrderBody)
      return changeLineup(c, gateway, (stored) => orderGroups(stored, order), listAll)
    })
    .patch('/groups/:name', admin, async (c) => {
      const { channels, ...plain } = await readJson(c, GroupEditBody)
      const edit: GroupEdit = channels === undefined ? plain : { ...plain, members: channels.map(keyOfId) }
      return changeLineup(c, gateway, (stored) => editGroup(stored, c.req.param('name'), edit), listAll)
    })
    .delete('/groups/:name', admin, (c) =>
      changeLineup(c, gateway, (stored) => removeGroup(stored, c.req.param('name')), listAll),
    )
}

function countChannels(channels: readonly Channel[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { groups } of channels) for (const name of groups) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function printAll(gateway: ChangePorts) {
  const stored = deskOf(gateway).stored()
  const { channels } = gateway.lineup.current()
  const names = createGroupNames(stored.ownGroups)
  const counts = countChannels(channels)
  return allGroupNames(stored, channels, names).map((name) => {
    const record = names.record(name)
    return {
      name,
      channels: counts.get(name) ?? 0,
      sourceName: record === undefined ? name : record.sourceName,
      hidden: record?.hidden ?? false,
      logo: record?.logo ?? null,
      sort: record?.sort ?? 'number',
      order: record?.members.map(channelId) ?? [],
    }
  })
}
