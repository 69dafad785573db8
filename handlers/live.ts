import { Hono } from 'hono'
import type { Context } from 'hono'
import { Failure } from '../core/errors.ts'
import { everyStream } from '../core/lineup/channel.ts'
import type { Channel } from '../core/lineup/channel.ts'
import type { ByteSink } from '../core/live/hub.ts'
import type { PastWish } from '../core/live/link.ts'
import { readQuality } from '../core/live/quality.ts'
import type { Quality } from '../core/live/quality.ts'
import { readLength, readStart } from '../core/live/shift-start.ts'
import type { Timers } from '../core/live/timers.ts'
import { VIEWING_HEADERS } from './cors.ts'
import type { Env } from './env.ts'
import { findChannel, looksLikeServiceRef } from './find-channel.ts'
import type { BodyOutlet, Gateway, TsAnswer, TsRequest } from './gateway.ts'
import { oneOf } from './parameter.ts'
import { viaFront } from './via.ts'
import { playerOf } from './player-name.ts'
import { beyondFile, fileAnswer, readRange } from './vod-file.ts'
import { seenLineup } from './seen-lineup.ts'

/** What of the gateway raw TS needs. */
export type LivePorts = Pick<Gateway, 'lineup' | 'live' | 'outlet' | 'audioTs' | 'now'>

/** What nginx writes into its log for it. */
const CLIENT_CLOSED_REQUEST = 499

const TS_HEADERS = {
  'content-type': 'video/mp2t',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no', // nginx in front must not buffer what never ends
  ...VIEWING_HEADERS,
} as const

/**
 * Raw MPEG-TS: `/live/{x}.ts`, `/iptv/channel/{number}.ts`, `/play/{sourceId}/{channelId}` and `/{serviceReference}`.
 *
 * `start=` (or `utc=`, as players that know catch-up by `shift` write it) with `duration=` or `end=` asks for the past; what a
 * source sends of it is a file, of which a part may be asked for (`Range`). HEAD opens nothing. 200 is sent only after real television has come; before, a failure is an empty body with its code.
 */
export function liveFace(gateway: LivePorts): Hono<Env> {
  const app = new Hono<Env>()
  app.get('/live/:file{[^/]+\\.ts}', (c) => play(c, gateway, c.req.param('file').slice(0, -'.ts'.length)))
  app.get('/iptv/channel/:file{\\d+(?:\\.\\d+)?\\.ts}', (c) =>
    play(c, gateway, c.req.param('file').slice(0, -'.ts'.length)),
  )
  app.get('/play/:sourceId/:channelId', (c) => {
    const channel = find(c, gateway, c.req.param('channelId'))
    if (everyStream(channel).every(({ sourceId }) => sourceId !== c.req.param('sourceId'))) throw unknownChannel()
    return answerTs(c, gateway, { channel })
  })
  app.get('/:serviceReference{[^/]*(?:[:_]|%3[aA])[^/]*}', async (c, next) => {
    const text = c.req.param('serviceReference')
    return looksLikeServiceRef(text) ? play(c, gateway, text) : next()
  })
  return app
}

const unknownChannel = (): Failure =>
  new Failure('lineup/unknown-channel', 'No enabled channel has this id, number or service reference')

function find(c: Context<Env>, gateway: Pick<Gateway, 'lineup'>, text: string): Channel {
  const channel = findChannel(seenLineup(c, gateway), text)
  if (channel === null) throw unknownChannel()
  return channel
}

const play = (c: Context<Env>, gateway: LivePorts, text: string): Promise<Response> | Response =>
  answerTs(c, gateway, { channel: find(c, gateway, text) })

/** What is asked for beside the query. */
export type TsWish = Pick<TsRequest, 'channel' | 'mode'> & {
  /** Where it begins, instead of what `start=` says, epoch milliseconds. */
  readonly from?: number
  /** How much of what is over, instead of what `duration=` and `end=` say, milliseconds. */
  readonly lastsMs?: number
  /** Instead of what `quality=` and `audio=` say. */
  readonly quality?: Quality
  /** More headers, asked for when television is there. */
  readonly headers?: () => Readonly<Record<string, string>>
  /** Ends the stream cleanly after so many milliseconds of it. */
  readonly limit?: { readonly ms: number; readonly timers: Timers }
}

/**
 * Answers with the raw TS of a channel as the query asks for it. `mode`: by which face the viewer came.
 *
 * Fails with `http/bad-request`, `live/*`, `source/*` before a byte is sent.
 */
export async function answerTs(
  c: Context<Env>,
  gateway: Pick<LivePorts, 'live' | 'outlet' | 'audioTs' | 'now'>,
  { headers = () => ({}), limit, from, lastsMs, ...stream }: TsWish,
): Promise<Response> {
  const quality =
    stream.quality ??
    readQuality(
      { quality: c.req.query('quality'), audio: c.req.query('audio') },
      gateway.audioTs === 'aac' ? 'audio' : 'original',
    )
  const asked = oneOf(c.req.query('slate'), {
    name: 'slate',
    allowed: ['0', '1'],
    fallback: c.get('caller').slate === true ? '1' : '0',
  })
  const now = gateway.now()
  const behindMs =
    from === undefined ? readStart(c.req.query('start') ?? c.req.query('utc'), now) : Math.max(0, now - from)
  const past = behindMs === 0 ? {} : { past: readPast(c, now - behindMs, lastsMs) }
  if (c.req.method === 'HEAD') return new Response(null, { headers: TS_HEADERS })
  const { signal } = c.req.raw
  try {
    const slate = asked === '1'
    const found = await gateway.live.ts({
      ...viaFront(c),
      ...stream,
      caller: c.get('caller'),
      quality,
      slate,
      behindMs,
      ...past,
      signal,
    })
    if (found.kind === 'redirect') return redirect(found.location)
    if (found.kind === 'response') return found.response
    if (found.kind === 'file') return fileAnswer(found.file, { contentType: TS_HEADERS['content-type'], signal })
    return await take(c, gateway.outlet, { join: found.join, headers, limit })
  } catch (error) {
    // Zapping away before the first byte is no failure, and nobody hears the answer.
    if (signal.aborted && !(error instanceof Failure)) return new Response(null, { status: CLIENT_CLOSED_REQUEST })
    if (error instanceof Failure && error.code === 'vod/range') return beyondFile(c, error)
    throw error
  }
}

const readPast = (c: Context<Env>, from: number, lastsMs?: number): PastWish => ({
  from,
  lastsMs: lastsMs ?? readLength({ duration: c.req.query('duration'), end: c.req.query('end') }, from),
  range: readRange(c.req.header('range')),
  player: playerOf(c),
})

type Join = Extract<TsAnswer, { kind: 'relay' }>['join']

type Seating = {
  readonly join: Join
  readonly headers: () => Readonly<Record<string, string>>
  readonly limit: TsWish['limit']
}

/** Opens the body when the relay asks for it, and takes the seat. */
async function take(c: Context<Env>, outlet: BodyOutlet, { join, headers, limit }: Seating): Promise<Response> {
  let response: Response | null = null
  let isGone = false
  let seat: Awaited<ReturnType<Join>> | null = null
  let end: unknown = null
  const open = (): ByteSink => {
    const body = outlet.open(
      c,
      { ...TS_HEADERS, ...headers() },
      {
        drained: () => seat?.drained(),
        gone: () => {
          isGone = true
          if (end !== null) limit?.timers.clear(end)
          seat?.leave()
        },
      },
    )
    response = body.response
    return body.sink
  }
  seat = await join(open)
  // The viewer may have left, or made room, while the seat was on its way.
  if (isGone || c.req.raw.signal.aborted) seat.leave()
  else {
    seat.drained()
    const { leave } = seat
    if (limit !== undefined) end = limit.timers.set(leave, limit.ms)
  }
  if (response === null) throw new TypeError('A seat was given without a body')
  return response
}

/** A 302 that nothing keeps: the address carries a token that expires. */
const redirect = (location: string): Response =>
  new Response(null, {
    status: 302,
    headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  })
