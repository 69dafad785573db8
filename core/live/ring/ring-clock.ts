import { diff90k } from '../timestamps.ts'

/** So long the media has to be behind the wall before it counts: a stall that is caught up again is over by then. */
const WATCH_90K = 30 * 90_000
/** Dates nearer to the truth than this stay as they are, milliseconds. */
const GOOD_MS = 500

/**
 * Ring time: stamps modulo 2³³ as 90 kHz ticks from the ring's first picture, without a jump where a stream breaks off.
 *
 * Starts with the first stamp, and again behind everything with the first one after a `restart`.
 */
export class RingClock {
  readonly #now: () => number
  /** The newest stamp and its ring time; null: the next stamp starts the clock. */
  #newest: { readonly stamp: number; readonly time: number } | null = null
  #end90k = 0
  /** The wall clock at ring time 0; null: not known since the last break. */
  #dateBase: number | null = null
  /** How far the wall was ahead of the dates lately, milliseconds. */
  #lags: { readonly time90k: number; readonly ms: number }[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  /** Ring time up to which pieces go. */
  get end90k(): number {
    return this.#end90k
  }

  /** Pieces go up to here now. */
  reach(end90k: number): void {
    this.#end90k = end90k
  }

  /** A stamp has come since the last break. */
  get isRunning(): boolean {
    return this.#newest !== null
  }

  /** Ring time of a stamp that has come; the clock goes on to it. */
  time(stamp: number): number {
    this.#newest ??= { stamp, time: this.#end90k }
    const time = this.#newest.time + diff90k(stamp, this.#newest.stamp)
    if (time > this.#newest.time) this.#newest = { stamp, time }
    return time
  }

  /** Ring time of a stamp by the clock as it stands; null while there is none. */
  place(stamp: number): number | null {
    return this.#newest === null ? null : this.#newest.time + diff90k(stamp, this.#newest.stamp)
  }

  /**
   * Wall clock of a ring time, epoch milliseconds: the first one after a break is now, the others count on by media time.
   * Where holes of the broadcast were bridged, media time falls behind: the dates follow then, in one step forward.
   */
  dateMs(time90k: number): number {
    this.#dateBase ??= this.#now() - time90k / 90
    this.#lags.push({ time90k, ms: this.#now() - this.#dateBase - time90k / 90 })
    const oldest = this.#lags[0]?.time90k ?? time90k
    if (time90k - oldest >= WATCH_90K) {
      const lag = Math.min(...this.#lags.map(({ ms }) => ms))
      if (lag > GOOD_MS) {
        this.#dateBase += lag
        this.#lags = []
      } else this.#lags.shift()
    }
    return this.#dateBase + time90k / 90
  }

  /** The next stamp has nothing to do with those before. */
  restart(): void {
    this.#newest = null
    // The clock on the wall went on while ours stood.
    this.#dateBase = null
    this.#lags = []
  }
}
