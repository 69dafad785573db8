import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { Programme } from '../core/guide/programme.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { requireRole, requireWatcher } from './api-guard.ts'
import { readJson, readQuery } from './body.ts'
import type { Env } from './env.ts'
import type { ChannelEdit, Gateway } from './gateway.ts'
import { printInstant } from './status.ts'

const wholeNumber = (max: number) => v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number), v.maxValue(max))
const ListQuery = v.object({
  q: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  group: v.optional(v.string()),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(200), '60'),
  disabled: v.optional(v.picklist(['0', '1']), '0'),
})
const Edit = v.strictObject({
  name: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)))),
  number: v.optional(v.pipe(v.string(), v.regex(/^\d{1,6}(\.\d{1,3})?$/))),
  enabled: v.optional(v.boolean()),
})

/** What of the gateway the channel list needs. */
export type ChannelRoutePorts = Pick<Gateway, 'lineup' | 'guide' | 'status' | 'admin' | 'now'>

/**
 * `/api/v1/channels` and `/api/v1/groups`: what the web interface lists, to everybody who may watch.
 *
 * `GET /channels?q=&group=&offset=&limit=` (60 at a time, at most 200; admins see disabled ones with `disabled=1`),
 * `GET /channels/{id}`, `PATCH /channels/{id}` for admins, with `If-Match` against lost edits.
 */
export function channelRoutes(gateway: ChannelRoutePorts): Hono<Env> {
  return new Hono<Env>()
    .get('/channels', requireWatcher, async (c) => {
      const query = readQuery(c, ListQuery)
      const lineup = gateway.lineup.current()
      const withDisabled = query.disabled === '1' && c.get('caller').role === 'admin'
      const matches = matcher(query.q)
      const found = lineup.channels.filter(
        (channel) =>
          (channel.enabled || withDisabled) &&
          (query.group === undefined || channel.groups.includes(query.group)) &&
          matches(channel),
      )
      const page = found.slice(query.offset, query.offset + query.limit)
      const items = await Promise.all(page.map((channel) => describe(gateway, channel)))
      return withRevision(c, lineup.revision, { revision: lineup.revision, total: found.length, items })
    })
    .get('/channels/:id', requireWatcher, async (c) => {
      const { channel, position, revision } = find(gateway, c)
      const stream = gateway.status.streams().find((one) => one.channelId === channel.id)
      const streams = stream?.program?.streams.map(({ kind, codec, language }) => ({ kind, codec, language }))
      const program = streams === undefined ? null : { streams }
      return withRevision(c, revision, { ...(await describe(gateway, channel)), position, program })
    })
    .patch('/channels/:id', requireRole('admin'), async (c) => {
      if (gateway.admin === null) throw new Failure('http/not-found', 'Channels are edited at the adapter')
      const { channel } = find(gateway, c)
      await gateway.admin.editChannel(channel, toEdit(await readJson(c, Edit)), ifMatch(c))
      const edited = find(gateway, c)
      return withRevision(c, edited.revision, {
        ...(await describe(gateway, edited.channel)),
        position: edited.position,
      })
    })
    .get('/groups', requireWatcher, (c) => {
      const { channels, groups, revision } = gateway.lineup.current()
      const counts = new Map<string, number>()
      for (const channel of channels) {
        if (channel.enabled) for (const name of channel.groups) counts.set(name, (counts.get(name) ?? 0) + 1)
      }
      const items = groups
        .toSorted((a, b) => a.order - b.order)
        .flatMap(({ name }) => (counts.has(name) ? [{ name, channels: counts.get(name) }] : []))
      return withRevision(c, revision, { items })
    })
}

/** Disabled channels are found by admins only, and have no place in the list of those who watch. */
function find(
  gateway: ChannelRoutePorts,
  c: Context<Env>,
): { channel: Channel; position: number | null; revision: string } {
  const { channels, revision } = gateway.lineup.current()
  const id = c.req.param('id')
  const channel = channels.find((one) => one.id === id)
  if (channel === undefined || (!channel.enabled && c.get('caller').role !== 'admin')) {
    throw new Failure('lineup/unknown-channel', 'No channel has this id')
  }
  const place = channels.filter((one) => one.enabled).indexOf(channel)
  return { channel, position: place < 0 ? null : place, revision }
}

function withRevision(c: Context<Env>, revision: string, body: object): Response {
  return c.json(body, 200, { etag: `"${revision}"`, 'cache-control': 'private, no-store' })
}

/** The revision that an edit is based on; null: the caller does not care. */
function ifMatch(c: Context): string | null {
  const header = c.req.header('if-match')?.trim()
  return header === undefined || header === '*' ? null : header.replace(/^W\//, '').replace(/^"(.*)"$/, '$1')
}

const toEdit = ({ name, number, enabled }: v.InferOutput<typeof Edit>): ChannelEdit => ({
  ...(name === undefined ? {} : { name }),
  ...(number === undefined ? {} : { number }),
  ...(enabled === undefined ? {} : { enabled }),
})

/** Every word is part of the name, without regard to case and accents; or the number starts with the text. */
function matcher(q: string): (channel: Channel) => boolean {
  const words = fold(q)
    .split(/\s+/)
    .filter((word) => word !== '')
  return (channel) => {
    const name = fold(channel.name)
    return words.every((word) => name.includes(word)) || channel.number.startsWith(q.trim())
  }
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

// A film and what follows it.
const LOOK_AHEAD_MS = 12 * 3_600_000

async function describe(gateway: Pick<Gateway, 'guide' | 'now'>, channel: Channel) {
  const at = gateway.now()
  const programmes = await gateway.guide.programmes(channel, { from: at, to: at + LOOK_AHEAD_MS })
  const now = programmes.find(({ start, stop }) => start <= at && at < stop)
  const next = programmes.find(({ start }) => start > at)
  return {
    id: channel.id,
    number: channel.number,
    name: channel.name,
    media: channel.media,
    groups: channel.groups,
    enabled: channel.enabled,
    hasLogo: channel.hasLogo,
    sources: [...new Set(channel.streams.map((stream) => stream.sourceId))],
    now: printProgramme(now),
    next: printProgramme(next),
  }
}

function printProgramme(programme: Programme | undefined) {
  if (programme === undefined) return null
  const { title, subtitle, description, start, stop } = programme
  return { title, subtitle, description, start: printInstant(start), stop: printInstant(stop) }
}
