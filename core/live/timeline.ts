import { add90k, diff90k } from './timestamps.ts'

/** A step of the clock beyond this, or any step back, is a new clock: 1 s, 90 kHz. PCR comes at least every 100 ms. */
export const CLOCK_STEP_90K = 90_000
/** After a reconnect the clock counts as the same if it is no further off than this: 30 s, 90 kHz. */
const SAME_CLOCK_90K = 30 * 90_000
/** What lies at most between them: 0.5 s, 90 kHz. Viewers have waited already; a longer gap would be one more pause. */
const LONGEST_GAP_90K = 45_000
/** What lies at least between the last time of one clock and the first one of the next: 40 ms, 90 kHz. */
const LEAST_STEP_90K = 3600

/**
 * Places the clocks (PCR) of one upstream after another on one time line modulo 2³³.
 *
 * The same broadcast after a reconnect keeps its times. A clock that goes elsewhere, or that has run on for more than 1 s in
 * silence, is moved behind the last time that was sent; the gap is as long as the silence was, 0.5 s at most.
 */
export class TimeLine {
  /** What is added to the upstream's times. */
  delta = 0
  /** The upstream's clock has been seen. */
  isKnown = false
  /** The clock was moved, and nothing has been sent since: it may still be moved on. */
  isFresh = false
  #isJoining = false
  #isOther = false
  #lastIn: number | null = null
  #lastOut: number | null = null
  #outAt = 0

  /** The last clock that was sent; null: none yet. */
  get lastOut(): number | null {
    return this.#lastOut
  }

  /** The upstream's last clock on our time line; null: none yet. */
  get current(): number | null {
    return this.#lastIn === null ? null : add90k(this.#lastIn, this.delta)
  }

  /** Another upstream begins. `isOther`: with a clock of its own, however near it lies to the one before. */
  nextUpstream(isOther: boolean): void {
    this.isKnown = false
    this.#isOther = isOther
    this.#isJoining = this.#lastOut !== null
    this.#lastIn = null
  }

  /** Takes a clock of the upstream; true: the times of all that comes now were moved. */
  see(pcr: number, now: number): boolean {
    let isMoved = false
    if (!this.isKnown) {
      this.isKnown = true
      isMoved = this.#isJoining && (this.#isOther || this.#isForeign(pcr, now) || this.#isBeyond(pcr))
    } else if (this.#lastIn !== null) {
      const step = diff90k(pcr, this.#lastIn)
      isMoved = step < 0 || step > CLOCK_STEP_90K
    }
    this.#lastIn = pcr
    if (isMoved) this.move(now)
    return isMoved
  }

  #isForeign(pcr: number, now: number): boolean {
    const expected = add90k(this.#lastOut ?? 0, Math.max(0, now - this.#outAt) * 90)
    return Math.abs(diff90k(add90k(pcr, this.delta), expected)) > SAME_CLOCK_90K
  }

  /** Whether this clock lies more than a step behind the last time that was sent. */
  #isBeyond(pcr: number): boolean {
    return this.#lastOut !== null && diff90k(add90k(pcr, this.delta), this.#lastOut) > CLOCK_STEP_90K
  }

  /** Puts the upstream's clock behind the last time that was sent. */
  move(now: number): void {
    if (this.#lastOut === null || this.#lastIn === null) return
    const gap = Math.min(Math.max(Math.round((now - this.#outAt) * 90), LEAST_STEP_90K), LONGEST_GAP_90K)
    this.delta = diff90k(add90k(this.#lastOut, gap), this.#lastIn)
    this.isFresh = true
  }

  /** Moves a fresh clock further on. */
  shift(ticks: number): void {
    this.delta = diff90k(add90k(this.delta, ticks), 0)
  }

  /** Whether the upstream's clock has run on by more than 1 s since the last one that was sent. */
  hasGap(): boolean {
    const { current } = this
    return current !== null && this.#lastOut !== null && diff90k(current, this.#lastOut) > CLOCK_STEP_90K
  }

  /** Whether this clock of the upstream is later than the last one that was sent. */
  isAhead(pcr: number): boolean {
    return this.#lastOut === null || diff90k(add90k(pcr, this.delta), this.#lastOut) > 0
  }

  /** The clock as it is sent. It never stands or goes back, even where an upstream repeats itself. */
  stamp(pcr: number, now: number): number {
    let base = add90k(pcr, this.delta)
    if (this.#lastOut !== null && diff90k(base, this.#lastOut) <= 0) base = add90k(this.#lastOut, 1)
    this.#lastOut = base
    this.#outAt = now
    return base
  }
}
