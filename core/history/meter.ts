import type { FilePlay } from '../live/file-play.ts'
import type { StreamStatus } from '../live/hub.ts'

/** What runs, as a meter reads it. */
export type Running = { readonly streams: readonly StreamStatus[]; readonly plays: readonly FilePlay[] }

/** One stream within live figures. */
export type StreamFigures = {
  /** Of the channel, or of the play of a file. */
  readonly id: string
  readonly inKbps: number
  readonly outKbps: number
  readonly viewers: number
  /** Lost packets since it was opened. */
  readonly errors: number
}

/** What flows through the house now, over the time since the last reading. */
export type Flow = {
  readonly inKbps: number
  readonly outKbps: number
  readonly viewers: number
  readonly errorsPerMinute: number
  /** The busiest ones first. */
  readonly streams: readonly StreamFigures[]
}

/** So many streams have figures of their own; the others are in the sums. */
const MOST_STREAMS = 50

type Counts = { readonly bytesIn: number; readonly bytesOut: number; readonly errors: number; readonly viewers: number }

/** Turns counters that only rise into rates; a stream that was not there before counts from zero. */
export class Meter {
  #last = new Map<string, Counts>()
  #at: number

  constructor(now: number) {
    this.#at = now
  }

  /** The rates since the last reading. */
  read({ streams, plays }: Running, now: number): Flow {
    const passedMs = Math.max(1, now - this.#at)
    this.#at = now
    const counts = new Map<string, readonly [id: string, counts: Counts]>([
      ...streams.map((one): [string, readonly [string, Counts]] => [
        `${one.channelId}@${one.startedAt}`,
        [one.channelId, { ...one, errors: one.continuityErrors, viewers: one.viewers.length }],
      ]),
      ...plays.map(({ id, viewer: { bytesOut } }): [string, readonly [string, Counts]] => [
        id,
        [id, { bytesIn: bytesOut, bytesOut, errors: 0, viewers: 1 }],
      ]),
    ])
    const figures = [...counts].map(([key, [id, now_]]) => {
      const before = this.#last.get(key) ?? NOTHING
      // Viewers of HLS take their count with them when they leave.
      const rise = (name: 'bytesIn' | 'bytesOut' | 'errors'): number => Math.max(0, now_[name] - before[name])
      return {
        id,
        inKbps: Math.round((rise('bytesIn') * 8) / passedMs),
        outKbps: Math.round((rise('bytesOut') * 8) / passedMs),
        viewers: now_.viewers,
        errors: now_.errors,
        newErrors: rise('errors'),
      }
    })
    this.#last = new Map([...counts].map(([key, [, now_]]) => [key, now_]))
    const total = (value: (one: (typeof figures)[number]) => number): number =>
      figures.reduce((sum, one) => sum + value(one), 0)
    return {
      inKbps: total(({ inKbps }) => inKbps),
      outKbps: total(({ outKbps }) => outKbps),
      viewers: total(({ viewers }) => viewers),
      errorsPerMinute: Math.round((total(({ newErrors }) => newErrors) * 60_000) / passedMs),
      streams: figures
        .toSorted((a, b) => b.outKbps - a.outKbps)
        .slice(0, MOST_STREAMS)
        .map(({ id, inKbps, outKbps, viewers, errors }) => ({ id, inKbps, outKbps, viewers, errors })),
    }
  }
}

const NOTHING: Counts = { bytesIn: 0, bytesOut: 0, errors: 0, viewers: 0 }
