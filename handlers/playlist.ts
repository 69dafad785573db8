import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../core/errors.ts'
import type { Channel } from '../core/lineup/channel.ts'
import { channelsForClient, PLAYLIST_PROFILES } from '../core/lineup/client.ts'
import type { Lineup } from '../core/lineup/lineup.ts'
import { writeM3u } from '../core/lineup/m3u-write.ts'
import { logoUrl } from '../core/lineup/logo/logo-url.ts'
import { pastHoursOf } from '../core/lineup/past.ts'
import { sortChannels, sortGroup } from '../core/lineup/order.ts'
import type { ChannelSort } from '../core/lineup/order.ts'
import { readClient } from './client.ts'
import { entityTag, isFresh, notModified } from './conditional.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { publicOrigin } from './origin.ts'
import { oneOf } from './parameter.ts'
import { mediaError } from './problem.ts'
import { selectedChannels } from './selected.ts'
import { textStream } from './text-stream.ts'
import { writeVodPlaylist } from './vod-playlist.ts'
import { seenFilms } from './seen-films.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway playlists need. */
export type PlaylistPorts = Pick<Gateway, 'lineup' | 'publicUrl' | 'rules' | 'peerAddress' | 'vod'>

/**
 * The playlists: `/playlist.m3u` (`/playlist`), `/groups/{group}.m3u`, `/groups_playlist` (all, by group).
 *
 * Query: `format=ts|hls`, `sort=number|name|group`, `group=NAME` (repeatable), `selection=ID`, `client=` (see `CLIENTS`),
 * `type=live|vod` (films of all sources; with `episodes=1` those of series too), `download=1`. Every URL in them starts with the caller's own prefix. Fails with `lineup/not-ready`,
 * `lineup/unknown-group`, `lineup/unknown-selection`, and `http/bad-request`
 * with what is allowed in `X-Downlink-Detail`.
 */
export function playlistFace(gateway: PlaylistPorts): Hono<Env> {
  const app = new Hono<Env>()
  app.onError((thrown, c) => {
    // The body stays empty, as on every viewing route; who typed the address finds in a header what it should be.
    if (!(thrown instanceof Failure) || thrown.code !== 'http/bad-request') throw thrown
    const answer = mediaError(c, thrown)
    answer.headers.set('x-downlink-detail', thrown.message)
    return answer
  })
  for (const path of ['/playlist.m3u', '/playlist'])
    app.get(path, (c) => playlist(c, gateway, { groups: c.req.queries('group') ?? [], sort: null }))
  app.get('/groups_playlist', (c) => playlist(c, gateway, { groups: c.req.queries('group') ?? [], sort: 'group' }))
  app.get('/groups/:file', (c) => {
    const [, group] = /^(.+)\.m3u$/s.exec(c.req.param('file')) ?? []
    if (group === undefined) throw new Failure('http/not-found', 'A group\'s playlist is "/groups/{name}.m3u"')
    return playlist(c, gateway, { groups: [group], sort: null })
  })
  return app
}

/** What an address asks for; `sort: null`: as the selection or the group has it, else by number. */
type Wish = { readonly groups: readonly string[]; readonly sort: ChannelSort | null }

function playlist(c: Context<Env>, gateway: PlaylistPorts, wish: Wish): Response {
  const format = oneOf(c.req.query('format'), { name: 'format', allowed: ['ts', 'hls'], fallback: 'ts' })
  const sortParameter = { name: 'sort', allowed: ['number', 'name', 'group'], fallback: 'number' } as const
  const asked = c.req.query('sort') ?? ''
  const sort = asked === '' ? wish.sort : oneOf(asked, sortParameter)
  const selection = c.req.query('selection') ?? ''
  const client = readClient(c)
  const type = oneOf(c.req.query('type'), { name: 'type', allowed: ['live', 'vod'], fallback: 'live' })
  const isDownload = oneOf(c.req.query('download'), { name: 'download', allowed: ['0', '1'], fallback: '0' }) === '1'
  if (type === 'vod') {
    const episodes = oneOf(c.req.query('episodes'), { name: 'episodes', allowed: ['0', '1'], fallback: '0' })
    return films(c, gateway, { groups: wish.groups, withEpisodes: episodes === '1', isDownload })
  }

  const lineup = seenLineup(c, gateway)
  const { groups } = wish
  for (const name of groups) {
    if (lineup.groups.every((group) => group.name !== name))
      throw new Failure('lineup/unknown-group', 'No enabled channel is in this group')
  }
  const selected = selectedChannels(lineup, selection)
  const root = publicOrigin(c, gateway) + c.get('caller').prefix
  const tag = entityTag(lineup.revision, [root, format, sort ?? '', selection, client, ...groups])
  const headers = new Headers({ etag: tag, 'cache-control': 'private, no-cache', vary: 'Authorization, Cookie' })
  if (isFresh(c.req.raw.headers, { tag })) return notModified(headers)

  headers.set('content-type', 'audio/x-mpegurl; charset=utf-8')
  if (isDownload) headers.set('content-disposition', 'attachment; filename="downlink.m3u"')
  if (c.req.method === 'HEAD') return new Response(null, { headers })
  const groupOf = (channel: Channel): string | null => shownGroup(channel, groups)
  const extension = format === 'hls' ? 'm3u8' : 'ts'
  const ordered = inOrder(inGroups(selected, groups), { lineup, groups, sort, selection, groupOf })
  const pieces = writeM3u({
    channels: channelsForClient(ordered, client),
    profile: PLAYLIST_PROFILES[client],
    guideUrl: `${root}/xmltv.xml${queryOf({ selection, client })}`,
    streamUrl: (channel) => `${root}/live/${channel.id}.${extension}`,
    logoUrl: (channel) => logoUrl(root, channel),
    catchup: (channel) => {
      const hours = pastHoursOf(channel)
      // What is replayed is a file, whatever form the channel itself has.
      const source = `${root}/live/${channel.id}.ts?start={utc}&end={utcend}`
      return hours === 0 ? null : { days: Math.ceil(hours / 24), source }
    },
    group: groupOf,
  })
  return new Response(textStream(pieces), { headers })
}

const queryOf = (parameters: Readonly<Record<string, string>>): string => {
  const set = Object.entries(parameters).filter(([, value]) => value !== '')
  return set.length === 0 ? '' : `?${set.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`
}

/** The films of all sources. It has no tag: a source's films change without our knowing. */
function films(
  c: Context<Env>,
  gateway: PlaylistPorts,
  {
    groups,
    withEpisodes,
    isDownload,
  }: { readonly groups: readonly string[]; readonly withEpisodes: boolean; readonly isDownload: boolean },
): Response {
  const desk = seenFilms(c, gateway)
  if (desk === null) throw new Failure('http/not-found', 'Films are listed and played at the adapter')
  const headers = new Headers({
    'content-type': 'audio/x-mpegurl; charset=utf-8',
    'cache-control': 'private, no-store',
  })
  if (isDownload) headers.set('content-disposition', 'attachment; filename="downlink-films.m3u"')
  if (c.req.method === 'HEAD') return new Response(null, { headers })
  const root = publicOrigin(c, gateway) + c.get('caller').prefix
  const pieces = writeVodPlaylist({
    shelves: desk.shelves(),
    groups,
    root,
    withEpisodes,
    signal: c.req.raw.signal,
  })
  return new Response(textStream(pieces), { headers })
}

/** A channel that was chosen for a group is shown in that group, elsewhere in its main one. */
const shownGroup = (channel: Channel, chosen: readonly string[]): string | null =>
  chosen.find((name) => channel.groups.includes(name)) ?? channel.groups[0] ?? null

const inGroups = (channels: readonly Channel[], groups: readonly string[]): readonly Channel[] =>
  groups.length === 0 ? channels : channels.filter((channel) => groups.some((name) => channel.groups.includes(name)))

type Arrangement = {
  readonly lineup: Lineup
  readonly groups: readonly string[]
  readonly sort: ChannelSort | null
  readonly selection: string
  readonly groupOf: (channel: Channel) => string | null
}

/** By the order that was asked for, else that of the selection, else that of the one group that was asked for. */
function inOrder(
  channels: readonly Channel[],
  { lineup, groups, sort, selection, groupOf }: Arrangement,
): readonly Channel[] {
  if (sort !== null) return sortChannels(channels, sort, { groups: lineup.groups, groupOf })
  if (selection !== '') return channels
  const only = groups.length === 1 ? lineup.groups.find(({ name }) => name === groups[0]) : undefined
  return only === undefined ? channels : sortGroup(channels, only)
}
