import { gopPictures } from '../../../core/linear/house-format.ts'
import type { HouseFormat } from '../../../core/linear/house-format.ts'
import { houseGrid } from '../../../core/linear/joiner/house-grid.ts'
import { buildPat, buildPmt, packetize } from '../../../core/live/psi.ts'
import { packPes } from '../../../core/live/remux/pes-packets.ts'
import type { Timers } from '../../../core/live/timers.ts'
import { add90k } from '../../../core/live/timestamps.ts'
import type { FfmpegEvents, FfmpegProcess } from '../../../adapters/ffmpeg/process.ts'
import type { ItemArgs } from '../../../adapters/playout/ports.ts'

/** How an encoder of the fake behaves. Times are milliseconds. */
export type Temper = {
  /** From its start to its first bytes. */
  readonly startsAfter: number
  /** Media time by time. */
  readonly speed: number
  /** It breaks off when it has made so much; absent: never. */
  readonly diesAt?: number
  /** It makes no more when it has made so much, and does not end either; absent: never. */
  readonly hangsAt?: number
  /** It makes no more sound when it has made so much; absent: never. */
  readonly muteFrom?: number
  /** It sends something that is no transport stream. */
  readonly isGarbage?: boolean
}

/** What was asked of one encoder. */
export type Asked = {
  readonly media: string
  readonly seekMs: number
  readonly durationMs: number
  readonly encoder: string
  readonly startedAt: number
  isOver: boolean
}

const PROGRAM = {
  programNumber: 1,
  version: 0,
  pmtPid: 0x1000,
  pcrPid: 0x100,
  streams: [
    { pid: 0x100, kind: 'video', codec: 'h264', streamType: 0x1b, language: null, descriptors: new Uint8Array() },
    { pid: 0x101, kind: 'audio', codec: 'aac', streamType: 0x0f, language: null, descriptors: new Uint8Array() },
  ],
} as const
const TICK_MS = 10
const GOOD: Temper = { startsAfter: 200, speed: 4 }

/** A frame of AAC in ADTS with this text in it. */
export function soundOf(text: string): Uint8Array {
  const body = new TextEncoder().encode(text)
  const length = body.length + 7
  const head = [0xff, 0xf1, 0x4c, 0x80 | (length >> 11), (length >> 3) & 0xff, ((length & 7) << 5) | 0x1f, 0xfc]
  return Uint8Array.from([...head, ...body])
}

/** A picture of H.264 (as a decoder finds its kind) with this text in it. */
export function pictureOf(text: string, isKey: boolean): Uint8Array {
  return Uint8Array.from([0, 0, 0, 1, isKey ? 0x65 : 0x41, 0x88, ...new TextEncoder().encode(text)])
}

/** The tables of a channel with a picture and sound. */
export const tablesOf = (): Uint8Array =>
  Uint8Array.from([...packetize(buildPat(PROGRAM, 1), 0, 0), ...packetize(buildPmt(PROGRAM), PROGRAM.pmtPid, 0)])

/** Encoders that write names and times instead of pictures, in virtual time. */
export class FakeEncoders {
  /** By name of the file, or of file and encoder (`a software`); the first that fits. */
  readonly tempers = new Map<string, Temper>()
  readonly asked: Asked[] = []
  readonly #house: HouseFormat
  readonly #timers: Timers
  readonly #now: () => number

  constructor(house: HouseFormat, time: { readonly timers: Timers; readonly now: () => number }) {
    this.#house = house
    this.#timers = time.timers
    this.#now = time.now
  }

  /** Those that run now. */
  get running(): readonly Asked[] {
    return this.asked.filter(({ isOver }) => !isOver)
  }

  readonly args: ItemArgs = async ({ item, input, duration90k, encoder }) => [
    item.media ?? item.channel ?? '',
    String(input.kind === 'file' ? Math.round(input.seekMs) : 0),
    String(duration90k / 90),
    encoder.kind,
  ]

  readonly start = (args: readonly string[], events: FfmpegEvents): FfmpegProcess => {
    const [media = '', seekMs = '0', durationMs = '0', encoder = ''] = args
    const asked: Asked = {
      media,
      seekMs: Number(seekMs),
      durationMs: Number(durationMs),
      encoder,
      startedAt: this.#now(),
      isOver: false,
    }
    this.asked.push(asked)
    const temper = this.tempers.get(`${media} ${encoder}`) ?? this.tempers.get(media) ?? GOOD
    const maker = new Maker(this.#house, asked)
    let isPaused = false
    let made = 0
    const timer = this.#timers.every(() => {
      if (asked.isOver || isPaused || this.#now() - asked.startedAt < temper.startsAfter) return
      made = Math.min(
        made + TICK_MS * temper.speed,
        asked.durationMs,
        temper.diesAt ?? Infinity,
        temper.hangsAt ?? Infinity,
      )
      const bytes =
        temper.isGarbage === true ? new Uint8Array(2000).fill(7) : maker.make(made, temper.muteFrom ?? Infinity)
      if (bytes.length > 0) events.output(bytes)
      if (made >= asked.durationMs) over(0)
      else if (made >= (temper.diesAt ?? Infinity)) over(1)
    }, TICK_MS)
    const over = (code: number | null): void => {
      if (asked.isOver) return
      asked.isOver = true
      this.#timers.clearEvery(timer)
      events.ended({ code, error: null })
    }
    return {
      pid: undefined,
      write: () => true,
      end: () => {},
      pause: () => (isPaused = true),
      resume: () => (isPaused = false),
      messages: () => [],
      [Symbol.asyncDispose]: async () => over(null),
    }
  }
}

/** Writes a transport stream as FFmpeg does: its own counters and clock, times from 10 s on. */
class Maker {
  readonly #house: HouseFormat
  readonly #asked: Asked
  readonly #counters = new Map<number, number>()
  #pictures = 0
  #frames = 0

  constructor(house: HouseFormat, asked: Asked) {
    this.#house = house
    this.#asked = asked
  }

  /** What lies before this time and was not made yet. */
  make(untilMs: number, muteFromMs: number): Uint8Array {
    const grid = houseGrid(this.#house)
    const parts: Uint8Array[] = []
    if (this.#pictures === 0)
      parts.push(this.#section(0, buildPat(PROGRAM, 1)), this.#section(PROGRAM.pmtPid, buildPmt(PROGRAM)))
    for (;;) {
      const picture = this.#pictures * grid.picture
      const sound = this.#frames * grid.sound
      if (Math.min(picture, sound) >= untilMs * 90) break
      const at = Math.min(picture, sound)
      const time = add90k(at, 900_000)
      const name = `${this.#asked.media}@${Math.round(this.#asked.seekMs + at / 90)}`
      const times = { pts90k: time, dts90k: time, clock90k: add90k(time, -45_000) }
      if (picture <= sound) {
        const isKey = this.#pictures % gopPictures(this.#house) === 0
        parts.push(
          this.#pes({
            pid: 0x100,
            kind: 'video',
            streamType: 0x1b,
            isRandomAccess: isKey,
            bytes: pictureOf(name, isKey),
            ...times,
          }),
        )
        this.#pictures += 1
      } else {
        if (at < muteFromMs * 90)
          parts.push(
            this.#pes({
              pid: 0x101,
              kind: 'audio',
              streamType: 0x0f,
              isRandomAccess: true,
              bytes: soundOf(name),
              ...times,
              clock90k: null,
            }),
          )
        this.#frames += 1
      }
    }
    return Uint8Array.from(parts.flatMap((part) => [...part]))
  }

  #section(pid: number, section: Uint8Array): Uint8Array {
    return packetize(section, pid, this.#count(pid, 1))
  }

  #pes(content: Parameters<typeof packPes>[0]): Uint8Array {
    const packets = packPes(content, this.#counters.get(content.pid) ?? 0)
    this.#count(content.pid, packets.length / 188)
    return packets
  }

  #count(pid: number, packets: number): number {
    const first = this.#counters.get(pid) ?? 0
    this.#counters.set(pid, (first + packets) & 15)
    return first
  }
}
