import { setTimeout as sleep } from 'node:timers/promises'
import { createEncoderLadder } from '../../adapters/ffmpeg/encoder-ladder.ts'
import type { EncoderLadder, HardwareChoice } from '../../adapters/ffmpeg/encoder-ladder.ts'
import type { Ffmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { createTranscodeDesk } from '../../adapters/lan/transcode-desk.ts'
import type { TranscodeDesk } from '../../adapters/lan/transcode-desk.ts'
import { createTranscodeRelay } from '../../adapters/lan/transcode-relay.ts'
import type { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import { createHub } from '../../core/live/create-hub.ts'
import type { ByteSink, Hub, Seat } from '../../core/live/hub.ts'
import { concat } from '../core/live/synthetic-ts.ts'
import { createBroadcast } from './broadcast.ts'
import type { Broadcast } from './broadcast.ts'
import { fakeChannel } from './gateway.ts'
import { VirtualTime } from './virtual-time.ts'

/** The programme number of every stream that is played here. */
const SERVICE_ID = 0x132f
const VIEWER = { mode: 'ts', user: null, address: '192.0.2.7' } as const

/** Somebody who watches, and what they got. */
export type TranscodeViewer = {
  readonly seat: Promise<Seat>
  readonly bytes: () => Uint8Array
  readonly failure: () => Failure | null
}

/** A house whose channels all send the same stream, and which offers them at 480 lines. */
export interface TranscodeHouse extends AsyncDisposable {
  readonly time: VirtualTime
  readonly hub: Hub
  readonly derived: Hub
  readonly broadcast: Broadcast
  readonly ladder: EncoderLadder
  readonly desk: TranscodeDesk
  /** Processes that were started, in order, with their encoders. */
  readonly processes: readonly { readonly pid: number; readonly encoder: string }[]
  readonly logged: readonly string[]
  watch(key?: number): TranscodeViewer
  /** Lets television go by; FFmpeg, whose time is ours, gets a third of it. */
  play(seconds: number): Promise<void>
  /** Plays, then waits for FFmpeg. Gives whether `isDone` became true. */
  playUntil(isDone: () => boolean, seconds?: number): Promise<boolean>
}

/** Opens the house; `stream` is sent once, from the first viewer on. */
export function openTranscodeHouse(
  stream: Uint8Array,
  options: {
    readonly ffmpeg: Ffmpeg
    readonly limit?: number | null
    readonly lingerSeconds?: number
    readonly hardware?: HardwareChoice
    readonly devices?: readonly string[]
  },
): TranscodeHouse {
  const { ffmpeg, hardware = 'none', limit = null, lingerSeconds = 0, devices = [] } = options
  const time = new VirtualTime()
  const { now, timers } = time
  const processes: { pid: number; encoder: string }[] = []
  const logged: string[] = []
  const log = (_level: string, event: string, facts: Readonly<Record<string, unknown>> = {}): void => {
    logged.push(event)
    if (event === 'transcoder-started') processes.push({ pid: Number(facts['pid']), encoder: String(facts['encoder']) })
  }
  const broadcast = createBroadcast(time, stream)
  const hub = createHub({ source: () => broadcast, log, now, timers, lingerSeconds })
  const ladder = createEncoderLadder({ ffmpeg, hardware, log, now, devices: () => Promise.resolve(devices) })
  const desk = createTranscodeDesk({ ladder, limit, cores: 2, timers })
  const derived = createTranscodeRelay({
    quality: '480p',
    goal: { height: 120, bitrateKbps: 300, audio: { bitrateKbps: 96, channels: 2 } },
    hub,
    ffmpeg,
    ladder,
    desk,
    log,
    now,
    timers,
  })
  const channelOf = (key: number): Channel =>
    fakeChannel(key, { streams: fakeChannel(key).streams.map((item) => ({ ...item, programNumber: SERVICE_ID })) })

  const house: TranscodeHouse = {
    time,
    hub,
    derived,
    broadcast,
    ladder,
    desk,
    processes,
    logged,
    watch(key = 1) {
      const parts: Uint8Array[] = []
      let failure: Failure | null = null
      const sink: ByteSink = {
        write: (bytes) => parts.push(bytes.slice()) > 0,
        close: (reason) => (failure = reason),
      }
      const seat = derived.watch(channelOf(key), VIEWER, () => sink, new AbortController().signal)
      // Awaited by those who expect it to fail.
      seat.catch(() => {})
      return { seat, bytes: () => concat(...parts), failure: () => failure }
    },
    async play(seconds) {
      for (let passed = 0; passed < seconds; passed += 0.05) {
        await time.advance(50)
        await sleep(16)
      }
    },
    async playUntil(isDone, seconds = 0) {
      await house.play(seconds)
      for (let turn = 0; turn < 800 && !isDone(); turn++) {
        await time.advance(10)
        await sleep(10)
      }
      return isDone()
    },
    async [Symbol.asyncDispose]() {
      await derived[Symbol.asyncDispose]()
      await hub[Symbol.asyncDispose]()
      await ladder[Symbol.asyncDispose]()
    },
  }
  return house
}
