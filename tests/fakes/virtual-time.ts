import { setImmediate } from 'node:timers/promises'
import type { Timers } from '../../core/live/timers.ts'

type Timer = { at: number; readonly every: number | null; readonly work: () => void }

/** A clock and its timers, both moved by the test alone. Starts at a time of day that is easy to recognize. */
export class VirtualTime {
  #now = Date.UTC(2026, 10, 21, 20, 15)
  #lastId = 0
  readonly #timers = new Map<number, Timer>()

  /** Epoch milliseconds. */
  readonly now = (): number => this.#now

  /** The port that a hub takes. */
  readonly timers: Timers = {
    set: (work, ms) => this.#add({ at: this.#now + ms, every: null, work }),
    clear: (timer) => void this.#timers.delete(timer as number),
    every: (work, ms) => this.#add({ at: this.#now + ms, every: ms, work }),
    clearEvery: (timer) => void this.#timers.delete(timer as number),
  }

  /** How many timers run: what a closed house must not leave behind. */
  get running(): number {
    return this.#timers.size
  }

  /** Moves the clock on; timers run in order, and promises settle every 100 ms of it. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    let settleAt = this.#now
    for (let due = this.#next(end); due !== null; due = this.#next(end)) {
      const [id, timer] = due
      if (timer.at >= settleAt) {
        await settle()
        settleAt = timer.at + 100
        if (!this.#timers.has(id)) continue
      }
      this.#now = Math.max(this.#now, timer.at)
      if (timer.every === null) this.#timers.delete(id)
      else timer.at += timer.every
      timer.work()
    }
    this.#now = end
    await settle()
  }

  /** The machine sleeps: the clock goes on, and what was due in the meantime happens once, afterwards. */
  suspend(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers.values()) timer.at = Math.max(timer.at, this.#now)
  }

  #add(timer: Timer): number {
    this.#lastId += 1
    this.#timers.set(this.#lastId, timer)
    return this.#lastId
  }

  #next(end: number): [number, Timer] | null {
    let found: [number, Timer] | null = null
    for (const entry of this.#timers) if (entry[1].at <= end && entry[1].at < (found?.[1].at ?? Infinity)) found = entry
    return found
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await setImmediate()
}
