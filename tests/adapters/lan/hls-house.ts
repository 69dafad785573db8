import type { Ffmpeg } from '../../../adapters/ffmpeg/resolve.ts'
import { createHlsSessions } from '../../../adapters/lan/hls-sessions.ts'
import type { HlsSessions } from '../../../adapters/lan/hls-sessions.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import type { Hub } from '../../../core/live/hub.ts'
import type { HlsAnswer } from '../../../core/live/link.ts'
import { createBroadcast } from '../../fakes/broadcast.ts'
import type { Broadcast } from '../../fakes/broadcast.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { settle, VirtualTime } from '../../fakes/virtual-time.ts'

/** An FFmpeg that is not there. */
export const NO_FFMPEG: Ffmpeg = { path: null, version: null, origin: null, encoders: new Set(), notices: [] }

/** The one channel of the house. */
export const CHANNEL = fakeChannel(0x132f, { name: 'Alpin' })

/** Somebody on the LAN. */
export const CALLER: Caller = {
  kind: 'anonymous',
  user: null,
  role: null,
  address: '192.0.2.7',
  loopback: false,
  mayWatch: true,
  prefix: '',
}

type Asked = {
  readonly query?: string
  readonly path?: string
  readonly leaves?: boolean
  readonly signal?: AbortSignal
  readonly caller?: Caller
}

/** Sessions over a real hub that plays `bytes` on a virtual clock. */
export interface HlsHouse extends AsyncDisposable {
  readonly time: VirtualTime
  readonly broadcast: Broadcast
  readonly hub: Hub
  readonly sessions: HlsSessions
  /** What a request is answered; the clock does not move by itself. */
  ask(request?: Asked): Promise<HlsAnswer>
  /** Moves the clock on until the request is answered, 20 s at most. */
  answer(request?: Asked): Promise<HlsAnswer>
  /** The same for an answer that is text. */
  text(request?: Asked): Promise<string>
  /** The same for a segment. */
  bytes(path: string): Promise<Uint8Array>
  /** Path below `/hls/{id}/` of the first media playlist that the multivariant playlist names. */
  join(query?: string): Promise<string>
}

/** Opens the house. */
export function openHouse(
  bytes: Uint8Array,
  options: {
    readonly ffmpeg?: Ffmpeg
    readonly hls?: { segmentSeconds: number; windowSeconds: number; idleSeconds: number }
    readonly lingerSeconds?: number
  } = {},
): HlsHouse {
  const time = new VirtualTime()
  const broadcast = createBroadcast(time, bytes)
  const { now, timers } = time
  const log = (): void => {}
  const hub = createHub({ source: () => broadcast, log, now, lingerSeconds: options.lingerSeconds ?? 5, timers })
  const sessions = createHlsSessions({
    hub,
    ffmpeg: options.ffmpeg ?? NO_FFMPEG,
    audio: { bitrateKbps: 128, channels: 2 },
    hls: options.hls ?? { segmentSeconds: 2, windowSeconds: 14, idleSeconds: 12 },
    log,
    now,
    timers,
  })
  const ask = ({ query = '', path = '', leaves = false, signal, caller = CALLER }: Asked = {}): Promise<HlsAnswer> =>
    sessions.hls({
      channel: CHANNEL,
      caller,
      path,
      query: new URLSearchParams(query),
      leaves,
      signal: signal ?? new AbortController().signal,
    })
  const answer = async (request?: Asked): Promise<HlsAnswer> => {
    const result = ask(request)
    let isDone = false
    const done = (): void => void (isDone = true)
    result.then(done, done)
    await settle()
    for (let step = 0; step < 400 && !isDone; step++) await time.advance(50)
    return result
  }
  const document = async (request?: Asked) => {
    const found = await answer(request)
    if (found.kind !== 'document') throw new Error(`Got ${found.kind} instead of a document`)
    return found
  }
  return {
    time,
    broadcast,
    hub,
    sessions,
    ask,
    answer,
    text: async (request) => String((await document(request)).body),
    async bytes(path) {
      const { body } = await document({ path })
      if (typeof body === 'string') throw new Error(`"${path}" is text`)
      return body
    },
    async join(query = '') {
      const text = await this.text({ query })
      const uri = text.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
      return uri.replace(`../hls/${CHANNEL.id}/`, '')
    },
    async [Symbol.asyncDispose]() {
      await sessions[Symbol.asyncDispose]()
      await hub[Symbol.asyncDispose]()
    },
  }
}
