import type { Access } from './clean-start.ts'
import { PACKET_SIZE } from './packet.ts'
import type { Program } from './program.ts'

/** A start is made of this much of the output at least, milliseconds, and at most, bytes: the halves at its edge are known then. */
const START_MS = 1000
const START_BYTES = 44_000 * PACKET_SIZE

/** A piece of the output that lies on disk as it was sent. */
export type ShiftStrip = {
  readonly position: number
  readonly length: number
  /** When its first byte was sent, epoch milliseconds. */
  readonly atMs: number
  /** Milliseconds of the stream's own clock from the first strip of all to the beginning and the end of this one. */
  readonly startsMs: number
  readonly endsMs: number
}

/** A place where a viewer may start. */
export type ShiftAccess = Access & {
  readonly atMs: number
  /** A picture; false: sound, where there is no picture. */
  readonly isVideo: boolean
  /** Counters of the last packets before it, in the order of `pidsOf`. */
  readonly counters: Uint8Array
}

/** What has to be read for a clean start. */
export type StartRegion = {
  readonly access: ShiftAccess
  readonly program: Program
  /** Position behind it. */
  readonly to: number
  /** Positions of the random access points in it, the first one included. */
  readonly accesses: ReadonlySet<number>
}

/** PIDs whose counters a start needs: tables, clock, streams. */
export const pidsOf = ({ pmtPid, pcrPid, streams }: Program): readonly number[] => [
  ...new Set([0, pmtPid, pcrPid, ...streams.map(({ pid }) => pid)]),
]

/**
 * What lies where in the kept part of a channel's output, by position and by wall clock. Pure: knows no disk.
 *
 * Everything is noted in order of position; `forget` takes away from the beginning.
 */
export class ShiftIndex {
  #strips: ShiftStrip[] = []
  #accesses: ShiftAccess[] = []
  #programs: { readonly position: number; readonly program: Program }[] = []
  /** Where the output is not joined to what was before. */
  #breaks: number[] = []
  #end = 0

  /** Position of the first byte; the end if there is none. */
  get from(): number {
    return this.#strips[0]?.position ?? this.#end
  }

  /** Position behind the last byte that was ever added. */
  get end(): number {
    return this.#end
  }

  /** When the first byte was sent, epoch milliseconds; null: there is none. */
  get fromMs(): number | null {
    return this.#strips[0]?.atMs ?? null
  }

  /** Entries of every kind: what it takes of the memory. */
  get size(): number {
    return this.#strips.length + this.#accesses.length + this.#programs.length + this.#breaks.length
  }

  addStrip(strip: ShiftStrip): void {
    this.#strips.push(strip)
    this.#end = strip.position + strip.length
  }

  addAccess(access: ShiftAccess): void {
    this.#accesses.push(access)
  }

  addProgram(position: number, program: Program): void {
    if (this.#programs.at(-1)?.position === position) this.#programs.pop()
    this.#programs.push({ position, program })
    this.addBreak(position)
  }

  addBreak(position: number): void {
    if (this.#breaks.at(-1) !== position) this.#breaks.push(position)
  }

  /** Takes away whatever lies before a position; strips as a whole. */
  forget(position: number): void {
    const strips = firstIndex(this.#strips, (strip) => strip.position + strip.length > position)
    this.#strips.splice(0, strips)
    const { from } = this
    this.#accesses.splice(
      0,
      firstIndex(this.#accesses, (access) => access.position >= from),
    )
    this.#breaks.splice(
      0,
      firstIndex(this.#breaks, (at) => at >= from),
    )
    // The programme that goes on stays.
    const later = firstIndex(this.#programs, (entry) => entry.position > from)
    this.#programs.splice(0, Math.max(0, later - 1))
  }

  /** Position of the first strip that was sent at or behind an instant; the end if there is none. */
  positionAt(atMs: number): number {
    return this.#strips[firstIndex(this.#strips, (strip) => strip.atMs >= atMs)]?.position ?? this.end
  }

  /** The strip that holds a position; `gone`: it is no longer there, `ahead`: not yet. */
  stripAt(position: number): ShiftStrip | 'gone' | 'ahead' {
    if (position >= this.end) return 'ahead'
    const strip = this.#strips[firstIndex(this.#strips, ({ position: at, length }) => at + length > position)]
    return strip === undefined || strip.position > position ? 'gone' : strip
  }

  /**
   * The last place to start at or before an instant, not before position `from`; if there is none, the first one of all.
   * Null: nobody can start yet.
   */
  startAt(atMs: number, from = 0): StartRegion | null {
    const end = this.end
    // Behind a picture the next one has to be there: only then is it known which ones lead.
    let usable = firstIndex(this.#accesses, ({ position }) => position >= end)
    if (this.#accesses[usable - 1]?.isVideo === true) usable -= 1
    const first = firstIndex(this.#accesses, ({ position }) => position >= from)
    if (first >= usable) return null
    const later = firstIndex(this.#accesses, (access) => access.atMs > atMs)
    const index = Math.min(Math.max(later - 1, first), usable - 1)
    const access = this.#accesses[index]
    const program = this.#programs[firstIndex(this.#programs, (entry) => entry.position > (access?.position ?? 0)) - 1]
    if (access === undefined || program === undefined) return null
    const to = this.#regionEnd(access, end)
    const within = this.#accesses.slice(
      index,
      firstIndex(this.#accesses, ({ position }) => position >= to),
    )
    return { access, program: program.program, to, accesses: new Set(within.map(({ position }) => position)) }
  }

  #regionEnd(access: ShiftAccess, end: number): number {
    const isPast = (next: ShiftAccess): boolean =>
      next.position > access.position && next.atMs - access.atMs >= START_MS
    const next = this.#accesses[firstIndex(this.#accesses, isPast)]?.position ?? end
    const seam = this.#breaks[firstIndex(this.#breaks, (at) => at > access.position)] ?? end
    return Math.min(next, seam, end, access.position + START_BYTES)
  }
}

/** Index of the first item of which the claim is true, in a list in which it stays true; the length if there is none. */
function firstIndex<T>(items: readonly T[], claim: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (claim(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
