import { Hono } from 'hono'
import * as v from 'valibot'
import { channelId } from '../core/lineup/channel.ts'
import { addGroup, editGroup, orderGroups, removeGroup } from '../core/lineup/edits/edit-group.ts'
import type { GroupEdit } from '../core/lineup/edits/edit-group.ts'
import { createGroupNames } from '../core/lineup/group-names.ts'
import { allGroupNames } from '../core/lineup/list-groups.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { requireRole, requireWatcher } from './api-guard.ts'
import { readJson } from './body.ts'
import type { Env } from './env.ts'
import { changeLineup, deskOf, keyOfId, withRevision } from './lineup-change.ts'
import type { ChangePorts } from './lineup-change.ts'
import { oneOf } from './parameter.ts'

const Name = v.pipe(v.string(), v.maxLength(200))
const NewGroup = v.strictObject({ name: Name })
const Edit = v.strictObject({
  name: v.exactOptional(v.nullable(Name)),
  hidden: v.exactOptional(v.boolean()),
  logo: v.exactOptional(v.nullable(v.string())),
  sort: v.exactOptional(v.picklist(['number', 'name', 'own'])),
  channels: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(20_000))),
})
const Order = v.strictObject({ order: v.pipe(v.array(Name), v.maxLength(2000)) })

/**
 * `/api/v1/groups`: `GET` lists groups with channels in their order, to everybody who may watch (`all=1`: hidden and empty
 * ones too, for admins). For admins: `POST` adds one, `PATCH /groups/{name}` renames, hides, sorts, gives a logo or an own
 * order, `DELETE` undoes all that, `PUT /groups` orders them.
 */
export function groupRoutes(gateway: ChangePorts): Hono<Env> {
  const admin = requireRole('admin')
  const listAll = () => ({ items: printAll(gateway) })
  return new Hono<Env>()
    .get('/groups', requireWatcher, (c) => {
      const { channels, groups, revision } = gateway.lineup.current()
      const all = oneOf(c.req.query('all'), { name: 'all', allowed: ['0', '1'], fallback: '0' }) === '1'
      if (all && c.get('caller').role === 'admin' && gateway.admin !== null) return withRevision(c, revision, listAll())
      const counts = countChannels(channels.filter(({ enabled }) => enabled))
      const items = groups
        .toSorted((a, b) => a.order - b.order)
        .flatMap(({ name, logo = null, sort = 'number' }) =>
          counts.has(name) ? [{ name, channels: counts.get(name), logo, sort }] : [],
        )
      return withRevision(c, revision, { items })
    })
    .post('/groups', admin, async (c) => {
      const { name } = await readJson(c, NewGroup)
      return changeLineup(c, gateway, (stored) => addGroup(stored, name), listAll)
    })
    .put('/groups', admin, async (c) => {
      const { order } = await readJson(c, Order)
      return changeLineup(c, gateway, (stored) => orderGroups(stored, order), listAll)
    })
    .patch('/groups/:name', admin, async (c) => {
      const { channels, ...plain } = await readJson(c, Edit)
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
