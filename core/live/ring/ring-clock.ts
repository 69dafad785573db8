import { diff90k } from '../timestamps.ts'

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

  /** Wall clock of a ring time, epoch milliseconds: the first one after a break is now, the others count on by media time. */
  dateMs(time90k: number): number {
    this.#dateBase ??= this.#now() - time90k / 90
    return this.#dateBase + time90k / 90
  }

  /** The next stamp has nothing to do with those before. */
  restart(): void {
    this.#newest = null
    // The clock on the wall went on while ours stood.
    this.#dateBase = null
  }
}
