import type { HouseFormat } from '../house-format.ts'
import type { Entry, Feed, Picture } from './feed.ts'
import { houseGrid } from './house-grid.ts'
import type { HouseGrid } from './house-grid.ts'

/** A feed that is over so shortly before the next one is not worth a slate: the last picture stands. 0.5 s, 90 kHz. */
const HOLD_90K = 45_000

/** Where a joiner puts what it joined, in the order of decoding. */
export interface JoinerSink {
  picture(picture: Picture): void
  sound(track: number, at: number, bytes: Uint8Array): void
}

/**
 * Joins feeds to one line without a seam: every place of the grid of sound is filled exactly once, with a silent frame where
 * a feed has none, and pictures follow each other in the order of decoding.
 *
 * `air` says what plays when; `run` sends all before a time, as far as it is there. A feed begins with the first picture at
 * or behind its entry, and ends where the next one is entered, in the middle of whatever it shows.
 */
export class Joiner {
  readonly #grid: HouseGrid
  readonly #sink: JoinerSink
  readonly #silence: () => Uint8Array | null
  #entries: readonly Entry[] = []
  #pictureAt: number
  #soundAt: number
  /** Whether nothing was sent yet. */
  isFresh = true

  /** `from`: where the line begins, on the grid. `silence`: a frame without sound, once there is one. */
  constructor(options: {
    readonly house: HouseFormat
    readonly from: number
    readonly sink: JoinerSink
    readonly silence: () => Uint8Array | null
  }) {
    this.#grid = houseGrid(options.house)
    this.#sink = options.sink
    this.#silence = options.silence
    this.#pictureAt = this.#soundAt = options.from
  }

  /** The next picture has this place or a later one. */
  get cursor(): number {
    return this.#pictureAt
  }

  /** Begins the line elsewhere; only while nothing was sent. */
  begin(from: number): void {
    if (this.isFresh) this.#pictureAt = this.#soundAt = from
  }

  /** Leaves out what lies before this time, on the grid: nothing could be had for it. */
  leap(to: number): void {
    this.#pictureAt = Math.max(this.#pictureAt, to)
    this.#soundAt = Math.max(this.#soundAt, to)
  }

  /** What plays from now on, in order of `from`; before the first of them nothing does. */
  air(entries: readonly Entry[]): void {
    this.#entries = entries
  }

  /** Sends what lies before `until`; false: something is not there yet. A line begins with a picture. */
  run(until: number): boolean {
    for (;;) {
      const picture = this.#nextPicture()
      const pictureAt = picture?.at ?? this.#pictureAt
      if (Math.min(pictureAt, this.#soundAt) >= until) return true
      if (this.#soundAt <= pictureAt && !this.isFresh) {
        if (!this.#sendSound()) return false
        continue
      }
      if (picture === null) return false
      this.#sink.picture(picture)
      this.#pictureAt = picture.at + this.#grid.picture
      this.isFresh = false
    }
  }

  #nextPicture(): Picture | null {
    for (;;) {
      const { feed, end } = this.#feedAt(this.#pictureAt)
      const picture = feed?.picture(this.#pictureAt) ?? null
      if (picture !== null && picture.at < end) return picture
      const isOver = picture !== null || (feed?.isOver === true && end - this.#pictureAt <= HOLD_90K)
      if (!isOver) return null
      this.#pictureAt = end
    }
  }

  #sendSound(): boolean {
    const at = this.#soundAt
    const found = this.#feedAt(at).feed?.sound(at) ?? null
    if (found === null) return false
    for (const [track, frame] of found.entries()) {
      const bytes = frame ?? this.#silence()
      if (bytes !== null) this.#sink.sound(track, at, bytes)
    }
    this.#soundAt = at + this.#grid.sound
    return true
  }

  /** What plays at a time, and until when. */
  #feedAt(at: number): { readonly feed: Feed | null; readonly end: number } {
    const next = this.#entries.findIndex(({ from }) => from > at)
    const end = this.#entries[next]?.from ?? Number.POSITIVE_INFINITY
    const current = next < 0 ? this.#entries.at(-1) : this.#entries[next - 1]
    return { feed: current?.feed ?? null, end }
  }
}
