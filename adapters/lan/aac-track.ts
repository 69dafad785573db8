import type { Span } from '../../core/live/ring/piece.ts'
import type { PesUnit } from '../../core/live/pes-unit.ts'
import type { ElementaryStream } from '../../core/live/program.ts'
import { PACKET_SIZE, hasPayload, writeContinuity } from '../../core/live/packet.ts'
import { diff90k } from '../../core/live/timestamps.ts'
import { createAudioSidecar } from '../ffmpeg/audio-sidecar.ts'
import type { SidecarOptions } from '../ffmpeg/audio-sidecar.ts'

/** A stretch whose AAC is later than this goes on without it. */
const LATE_MS = 3000

/** One sound track as AAC, by stretches of a ring. */
export interface AacTrack extends AsyncDisposable {
  readonly stream: ElementaryStream
  /** Epoch milliseconds of the last time that somebody wanted it. */
  usedAt: number
  push(unit: PesUnit): void
  flush(): void
  /** AAC units of a span, in order. */
  unitsOf(span: Span): readonly PesUnit[]
  /** PTS of the first unit behind a span; null: it has not come. */
  nextAfter(span: Span): number | null
  /** All AAC of the span has come, or is so late that it is not waited for, or nothing more will come. */
  has(span: Span): boolean
  /** Forgets what is older than this span. */
  forgetBefore(span: Span): void
}

const place = (unit: PesUnit, span: Span): number => diff90k(unit.pts90k, span.startPts90k)

/** Starts a sidecar for the track; `changed` is told of new units. What it has made stays after its disposal. */
export function createAacTrack(options: Omit<SidecarOptions, 'unit'> & { readonly changed: () => void }): AacTrack {
  const { now } = options
  let units: PesUnit[] = []
  let counter = 15
  let isOver = false
  const startedAt = now()
  const sidecar = createAudioSidecar({
    ...options,
    unit(unit) {
      if (isOver) return
      // Counters run on over restarts of the process.
      for (let offset = 0; offset < unit.bytes.length; offset += PACKET_SIZE) {
        if (hasPayload(unit.bytes, offset)) counter = (counter + 1) & 0x0f
        writeContinuity(unit.bytes, offset, counter)
      }
      units.push(unit)
      options.changed()
    },
  })
  return {
    stream: options.stream,
    usedAt: now(),
    push: (unit) => sidecar.push(unit),
    flush: () => sidecar.flush(),
    unitsOf: (span) => units.filter((unit) => place(unit, span) >= 0 && place(unit, span) < span.duration90k),
    nextAfter: (span) => units.find((unit) => place(unit, span) >= span.duration90k)?.pts90k ?? null,
    has(span) {
      const last = units.at(-1)
      if (isOver || (last !== undefined && place(last, span) >= span.duration90k)) return true
      return now() - Math.max(span.listedAtMs, startedAt) > LATE_MS
    },
    forgetBefore(span) {
      const first = units.findIndex((unit) => place(unit, span) >= 0)
      if (first > 0) units = units.slice(first)
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      await sidecar[Symbol.asyncDispose]()
    },
  }
}
