/** A clock of the wall that is further off was set, or the machine slept: milliseconds. */
const JUMPED_MS = 2000
/** Otherwise the wall is followed by this part of the time that has passed: 0.1 %. */
const FOLLOW = 0.001

/** What a clock of a line reads. `steady`: milliseconds that never go back, from any beginning. */
export type LineClockPorts = { readonly now: () => number; readonly steady: () => number }

/**
 * The time of a channel's line, ticks of 90 kHz. It runs with a steady clock, so that the clock of the wall may be set without
 * a stutter, and it never goes back: where the plan has to jump, the line goes on and `shift` tells them apart.
 */
export class LineClock {
  readonly #ports: LineClockPorts
  readonly #quantum: number
  #wallAt: number
  #steadyAt: number
  /** Ticks from the time of the plan (since 1970) to the line: a multiple of the quantum. */
  shift = 0

  constructor(ports: LineClockPorts, quantum: number) {
    this.#ports = ports
    this.#quantum = quantum
    this.#wallAt = ports.now()
    this.#steadyAt = ports.steady()
  }

  /** Where the line is now. */
  get position(): number {
    return Math.round((this.#wallAt + this.#ports.steady() - this.#steadyAt) * 90) + this.shift
  }

  /** Follows the clock of the wall; gives by how much it was found to be elsewhere, milliseconds: 0 as a rule. */
  follow(): number {
    const steady = this.#ports.steady()
    const passed = steady - this.#steadyAt
    const wall = this.#wallAt + passed
    const off = this.#ports.now() - wall
    this.#steadyAt = steady
    if (Math.abs(off) < JUMPED_MS) {
      this.#wallAt = wall + Math.max(-FOLLOW * passed, Math.min(FOLLOW * passed, off))
      return 0
    }
    this.#wallAt = wall + off
    this.shift -= Math.round((off * 90) / this.#quantum) * this.#quantum
    return off
  }

  /** The plan goes on by so many ticks (rounded up to whole quanta) without the line. */
  skip(ticks: number): void {
    this.shift -= Math.ceil(ticks / this.#quantum) * this.#quantum
  }
}
