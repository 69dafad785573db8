import type { Timers } from '../core/live/timers.ts'
import type { Change } from './gateway.ts'

/** What happens within this time is told together, the latest of each thing. */
const GATHER_MS = 200
/** After so long without a change there is something to say all the same, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000

/** Changes by what they are about, in the order in which they came. */
export type Changes = ReadonlyMap<string, Change>

/** What has happened and was not told yet; never more than one entry a thing. */
export class Pending {
  readonly #timers: Timers
  #changes = new Map<string, Change>()
  #isOver = false
  #wake: (() => void) | null = null

  constructor(timers: Timers) {
    this.#timers = timers
  }

  add(change: Change): void {
    this.#changes.set(keyOf(change), change)
    this.#wake?.()
  }

  end(): void {
    this.#isOver = true
    this.#wake?.()
  }

  /** Waits for something to happen, and a moment for what comes with it; empty: it is time for a heartbeat; null: over. */
  async take(): Promise<Changes | null> {
    if (!this.#has()) await this.#wait(HEARTBEAT_MS)
    if (this.#has()) await this.#sleep(GATHER_MS)
    if (this.#isOver) return null
    const changes = this.#changes
    this.#changes = new Map()
    return changes
  }

  #has(): boolean {
    return this.#changes.size > 0 || this.#isOver
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#timers.clear(timer)
        this.#wake = null
        resolve()
      }
      const timer = this.#timers.set(done, ms)
      this.#wake = done
    })
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#timers.set(resolve, ms))
  }
}

function keyOf(change: Change): string {
  switch (change.kind) {
    case 'lineup':
      return 'lineup'
    case 'stream':
      return `stream ${change.channelId}`
    case 'play':
      return `play ${change.playId}`
    case 'source':
      return `source ${change.sourceId}`
    case 'schedule':
      return `schedule ${change.schedule}`
    case 'media':
      return `media ${change.library}`
    case 'alert':
      return `alert ${change.alertId}`
    case 'figures':
      return 'figures'
    case 'job':
      return `job ${change.jobId}`
    case 'log':
      return 'log'
    default:
      return change satisfies never
  }
}
