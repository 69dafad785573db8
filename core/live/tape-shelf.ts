import type { Log, LogFacts } from '../log.ts'
import { Tape } from './tape.ts'
import type { TapeStore } from './tape.ts'
import { HOUSE_NOTICES } from '../notices/house.ts'
import { notice } from '../notices/notice.ts'
import type { Notice } from '../notices/notice.ts'

/** How long the owner is told that a tape was given up. */
const NOTICE_MS = 3_600_000

/** What a shelf needs. */
export type TapeShelfOptions = {
  readonly store: TapeStore
  /** All tapes together take no more of the disk than this. */
  readonly maxBytes: number
  readonly log: Log
  readonly now: () => number
}

/** What a tape is for: its name on disk, and the channel as its owner knows it. */
export type TapeLabel = { readonly name: string; readonly channelName: string; readonly facts: LogFacts }

/**
 * All tapes of a house and the room that they share.
 *
 * Where there is too little, the oldest reel of all goes first; when each tape is down to the reel that is being written,
 * the newest tape is given up.
 */
export class TapeShelf {
  readonly #options: TapeShelfOptions
  readonly #tapes = new Map<Tape, TapeLabel>()
  /** What the disk leaves, last time we looked. */
  #budget: number
  #lastId = 0
  #notice: { readonly told: Notice; readonly at: number } | null = null

  constructor(options: TapeShelfOptions) {
    this.#options = options
    this.#budget = options.maxBytes
  }

  /** What all tapes take of the disk. */
  get held(): number {
    return [...this.#tapes.keys()].reduce((sum, tape) => sum + tape.held, 0)
  }

  /** A new, empty tape. */
  open(label: TapeLabel): Tape {
    const { store } = this.#options
    this.#lastId += 1
    const tape: Tape = new Tape({
      file: store.open(`${this.#lastId}-${label.name}`),
      reelBytes: store.reelBytes,
      onReel: () => void this.#look(),
      onLost: (reason) => this.#lost(tape, reason),
    })
    this.#tapes.set(tape, label)
    return tape
  }

  /** Deletes a tape. */
  close(tape: Tape): Promise<void> {
    this.#tapes.delete(tape)
    return tape.close()
  }

  /** Deletes all tapes. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#tapes.keys()].map((tape) => this.close(tape)))
  }

  /** What the owner should know, for an hour. */
  notices(): readonly Notice[] {
    const last = this.#notice
    return last === null || this.#options.now() - last.at > NOTICE_MS ? [] : [last.told]
  }

  /** Sees how much room the disk has, and makes some where there is too little. */
  async #look(): Promise<void> {
    this.#settle()
    // A disk that cannot be asked will say so when it is written to.
    const room = await this.#options.store.room().catch(() => Infinity)
    this.#budget = Math.min(this.#options.maxBytes, this.held + room)
    this.#settle()
  }

  #settle(): void {
    while (this.held > this.#budget) {
      const [oldest] = [...this.#tapes.keys()].toSorted((a, b) => a.oldestAt - b.oldestAt)
      if (oldest === undefined) return
      if (oldest.oldestAt < Infinity) oldest.giveBack()
      else [...this.#tapes.keys()].at(-1)?.lose('there is too little room on the disk')
    }
  }

  #lost(tape: Tape, reason: string): void {
    const label = this.#tapes.get(tape)
    this.#tapes.delete(tape)
    if (label === undefined) return
    this.#options.log('warn', 'time-shift-lost', { ...label.facts, reason })
    const facts = { channel: label.channelName, detail: reason }
    this.#notice = { told: notice(HOUSE_NOTICES, 'time-shift/given-up', facts), at: this.#options.now() }
  }
}
