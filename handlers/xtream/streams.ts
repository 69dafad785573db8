import type { Context } from 'hono'
import { Hono } from 'hono'
import { isReserved } from '../../core/access/reserved-segments.ts'
import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { printStart } from '../../core/live/shift-start.ts'
import type { Env } from '../env.ts'
import { answerHls } from '../hls.ts'
import { answerTs } from '../live.ts'
import { pairOf, readCall } from './call.ts'
import type { Pair } from './call.ts'
import type { XtreamHouse } from './house.ts'
import { findViewer } from './viewer.ts'

/** `4711`, `4711.ts`, `4711.m3u8`. */
const LIVE_FILE = '{\\d{1,10}(?:\\.(?:ts|m3u8))?}'

type XtreamContext = Context<Env>

/**
 * Streams with name and password in their address: `/live/{user}/{password}/{id}[.ts|.m3u8]`, the same without `/live`,
 * `/movie/…`, `/series/…`, `/timeshift/{user}/{password}/{minutes}/{start}/{id}`, `/timeshift.php`, `/streaming/timeshift.php`.
 *
 * HEAD opens nothing. All addresses in playlists of HLS are relative, so that they stay behind name and password. Fails with
 * `access/wrong-password`; the form without a first word of its own with `http/not-found`, as any unknown address.
 */
export function streamRoutes(house: XtreamHouse): Hono<Env> {
  const app = new Hono<Env>()
  app.get(`/live/:user/:password/:file${LIVE_FILE}`, async (c) => {
    await enter(c, house)
    return live(c, house, '')
  })
  app.on(['GET', 'DELETE'], '/live/:user/:password/hls/:channelId/:path{.+}', async (c) => {
    await enter(c, house)
    const channel = find(c, house, c.req.param('channelId').replace(/^c/, ''))
    return answerHls(c, house.gateway, { channel, path: c.req.param('path'), mode: 'xtream' })
  })
  if (house.films !== null)
    app.route(
      '/',
      house.films.routes((c) => enter(c, house)),
    )
  app.get(`/timeshift/:user/:password/:minutes/:start/:file${LIVE_FILE}`, async (c) => {
    await enter(c, house)
    const { minutes, start, file } = c.req.param()
    return past(c, house, { start, minutes, file, root: hlsRoot(5, pairIn(c)) })
  })
  for (const path of ['/timeshift.php', '/streaming/timeshift.php']) app.get(path, (c) => legacyPast(c, house))
  app.get(`/:user/:password/:file${LIVE_FILE}`, async (c, next) => {
    // Fixed first words have meanings of their own.
    if (isReserved(c.req.param('user'))) return next()
    if ((await findViewer(c, house.gateway, pairIn(c))) === null)
      throw new Failure('http/not-found', 'There is nothing at this address')
    return live(c, house, hlsRoot(2, pairIn(c)))
  })
  return app
}

const pairIn = (c: XtreamContext): Pair => ({
  username: c.req.param('user') ?? '',
  password: c.req.param('password') ?? '',
})

/** The way to the folder that HLS of a pair is in, from a playlist so many folders deep. */
const hlsRoot = (depth: number, { username, password }: Pair): string =>
  `${'../'.repeat(depth)}live/${encodeURIComponent(username)}/${encodeURIComponent(password)}/`

async function enter(c: XtreamContext, house: XtreamHouse, pair: Pair = pairIn(c)): Promise<void> {
  if ((await findViewer(c, house.gateway, pair)) === null)
    throw new Failure('access/wrong-password', 'Name and password do not belong together')
}

function find(c: XtreamContext, house: XtreamHouse, key: string): Channel {
  const channel = house.channel(c.get('caller'), key)
  if (channel === null) throw new Failure('lineup/unknown-channel', 'No channel has this number')
  return channel
}

const readFile = (file: string) => ({ key: file.replace(/\..*$/, ''), isHls: file.endsWith('.m3u8') })

/** A channel as it is now. `root`: where addresses of HLS begin, seen from the playlist. */
function live(c: XtreamContext, house: XtreamHouse, root: string): Promise<Response> {
  const { key, isHls } = readFile(c.req.param('file') ?? '')
  const channel = find(c, house, key)
  if (isHls) return answerHls(c, house.gateway, { channel, path: '', mode: 'xtream', root })
  return answerTs(c, house.gateway, { channel, mode: 'xtream' })
}

type Past = { readonly start: string; readonly minutes: string; readonly file: string; readonly root: string }

/** A channel as it was. Fails with `http/bad-request` for a time that cannot be read or has not come. */
function past(c: XtreamContext, house: XtreamHouse, { start, minutes, file: wanted, root }: Past): Promise<Response> {
  const { key, isHls } = readFile(wanted)
  const channel = find(c, house, key)
  const now = house.gateway.now()
  const instant = house.clock.readStart(start)
  if (instant === null || instant > now)
    throw new Failure('http/bad-request', 'The start should be an instant of the past, like "2026-11-21:20-15"')
  const behindMs = now - instant
  const lastsMs = /^[1-9]\d{0,3}$/.test(minutes) ? { lastsMs: Number(minutes) * 60_000 } : {}
  if (!isHls) return answerTs(c, house.gateway, { channel, mode: 'xtream', behindMs, ...lastsMs })
  const query = new URLSearchParams({ start: printStart(behindMs) })
  return answerHls(c, house.gateway, { channel, path: '', mode: 'xtream', query, root })
}

/** The same by a query: `username`, `password`, `stream`, `start`, `duration`, `extension`. */
async function legacyPast(c: XtreamContext, house: XtreamHouse): Promise<Response> {
  const call = await readCall(c)
  const pair = pairOf(call)
  await enter(c, house, pair)
  return past(c, house, {
    start: call.get('start') ?? '',
    minutes: call.get('duration') ?? '',
    file: `${call.get('stream') ?? ''}.${call.get('extension') ?? 'ts'}`,
    root: hlsRoot(c.req.path.startsWith('/streaming/') ? 1 : 0, pair),
  })
}
