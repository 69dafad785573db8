import type { TsChunk } from './ts-chunk.ts'
import { diff90k } from './timestamps.ts'

/** More is never held back: 30 s of 20 Mbit/s. */
const MAX_BYTES = 80 * 1024 * 1024
/** A step of the stream's clock beyond this, or back, begins a new reckoning: 5 s, 90 kHz. */
const NEW_CLOCK_90K = 5 * 90_000
/** Later than this the viewers have seen the stall: while they wait anyway, the distance is made anew. */
const LATE_MS = 1000
/** A source's clock that runs faster than ours is followed by this much a second: 0.1 %, milliseconds. */
const FOLLOW_MS = 1

/**
 * Holds a channel back by a fixed time and hands it out by its own clock, so that a source which stalls for less than that,
 * or sends in bursts, looks steady. With a delay of 0 everything passes at once.
 *
 * The distance is made at the start: a source that begins with a burst fills it at once, another one while the viewer waits.
 */
export class JitterBuffer {
  readonly #delayMs: number
  readonly #out: (chunk: TsChunk) => void
  #held: TsChunk[] = []
  #bytes = 0
  /** The stream's clock and the instant at which it is handed out. */
  #anchor: { clock90k: number; atMs: number } | null = null
  #followedAt = 0

  constructor(delayMs: number, out: (chunk: TsChunk) => void) {
    this.#delayMs = delayMs
    this.#out = out
  }

  /** Milliseconds of the stream that are held back now. */
  get heldMs(): number {
    const first = this.#held[0]?.clock90k ?? null
    const last = this.#held.at(-1)?.clock90k ?? null
    return first === null || last === null ? 0 : Math.max(0, diff90k(last, first) / 90)
  }

  /** Takes a chunk, and hands out what is due. */
  push(chunk: TsChunk, nowMs: number): void {
    if (this.#delayMs === 0) {
      this.#out(chunk)
      return
    }
    this.#reckon(chunk, nowMs)
    this.#held.push(chunk)
    this.#bytes += chunk.bytes.length
    this.flush(nowMs)
  }

  /** Hands out what is due. */
  flush(nowMs: number): void {
    for (let first = this.#held[0]; first !== undefined; first = this.#held[0]) {
      if (this.#bytes <= MAX_BYTES && this.#dueAt(first) > nowMs) return
      this.#held.shift()
      this.#bytes -= first.bytes.length
      // When it is handed out is when it happens, for all who come behind.
      this.#out({ ...first, atMs: nowMs })
    }
  }

  /** Hands out everything, due or not: nothing more will come. */
  drain(nowMs: number): void {
    const held = this.#held
    this.#held = []
    this.#bytes = 0
    this.#anchor = null
    for (const chunk of held) this.#out({ ...chunk, atMs: nowMs })
  }

  /** When a chunk is handed out; one without a clock goes with the one before it. */
  #dueAt({ clock90k }: TsChunk): number {
    if (clock90k === null || this.#anchor === null) return 0
    return this.#anchor.atMs + diff90k(clock90k, this.#anchor.clock90k) / 90
  }

  #reckon(chunk: TsChunk, nowMs: number): void {
    const { clock90k } = chunk
    if (clock90k === null) return
    const newest = this.#held.findLast((held) => held.clock90k !== null)?.clock90k ?? this.#anchor?.clock90k ?? clock90k
    const step = diff90k(clock90k, newest)
    if (this.#anchor === null || (this.#held.length === 0 && (step < 0 || step > NEW_CLOCK_90K))) {
      this.#begin(clock90k, nowMs)
      return
    }
    const earlyMs = this.#dueAt(chunk) - nowMs
    if (earlyMs < -LATE_MS && this.#held.length === 0) this.#begin(clock90k, nowMs)
    // A clock that runs fast would fill the buffer for ever; bursts are no reason to hurry.
    if (earlyMs <= this.#delayMs || nowMs - this.#followedAt < 1000) return
    this.#followedAt = nowMs
    this.#anchor = { ...this.#anchor, atMs: this.#anchor.atMs - FOLLOW_MS }
  }

  #begin(clock90k: number, nowMs: number): void {
    this.#anchor = { clock90k, atMs: nowMs + this.#delayMs }
    this.#followedAt = nowMs
  }
}
