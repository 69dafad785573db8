import { videoFacts } from '../codec-strings.ts'
import type { VideoFacts } from '../codec-strings.ts'
import { mayHaveLeading } from '../open-gop.ts'
import { elementaryBytes } from '../pes-unit.ts'
import type { PesUnit } from '../pes-unit.ts'
import type { Program } from '../program.ts'
import { add90k, diff90k } from '../timestamps.ts'
import type { PictureStart } from './follower.ts'
import { headOf } from './piece.ts'
import type { ClosedPiece, OpenPiece, PieceHead } from './piece.ts'
import type { RingClock } from './ring-clock.ts'

/** A piece is cut at the first picture from here on, and at every random access point: 0.5 s, 90 kHz. */
const PIECE_90K = 45_000
/** What the last picture before a break is shown for: 40 ms, 90 kHz. */
const PICTURE_90K = 3600

/** A picture starts; `closed`: the piece that ends before it, if one does. */
export type Cut = { readonly start: PictureStart; readonly closed: ClosedPiece | null }

/**
 * Cuts the pictures of a programme into pieces by DTS; radio is cut by the sound that leads it.
 *
 * no piece ─random access point starts→ (its unit complete) piece open ─random access point or 0.5 s→ closed, the next one
 * begins with the unit that closed it · any ─breakOff→ no piece
 */
export class PieceCutter {
  readonly #clock: RingClock
  readonly #now: () => number
  #program: Program | null = null
  #videoPid: number | null = null
  #open: (OpenPiece & { readonly video: PesUnit[] }) | null = null
  /** The picture that ended the last piece; null: none did, or it has begun the next one. */
  #next: { readonly dts90k: number } | null = null
  #nextIndex = 0
  #isBroken = false
  #hasStarted = false
  #isOpenGop = false
  #facts: VideoFacts | null = null
  #ptsOffset = 0

  constructor(clock: RingClock, now: () => number) {
    this.#clock = clock
    this.#now = now
  }

  /** PID of the pictures; null in radio. */
  get videoPid(): number | null {
    return this.#videoPid
  }

  /** The piece under way; null: none has begun. */
  get open(): OpenPiece | null {
    return this.#open
  }

  /** Facts of the newest key frame; null before the first one, and in radio. */
  get facts(): VideoFacts | null {
    return this.#facts
  }

  /** A first random access point of the programme has come. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /** A random access point may have leading pictures behind it. */
  get isOpenGop(): boolean {
    return this.#isOpenGop
  }

  /** How much later than its DTS the picture of a random access point is shown: sound that is heard with it belongs to it. */
  get soundLag90k(): number {
    return this.#videoPid === null ? 0 : this.#ptsOffset
  }

  /** Another programme begins; what is under way has been broken off. */
  setProgram(program: Program): void {
    this.#program = program
    this.#videoPid = program.streams.find(({ kind }) => kind === 'video')?.pid ?? null
    this.#facts = null
    this.#hasStarted = false
  }

  /** A picture starts, complete or not (radio: a unit of the leading sound). Null: there is nothing it belongs to. */
  starts(dts90k: number, randomAccess: boolean): Cut | null {
    const open = this.#open
    if (open === null && !randomAccess) return null
    const time90k = this.#clock.time(dts90k)
    const start = { time90k, randomAccess }
    // Every unit of sound is a random access point.
    const isDue = (randomAccess && this.#videoPid !== null) || (open !== null && time90k - open.start90k >= PIECE_90K)
    if (open === null || !isDue) return { start, closed: null }
    this.#next = { dts90k }
    return { start, closed: this.#close(open, time90k, randomAccess) }
  }

  /** Takes a complete picture; gives the head of the piece that begins with it, if one does. */
  picture(unit: PesUnit): PieceHead | null {
    // Between pieces only the picture that ended the last one goes on, or a random access point.
    if (this.#open === null && !unit.randomAccess && this.#next?.dts90k !== unit.dts90k) return null
    const time = this.#clock.time(unit.dts90k)
    if (unit.randomAccess) this.#describe(unit)
    const isFirst = this.#open === null
    this.#open ??= this.#begin(time, unit.randomAccess, unit.dts90k, add90k(unit.dts90k, this.#ptsOffset))
    this.#open.video.push(unit)
    return isFirst ? headOf(this.#open) : null
  }

  /** Radio: a unit of the leading sound is complete; gives the head of the piece that begins with it, if one does. */
  sound({ pts90k }: PesUnit): PieceHead | null {
    if (this.#open !== null) return null
    this.#open = this.#begin(this.#clock.time(pts90k), true, pts90k, pts90k)
    return headOf(this.#open)
  }

  /**
   * What is under way ends here; the next piece starts at a random access point behind a discontinuity. Gives the piece that
   * ended. `soundUntil90k`: ring time up to which there is sound, by which radio ends.
   */
  breakOff(soundUntil90k: number): ClosedPiece | null {
    const open = this.#open
    this.#open = null
    this.#next = null
    this.#isBroken = this.#nextIndex > 0
    if (open === null) return null
    const last = open.video.at(-1)
    const lastStart = last === undefined ? Math.max(soundUntil90k, open.start90k) : this.#clock.time(last.dts90k)
    return this.#close(open, lastStart + PICTURE_90K, true)
  }

  #describe(unit: PesUnit): void {
    const codec = this.#program?.streams.find(({ pid }) => pid === unit.pid)?.codec ?? 'other'
    const bytes = elementaryBytes(unit)
    const facts = videoFacts(codec, bytes)
    this.#isOpenGop = mayHaveLeading(codec, bytes)
    if (facts !== null && this.#facts !== null && !isSameFacts(facts, this.#facts)) this.#isBroken = true
    this.#facts = facts ?? this.#facts
    this.#ptsOffset = diff90k(unit.pts90k, unit.dts90k)
  }

  #begin(start90k: number, randomAccess: boolean, startDts90k: number, startPts90k: number) {
    const program = this.#program
    if (program === null) throw new TypeError('A unit came before its programme')
    const video: PesUnit[] = []
    const piece = {
      index: this.#nextIndex,
      start90k,
      startDts90k,
      startPts90k,
      randomAccess,
      discontinuity: this.#isBroken,
      dateMs: this.#clock.dateMs(start90k),
      program,
      facts: this.#facts,
      video,
    }
    this.#nextIndex += 1
    this.#hasStarted = true
    this.#isBroken = false
    this.#next = null
    return piece
  }

  #close(open: OpenPiece, end90k: number, endsAtAccess: boolean): ClosedPiece {
    this.#open = null
    this.#clock.reach(end90k)
    return { ...open, duration90k: end90k - open.start90k, endsAtAccess, closedAtMs: this.#now() }
  }
}

const isSameFacts = (a: VideoFacts, b: VideoFacts): boolean =>
  a.codec === b.codec && a.width === b.width && a.height === b.height
