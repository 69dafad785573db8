import type { Timers } from '../timers.ts'

/** The pause that a search for a stream makes between two rounds; whoever comes may end it. */
export class SearchPause {
  readonly #timers: Timers
  readonly #signal: AbortSignal
  /** Ends the pause; null: there is none. */
  #wake: (() => void) | null = null

  /** `signal` ends every pause. */
  constructor(timers: Timers, signal: AbortSignal) {
    this.#timers = timers
    this.#signal = signal
  }

  /** Resolves after the time, or when the pause is ended; never rejects. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#timers.clear(timer)
        this.#signal.removeEventListener('abort', done)
        this.#wake = null
        resolve()
      }
      const timer = this.#timers.set(done, ms)
      this.#wake = done
      this.#signal.addEventListener('abort', done, { once: true })
    })
  }

  /** Goes on now. */
  end(): void {
    this.#wake?.()
  }
}
