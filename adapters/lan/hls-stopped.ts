/** Who was stopped by an admin is told so for this long, milliseconds: a player that is refused so does not start anew. */
const STAYS_STOPPED_MS = 40_000
/** So many are remembered; the oldest go first. */
const MAX_STOPPED = 1000

/** What was stopped a short while ago, by any name: a session, a viewer, a caller of a channel. */
export class RecentlyStopped {
  readonly #now: () => number
  readonly #since = new Map<string, number>()

  constructor(now: () => number) {
    this.#now = now
  }

  add(name: string): void {
    this.#since.delete(name)
    this.#since.set(name, this.#now())
    for (const [oldest, since] of this.#since) {
      if (this.#since.size <= MAX_STOPPED && since > this.#now() - STAYS_STOPPED_MS) break
      this.#since.delete(oldest)
    }
  }

  has(name: string): boolean {
    const since = this.#since.get(name)
    return since !== undefined && since > this.#now() - STAYS_STOPPED_MS
  }
}
