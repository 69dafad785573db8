import { Failure } from '../../core/errors.ts'
import type { Timers } from '../../core/live/timers.ts'

/** A request that cannot be answered yet is held this long, milliseconds (`hls-ffmpeg.md` §8). */
export const HOLD_MS = 10_000

/** How long a request waits, and for what. */
export type Wait<T> = {
  /** The request itself: whoever goes away waits no longer. */
  readonly signal: AbortSignal
  /** What is waited for; null: not yet. What it throws is the answer. */
  readonly ready: () => T | null
  /** Default: `HOLD_MS`. */
  readonly ms?: number
}

/** What holding needs. `over` aborts with the failure that all who wait then get. */
export type HoldOptions = {
  readonly over: AbortSignal
  readonly timers: Timers
  /** Who waits, for messages. */
  readonly name: string
  /** Somebody stopped waiting; `hasGone`: because the player went away. */
  readonly left: (hasGone: boolean) => void
}

/** Requests that wait until a session is so far. `tell` makes them all look again. */
export class HlsHold {
  readonly #options: HoldOptions
  readonly #looks = new Set<() => void>()
  #waiting = 0

  constructor(options: HoldOptions) {
    this.#options = options
  }

  /** How many requests wait. */
  get size(): number {
    return this.#waiting
  }

  /** Something has changed. */
  tell(): void {
    for (const look of this.#looks) look()
  }

  /** Resolves with what `ready` gives; fails with the session's end, or with `hls/not-ready` after `ms`. */
  async until<T>({ signal, ready, ms = HOLD_MS }: Wait<T>): Promise<T> {
    const now = ready()
    if (now !== null) return now
    const { over, timers, name } = this.#options
    return this.during(
      signal,
      new Promise<T>((resolve, reject) => {
        const look = (): void => {
          try {
            const found = ready()
            if (found !== null) finish(() => resolve(found))
            else if (signal.aborted) finish(() => reject(signal.reason as Error))
            else if (over.aborted) finish(() => reject(over.reason as Error))
          } catch (error) {
            finish(() => reject(error as Error))
          }
        }
        const finish = (settle: () => void): void => {
          timers.clear(timer)
          this.#looks.delete(look)
          signal.removeEventListener('abort', look)
          settle()
        }
        const timer = timers.set(
          () => finish(() => reject(new Failure('hls/not-ready', `"${name}" is not that far yet`))),
          ms,
        )
        this.#looks.add(look)
        signal.addEventListener('abort', look, { once: true })
        look()
      }),
    )
  }

  /** Counts a request as waiting while this lasts. */
  async during<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
    this.#waiting += 1
    try {
      return await result
    } finally {
      this.#waiting -= 1
      this.#options.left(signal.aborted)
    }
  }

  /** The result, or the request's own end if that comes first. */
  async orGone<T>(signal: AbortSignal, result: Promise<T>): Promise<T> {
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason as Error)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await this.during(signal, Promise.race([result, gone.promise]))
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
}
