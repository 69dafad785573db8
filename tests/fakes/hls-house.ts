import { setImmediate } from 'node:timers/promises'
import { createEncoderLadder } from '../../adapters/ffmpeg/encoder-ladder.ts'
import { createHlsSessions } from '../../adapters/lan/hls-sessions.ts'
import type { HlsSessions } from '../../adapters/lan/hls-sessions.ts'
import { createQualities } from '../../adapters/lan/qualities.ts'
import { createLocalLink } from '../../adapters/link/local-link.ts'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { WorkCounts } from '../../core/live/counts/work-counts.ts'
import { createHub } from '../../core/live/create-hub.ts'
import type { Hub } from '../../core/live/hub.ts'
import type { LiveLink } from '../../core/live/link.ts'
import { createTimeShift } from '../../core/live/time-shift.ts'
import type { TimeShiftOptions } from '../../core/live/time-shift.ts'
import type { LogFacts } from '../../core/log.ts'
import { createApp } from '../../handlers/app.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { createBroadcast } from './broadcast.ts'
import type { Broadcast } from './broadcast.ts'
import { fakeChannel, fakeHouse } from './gateway.ts'
import { VirtualTime } from './virtual-time.ts'

/** What a house answered to one request. */
export type Asked = { readonly status: number; readonly headers: Headers; readonly bytes: Uint8Array<ArrayBuffer> }

/** A house with one channel `c1`, whose source sends a given stream, on a clock that the test moves. */
export interface HlsHouse extends AsyncDisposable {
  readonly time: VirtualTime
  readonly broadcast: Broadcast
  readonly hub: Hub
  readonly hls: HlsSessions
  readonly counts: WorkCounts
  readonly logged: readonly { readonly level: string; readonly event: string; readonly facts: LogFacts }[]
  /** Paths by which the same channel is reached: as it is, by viewing token, by signed link. */
  readonly prefixes: { readonly plain: string; readonly token: string; readonly link: string }
  /** Asks without moving the clock. */
  ask(path: string, init?: RequestInit): Promise<Asked>
  /** Asks and lets time go by until there is an answer. Fails after `withinMs` (default 20 s) of the house's time. */
  get(path: string, options?: { readonly init?: RequestInit; readonly withinMs?: number }): Promise<Asked>
}

/** The house without FFmpeg. */
export const NO_FFMPEG: Ffmpeg = { path: null, version: null, origin: null, encoders: new Set(), notices: [] }

/** The FFmpeg at this path, with an AAC encoder. */
export const ffmpegAt = (path: string): Ffmpeg => ({
  path,
  version: '5.1',
  origin: 'configured',
  encoders: new Set(['aac']),
  notices: [],
})

/** Of the synthetic streams and of those in `tests/fixtures/ts`. */
const SERVICE_ID = 0x132f
const AUDIO = { codec: 'aac', bitrateKbps: 96, channels: 2 } as const
const TRANSCODE = { limit: null, bitrate720pKbps: 600, bitrate480pKbps: 300 } as const
const HLS = { segmentSeconds: 2, windowSeconds: 14, idleSeconds: 12 } as const

/** Opens the house; `stream` is what its source sends from the first viewer on. */
export async function openHlsHouse(
  stream: Uint8Array,
  options: {
    readonly ffmpeg?: Ffmpeg
    readonly hls?: Partial<typeof HLS>
    readonly lingerSeconds?: number
    /** Time shift of so many minutes over these tapes. */
    readonly shift?: Omit<TimeShiftOptions, 'log' | 'now'>
  } = {},
): Promise<HlsHouse> {
  const time = new VirtualTime()
  const { now, timers } = time
  const logged: { level: string; event: string; facts: LogFacts }[] = []
  const log = (level: string, event: string, facts: LogFacts = {}): void => void logged.push({ level, event, facts })
  const broadcast = createBroadcast(time, stream)
  const timeShift = options.shift === undefined ? null : createTimeShift({ ...options.shift, log, now })
  const { lingerSeconds = 0 } = options
  const hub = createHub({ source: () => broadcast, log, now, timers, lingerSeconds, timeShift })
  const counts = new WorkCounts()
  const media = { ffmpeg: options.ffmpeg ?? NO_FFMPEG, audio: AUDIO, timeShift, counts, log, now, timers }
  const ladder = createEncoderLadder({ ...media, hardware: 'none' })
  const qualities = createQualities({ ...media, hub, ladder, transcode: TRANSCODE, cores: 2 })
  const hls = createHlsSessions({ ...media, hub: qualities.hub, made: qualities.made, hls: { ...HLS, ...options.hls } })
  const { streams } = fakeChannel(1)
  const channel = fakeChannel(1, { streams: streams.map((item) => ({ ...item, programNumber: SERVICE_ID })) })
  const house = fakeHouse({
    lineup: { revision: '1', channels: [channel], groups: [{ name: 'All', order: 0 }] },
  })
  const { gateway, signer, tokens } = house
  const live = createLocalLink({ hub: qualities.hub, hls, door: gateway.links })
  let inside = 0
  const counted: LiveLink = {
    ts: (request) => live.ts(request),
    async hls(request) {
      inside += 1
      try {
        return await live.hls(request)
      } finally {
        inside -= 1
      }
    },
  }
  const app = createApp({ ...gateway, live: counted }, { viewing: [hlsFace], linked: [hlsFace] })
  const { token } = await tokens.add({ kind: 'viewing', name: 'Kodi' })
  const link = await signer.sign(
    { kind: 'channel', channelId: 'c1', user: 'Anna' },
    { expires: Math.floor(gateway.now() / 1000) + 60, jti: 'A'.repeat(22) },
  )

  const ask = async (path: string, init: RequestInit = {}): Promise<Asked> => {
    const headers = new Headers(init.headers)
    headers.set('host', 'localhost:18080')
    const response = await app.request(path, { ...init, headers })
    return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
  }

  return {
    time,
    broadcast,
    hub,
    hls,
    counts,
    logged,
    prefixes: { plain: '', token: `/t/${token.reveal()}`, link: `/s/${link}` },
    ask,
    async get(path, { init, withinMs = 20_000 } = {}) {
      const state: { asked: Asked | null; error: unknown } = { asked: null, error: null }
      const until = now() + withinMs
      ask(path, init).then(
        (asked) => (state.asked = asked),
        (error: unknown) => (state.error = error),
      )
      for (;;) {
        await time.advance(0)
        if (state.error !== null) throw state.error
        if (state.asked !== null) return state.asked
        if (now() >= until) throw new Error(`No answer to ${path} within ${withinMs} ms of the house's time`)
        // Checking a token takes no time in the house: its clock moves only for those who wait inside.
        if (inside === 0) await setImmediate()
        else await time.advance(100)
      }
    },
    async [Symbol.asyncDispose]() {
      await hls[Symbol.asyncDispose]()
      await qualities[Symbol.asyncDispose]()
      await hub[Symbol.asyncDispose]()
    },
  }
}

/** The text of an answer. */
export const textOf = ({ bytes }: Asked): string => new TextDecoder().decode(bytes)
