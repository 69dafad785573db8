import { diff90k } from './timestamps.ts'

/** Jitter is told of whole stretches of this length, milliseconds. */
const STRETCH_MS = 5000
/** A clock further off than this is another one: 5 s. */
const OTHER_MS = 5000

/** How unsteadily an upstream arrives: the spread of its clock (PCR) against ours, over the last five seconds. */
export class ClockJitter {
  #base: { readonly pcr: number; readonly atMs: number } | null = null
  #least = 0
  #most = 0
  #told: number | null = null

  /** Milliseconds between the earliest and the latest arrival of the last whole stretch; null: none yet. */
  get spreadMs(): number | null {
    return this.#told
  }

  /** A clock of the upstream has come. */
  see(pcr: number, atMs: number): void {
    const base = this.#base
    if (base === null) {
      this.#begin(pcr, atMs)
      return
    }
    const off = atMs - base.atMs - diff90k(pcr, base.pcr) / 90
    if (Math.abs(off) > OTHER_MS) {
      this.#begin(pcr, atMs)
      return
    }
    this.#least = Math.min(this.#least, off)
    this.#most = Math.max(this.#most, off)
    if (atMs - base.atMs < STRETCH_MS) return
    this.#told = Math.round(this.#most - this.#least)
    this.#begin(pcr, atMs)
  }

  /** Another upstream begins. */
  reset(): void {
    this.#base = null
    this.#told = null
  }

  #begin(pcr: number, atMs: number): void {
    this.#base = { pcr, atMs }
    this.#least = this.#most = 0
  }
}
