/** How many of something there are now, how many there were, and how many of these failed. */
export type TallyReading = { readonly running: number; readonly started: number; readonly failed: number }

/** Counts what comes and goes. */
export class Tally {
  #running = 0
  #started = 0
  #failed = 0

  /** One has begun; gives the function that says that it is over, which counts once. */
  begin(): () => void {
    this.#running += 1
    this.#started += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#running -= 1
    }
  }

  /** One of them ended as it should not. */
  fail(): void {
    this.#failed += 1
  }

  read(): TallyReading {
    return { running: this.#running, started: this.#started, failed: this.#failed }
  }
}
