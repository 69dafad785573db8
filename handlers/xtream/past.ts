import type { Context } from 'hono'
import { Hono } from 'hono'
import { Failure } from '../../core/errors.ts'
import { pastHoursOf } from '../../core/lineup/past.ts'
import { printStart } from '../../core/live/shift-start.ts'
import type { Env } from '../env.ts'
import { answerHls } from '../hls.ts'
import { answerTs } from '../live.ts'
import { pairOf, readCall } from './call.ts'
import type { Pair } from './call.ts'
import type { XtreamHouse } from './house.ts'
import { enter, findLive, hlsRoot, LIVE_FILE, pairIn, pairPath, readFile } from './stream-door.ts'

/** What a call for the past says, wherever it says it. */
type Past = {
  readonly pair: Pair
  readonly start: string
  readonly minutes: string
  readonly file: string
  /** How many folders deep the address is. */
  readonly depth: number
}

const HOUR_MS = 3_600_000
const USUAL_MINUTES = 120

/**
 * Channels as they were: `/timeshift/{user}/{password}/{minutes}/{start}/{id}[.ts|.m3u8]`, and `/timeshift.php` or
 * `/streaming/timeshift.php` with `username`, `password`, `stream`, `start`, `duration`, `extension`.
 *
 * Times are read by the clock of the server. Fails with `access/wrong-password`, `http/bad-request`, `live/no-past`,
 * `live/no-time-shift`. Source: protocols/xtream.md §6.
 */
export function pastRoutes(house: XtreamHouse): Hono<Env> {
  const app = new Hono<Env>()
  app.get(`/timeshift/:user/:password/:minutes/:start/:file${LIVE_FILE}`, async (c) => {
    await enter(c, house)
    const { minutes, start, file } = c.req.param()
    return answerPast(c, house, { pair: pairIn(c), minutes, start, file, depth: 5 })
  })
  for (const { path, depth } of [
    { path: '/timeshift.php', depth: 0 },
    { path: '/streaming/timeshift.php', depth: 1 },
  ])
    app.get(path, async (c) => {
      const call = await readCall(c)
      const pair = pairOf(call)
      await enter(c, house, pair)
      const file = `${call.get('stream') ?? ''}.${call.get('extension') ?? 'ts'}`
      const [start, minutes] = [call.get('start') ?? '', call.get('duration') ?? '']
      return answerPast(c, house, { pair, minutes, start, file, depth })
    })
  return app
}

function answerPast(c: Context<Env>, house: XtreamHouse, past: Past): Promise<Response> | Response {
  const { key, isHls } = readFile(past.file)
  const channel = findLive(c, house, key)
  const now = house.gateway.now()
  const instant = house.clock.readStart(past.start)
  if (instant === null || instant > now)
    throw new Failure('http/bad-request', 'The start should be an instant of the past, like "2026-11-21:20-15"')
  const behindMs = now - instant
  const minutes = /^[1-9]\d{0,3}$/.test(past.minutes) ? Number(past.minutes) : null
  const lasts = minutes === null ? {} : { lastsMs: minutes * 60_000 }
  if (!isHls) return answerTs(c, house.gateway, { channel, mode: 'xtream', from: instant, ...lasts })
  if (behindMs <= pastHoursOf(channel) * HOUR_MS) {
    // Not the text of the caller: the same instant without marks that mean something in an address.
    const seconds = String(Math.floor(instant / 1000))
    const length = minutes ?? USUAL_MINUTES
    const address = `${'../'.repeat(past.depth)}timeshift/${pairPath(past.pair)}/${length}/${seconds}/${key}.ts`
    return listOfOne(address, length)
  }
  const query = new URLSearchParams({ start: printStart(behindMs) })
  return answerHls(c, house.gateway, { channel, path: '', mode: 'xtream', query, root: hlsRoot(past.depth, past.pair) })
}

/** Archives are files of MPEG-TS: for players that insist on HLS the file is the one segment of a list that has an end. */
function listOfOne(address: string, minutes: number): Response {
  const seconds = minutes * 60
  const text = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-TARGETDURATION:${seconds}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:${seconds}.000,\n${address}\n#EXT-X-ENDLIST\n`
  return new Response(text, {
    headers: {
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  })
}
