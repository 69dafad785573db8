import { Hono } from 'hono'
import * as v from 'valibot'
import { moveChannelsSteps } from '../../core/lineup/edits/move-channels.ts'
import { ROW_SORTS } from '../../core/lineup/editor/sort.ts'
import { requireRole } from '../api-guard.ts'
import { readJson, readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import { changeLineup, keyOfId, withRevision } from '../lineup-change.ts'
import { wholeNumber } from '../parameter.ts'
import { houseFacts, knownGround } from './house-facts.ts'
import { printRow } from './print-row.ts'
import { createRowFinder } from './row-finder.ts'
import type { RowPorts } from './row-finder.ts'

/** Query of `GET /lineup/channels`. */
export const RowsQuery = v.object({
  filter: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  sort: v.optional(v.picklist(ROW_SORTS), 'number'),
  desc: v.optional(v.picklist(['0', '1']), '0'),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '60'),
})

const Id = v.pipe(v.string(), v.maxLength(40))
/** Body of `POST /channels/move`. */
export const MoveBody = v.strictObject({
  channels: v.pipe(v.array(Id), v.minLength(1), v.maxLength(200)),
  anchor: Id,
  place: v.picklist(['before', 'after']),
  filter: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
})

/**
 * The owner's list of channels, for admins: `GET /lineup/channels?filter=&sort=&desc=&offset=&limit=` is a window of it,
 * switched off channels too; `POST /channels/move` moves channels to another place of a list by number.
 */
export function rowRoutes(gateway: RowPorts): Hono<Env> {
  const find = createRowFinder(gateway)
  const admin = requireRole('admin')
  return new Hono<Env>()
    .get('/lineup/channels', admin, async (c) => {
      const { filter, sort, desc, offset, limit } = readQuery(c, RowsQuery)
      const { revision, rows, byKey } = await find({ filter, sort, isDescending: desc === '1' })
      const facts = houseFacts(gateway)
      const running = new Set(gateway.status.streams().map(({ channelId }) => channelId))
      const items = rows.slice(offset, offset + limit).flatMap((channel) => {
        const stored = byKey.get(channel.key)
        const context = { facts, guideDesk: gateway.guideDesk, isRunning: running.has(channel.id) }
        return stored === undefined ? [] : [printRow(channel, { ...context, stored })]
      })
      return withRevision(c, revision, { revision, total: rows.length, items })
    })
    .post('/channels/move', admin, async (c) => {
      const { channels, anchor, place, filter } = await readJson(c, MoveBody)
      const move = { channels: channels.map(keyOfId), anchor: keyOfId(anchor), place, filter }
      return changeLineup(c, gateway, (stored) => moveChannelsSteps(stored, move, knownGround(gateway)))
    })
}
