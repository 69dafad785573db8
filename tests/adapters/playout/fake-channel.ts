import { createEncoderSeats } from '../../../adapters/playout/encoder-seats.ts'
import { createPlayout } from '../../../adapters/playout/create-playout.ts'
import type { LiveChannels, PlayoutOptions } from '../../../adapters/playout/ports.ts'
import type { VideoEncoder } from '../../../adapters/ffmpeg/video-encoder.ts'
import type { Failure } from '../../../core/errors.ts'
import { DEFAULT_HOUSE, gopPictures } from '../../../core/linear/house-format.ts'
import type { ShelvedFile } from '../../../core/linear/line.ts'
import type { PlanItem } from '../../../core/linear/plan-item.ts'
import type { Upstream } from '../../../core/live/upstream.ts'
import type { LogFacts } from '../../../core/log.ts'
import { VirtualTime } from '../../fakes/virtual-time.ts'
import { FakeEncoders, pictureOf, soundOf } from './fake-encoders.ts'
import { played } from './played.ts'

const FACTS: ShelvedFile['facts'] = {
  durationMs: 7_200_000,
  container: 'matroska,webm',
  video: null,
  audio: [],
  subtitles: [],
  chaptersMs: [],
}

/** A programme of the plan; `ms` is how long it lasts. */
export type Planned = {
  readonly media?: string
  readonly ms: number
  readonly kind?: PlanItem['kind']
  readonly inMs?: number
  readonly channel?: string
  readonly text?: string
}

/** Puts programmes one after the other. */
export function planOf(start: number, list: readonly Planned[]): PlanItem[] {
  let at = start
  return list.map(({ media = null, ms, kind = 'programme', inMs = 0, channel = null, text = null }) => {
    const item: PlanItem = {
      id: `${media ?? kind}-${at}`,
      start: at,
      stop: (at += ms),
      kind,
      media,
      inMs,
      channel,
      text,
      guide: { group: String(at), isShown: true, title: `Title of ${media ?? kind}`, subtitle: null },
    }
    return item
  })
}

/** A channel whose encoders, clock and plan are the test's own. */
export class FakeChannel {
  readonly time = new VirtualTime()
  readonly house = DEFAULT_HOUSE
  readonly encoders = new FakeEncoders(this.house, this.time)
  readonly events: { readonly event: string; readonly facts: LogFacts }[] = []
  readonly missing = new Set<string>()
  /** Encoders of the machine, best first; those that failed are left out. */
  machine: VideoEncoder[] = [{ kind: 'software' }]
  items: readonly PlanItem[]
  failure: Failure | null = null
  /** How far the clock of the wall is from the steady one, milliseconds. */
  wallOffMs = 0
  seats: number | null = null
  hasSlates = true
  live: LiveChannels = { join: async () => Promise.reject(new Error('no such channel')) }
  readonly #listeners = new Set<() => void>()
  readonly #chunks: Uint8Array[] = []
  readonly #sentAt: number[] = []
  #upstream: Upstream | null = null

  constructor(list: readonly Planned[], startedBefore = 0) {
    this.items = planOf(this.time.now() - startedBefore, list)
  }

  readonly options = (): PlayoutOptions => ({
    channel: { id: 'c1', name: 'Films' },
    line: {
      items: (from, to) => this.items.filter(({ start, stop }) => stop > from && start < to),
      onChange: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
    },
    shelf: {
      file: (media) => (this.missing.has(media) ? null : { path: `/films/${media}`, facts: FACTS, loudness: null }),
    },
    house: this.house,
    languages: [null],
    itemArgs: this.encoders.args,
    startProcess: this.encoders.start,
    encoders: {
      current: () => this.machine[0] ?? null,
      failed: () => {
        if (this.machine.length > 1) this.machine.shift()
      },
      worked: () => {},
    },
    seats: createEncoderSeats(() => this.seats),
    makeSlate: async ({ headline, text }) => {
      if (!this.hasSlates) return null
      const name = `slate ${headline}${text === null ? '' : ` ${text}`}`
      const pictures = Array.from({ length: gopPictures(this.house) }, (_, index) => {
        const isKey = index === 0
        return { isKey, bytes: pictureOf(name, isKey) }
      })
      return { pictures, sound: [Array.from({ length: 90 }, () => soundOf('silence'))] }
    },
    live: this.live,
    log: (_level, event, facts = {}) => void this.events.push({ event, facts }),
    now: () => this.time.now() + this.wallOffMs,
    steady: this.time.now,
    timers: this.time.timers,
  })

  /** Opens the channel and lets time pass. */
  async play(ms: number): Promise<void> {
    const sink = {
      data: (bytes: Uint8Array) => {
        this.#chunks.push(bytes)
        this.#sentAt.push(this.time.now())
      },
      end: (failure: Failure) => (this.failure = failure),
    }
    const opening = createPlayout(this.options()).open(sink, new AbortController().signal)
    opening.then(
      (upstream) => (this.#upstream = upstream),
      (error: Failure) => (this.failure = error),
    )
    await this.time.advance(ms)
  }

  /** Changes the plan while it plays. */
  change(items: readonly PlanItem[]): void {
    this.items = items
    for (const listener of this.#listeners) listener()
  }

  close(): void {
    this.#upstream?.close()
  }

  /** What viewers got so far. */
  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks))
  }

  /** When a picture of this name was first sent, epoch milliseconds; null: never. */
  sentAt(name: string): number | null {
    const index = this.#chunks.findIndex((chunk) => new TextDecoder('latin1').decode(chunk).includes(name))
    return this.#sentAt[index] ?? null
  }

  get shown(): ReturnType<typeof played> {
    return played(this.bytes)
  }

  /** Instant of the plan at which a picture is shown, epoch milliseconds (as long as the clock was not set). */
  instantOf(pts90k: number): number {
    const now = Math.round(this.time.now() * 90)
    const near = (now - pts90k) / 2 ** 33
    return (Math.round(near) * 2 ** 33 + pts90k) / 90
  }
}
