import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../core/errors.ts'
import type { Programme } from '../core/guide/programme.ts'
import { everyStream } from '../core/lineup/channel.ts'
import type { Channel, ChannelKey } from '../core/lineup/channel.ts'
import { FAVOURITES } from '../core/lineup/lineup.ts'
import { requireWatcher } from './api-guard.ts'
import { readQuery } from './body.ts'
import { createChannelSearch, ListQuery } from './channel-list.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { withRevision } from './lineup-change.ts'
import { printInstant } from './status.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway the channel list needs. */
export type ChannelRoutePorts = Pick<Gateway, 'lineup' | 'channelFilter' | 'guide' | 'status' | 'admin' | 'now'>

/**
 * `/api/v1/channels`: what the web interface lists, to everybody who may watch.
 *
 * `GET /channels?q=&number=&group=&selection=&filter=&sort=&offset=&limit=` (60 at a time, at most 200; admins see
 * disabled ones with `disabled=1`), `GET /channels/{id}`. Edits are in `channel-edit-api.ts`.
 */
export function channelRoutes(gateway: ChannelRoutePorts): Hono<Env> {
  const search = createChannelSearch(gateway.channelFilter)
  return new Hono<Env>()
    .get('/channels', requireWatcher, async (c) => {
      const query = readQuery(c, ListQuery)
      const lineup = seenLineup(c, gateway)
      const withDisabled = query.disabled === '1' && c.get('caller').role === 'admin'
      const isFavourite = favourites(gateway)
      const found = search(lineup, query, { withDisabled, isFavourite })
      const page = found.slice(query.offset, query.offset + query.limit)
      const items = await Promise.all(page.map((channel) => describeChannel(gateway, channel, isFavourite)))
      return withRevision(c, lineup.revision, { revision: lineup.revision, total: found.length, items })
    })
    .get('/channels/:id', requireWatcher, async (c) => {
      const { channel, position, revision } = findChannelById(gateway, c)
      const stream = gateway.status.streams().find((one) => one.channelId === channel.id)
      const streams = stream?.program?.streams.map(({ kind, codec, language }) => ({ kind, codec, language }))
      const program = streams === undefined ? null : { streams }
      const described = await describeChannel(gateway, channel, favourites(gateway))
      return withRevision(c, revision, { ...described, position, program })
    })
}

/** Favourites that are switched off are known to the owner's desk only. */
export function favourites({ lineup, admin }: ChannelRoutePorts): (key: ChannelKey) => boolean {
  const keys =
    admin === null
      ? lineup.current().selections?.find(({ id }) => id === FAVOURITES)?.channels
      : admin.lineup
          .stored()
          .channels.filter(({ favourite }) => favourite)
          .map(({ key }) => key)
  const liked = new Set(keys)
  return (key) => liked.has(key)
}

/** Disabled channels are found by admins only, and have no place in the list of those who watch. */
export function findChannelById(
  gateway: ChannelRoutePorts,
  c: Context<Env>,
): { channel: Channel; position: number | null; revision: string } {
  const { channels, revision } = seenLineup(c, gateway)
  const id = c.req.param('id')
  const channel = channels.find((one) => one.id === id)
  if (channel === undefined || (!channel.enabled && c.get('caller').role !== 'admin')) {
    throw new Failure('lineup/unknown-channel', 'No channel has this id')
  }
  const place = channels.filter((one) => one.enabled).indexOf(channel)
  return { channel, position: place < 0 ? null : place, revision }
}

// A film and what follows it.
const LOOK_AHEAD_MS = 12 * 3_600_000

/** A channel as the API shows it, with what is on now and next. */
export async function describeChannel(
  gateway: Pick<Gateway, 'guide' | 'now'>,
  channel: Channel,
  isFavourite: (key: ChannelKey) => boolean,
) {
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
    favourite: isFavourite(channel.key),
    hasLogo: channel.hasLogo,
    ownLogo: channel.ownLogo ?? null,
    sources: [...new Set(everyStream(channel).map((stream) => stream.sourceId))],
    now: printProgramme(now),
    next: printProgramme(next),
  }
}

function printProgramme(programme: Programme | undefined) {
  if (programme === undefined) return null
  const { title, subtitle, description, start, stop } = programme
  return { title, subtitle, description, start: printInstant(start), stop: printInstant(stop) }
}
