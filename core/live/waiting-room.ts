import type { Failure } from '../errors.ts'
import type { Seat, ViewerInfo } from './hub.ts'

type Entry = { readonly info: ViewerInfo | null; readonly settle: (failure: Failure | null) => void }

/** Those who have asked for a channel and wait for its first picture; all get their seats, or the same failure, together. */
export class WaitingRoom {
  readonly #entries = new Set<Entry>()
  readonly #left: () => void

  /** `left` is told when somebody has gone, or could not take a seat. */
  constructor(left: () => void) {
    this.#left = left
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  /** Who waits, as far as it is known. */
  infos(): readonly ViewerInfo[] {
    return [...this.#entries].flatMap(({ info }) => info ?? [])
  }

  /** Waits; `sit` is called at the very moment of settling, and not a microtask later: the relay may close in between. */
  enter(info: ViewerInfo | null, signal: AbortSignal, sit: () => Seat): Promise<Seat> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        this.#entries.delete(entry)
        reject(signal.reason)
        this.#left()
      }
      const settle = (failure: Failure | null): void => {
        this.#entries.delete(entry)
        signal.removeEventListener('abort', gone)
        try {
          if (failure !== null) throw failure
          resolve(sit())
        } catch (error) {
          reject(error)
          this.#left()
        }
      }
      const entry: Entry = { info, settle }
      if (signal.aborted) gone()
      else {
        this.#entries.add(entry)
        signal.addEventListener('abort', gone, { once: true })
      }
    })
  }

  /** Seats everybody (null), or tells everybody the failure. */
  settleAll(failure: Failure | null): void {
    for (const { settle } of this.#entries) settle(failure)
  }
}
