import { cleanStart, noteCounters } from './clean-start.ts'
import { PACKET_SIZE, pidAt, startsUnit } from './packet.ts'
import { readPesHeader } from './pes-header.ts'
import type { Program } from './program.ts'
import { pidsOf, ShiftIndex } from './shift-index.ts'
import type { ShiftStrip, StartRegion } from './shift-index.ts'
import type { Tape } from './tape.ts'
import type { TapeLabel, TapeShelf } from './tape-shelf.ts'
import { diff90k } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** What comes is written in strips of this size, or of what came in this time. */
const STRIP_BYTES = 1400 * PACKET_SIZE // just over 256 KiB
const STRIP_MS = 500
/** A start is looked through in pieces of this size, so that little more than what has to be changed is copied. */
const PIECE_BYTES = 348 * PACKET_SIZE
/** Of a step of the stream's clock no more than this counts: nobody should wait through a hole again. */
const MAX_STEP_MS = 2000
/** Without a picture for this long a programme is joined by its sound, twice a second at most. */
const PICTURE_LOST_MS = 5000
const SOUND_EVERY_MS = 500
/** Once the beginning is being forgotten nobody starts closer to it than this: it moves on as fast as they do. */
const MARGIN_MS = 10_000

/** Where a viewer starts: private bytes first, then strips from position `end` on. `atMs`, `startsMs`: as of its strip. */
export type ShiftStart = {
  readonly prefix: Uint8Array
  readonly end: number
  /** Position of the random access point. */
  readonly position: number
  readonly atMs: number
  readonly startsMs: number
}

/** What a buffer needs. */
export type ShiftBufferOptions = {
  readonly shelf: TapeShelf
  readonly label: TapeLabel
  /** What was sent longer ago than this is forgotten. */
  readonly windowMs: number
}

/**
 * The last minutes of one channel's output, on disk, for viewers who want to be behind the others.
 *
 * Takes what all others get, holds nothing up, and is given up when its disk cannot follow: `isLost`.
 */
export class ShiftBuffer {
  readonly #options: ShiftBufferOptions
  readonly #index = new ShiftIndex()
  readonly #tape: Tape
  /** Position of the output at which the tape begins. */
  #base = 0
  #isEmpty = true
  /** What is not yet a strip. */
  #chunks: TsChunk[] = []
  #bytes = 0
  #mediaMs = 0
  #clock90k: number | null = null
  #program: Program | null = null
  #isNewProgram = false
  #isBroken = false
  #isVideo = false
  #pictureAt = 0
  #soundAt = -Infinity
  readonly #counters = new Uint8Array(8192)

  constructor(options: ShiftBufferOptions) {
    this.#options = options
    this.#tape = options.shelf.open(options.label)
  }

  /** The disk could not follow: nothing is here, and nothing will be. */
  get isLost(): boolean {
    return this.#tape.isOver
  }

  /** When what can be had begins, epoch milliseconds; null: there is nothing yet. */
  get fromMs(): number | null {
    this.#forget()
    return this.isLost ? null : this.#index.fromMs
  }

  /** Another programme begins with the next chunk. */
  program(program: Program): void {
    this.#program = program
    this.#isNewProgram = true
  }

  /** What comes next is not joined to what was before. */
  breakOff(): void {
    this.#isBroken = true
  }

  /** Takes the next chunk of the output. */
  push(chunk: TsChunk): void {
    if (this.isLost || this.#program === null) return
    if (this.#isEmpty) this.#base = chunk.position
    this.#isEmpty = false
    if (this.#isNewProgram) {
      this.#index.addProgram(chunk.position, this.#program)
      this.#isVideo = false
      this.#pictureAt = chunk.atMs
    }
    if (this.#isBroken || chunk.discontinuity) this.#index.addBreak(chunk.position)
    this.#isNewProgram = false
    this.#isBroken = false
    this.#noteAccesses(chunk, this.#program)
    this.#chunks.push(chunk)
    this.#bytes += chunk.bytes.length
    const [first] = this.#chunks
    if (first !== undefined && (this.#bytes >= STRIP_BYTES || chunk.atMs - first.atMs >= STRIP_MS)) this.#seal(first)
  }

  #noteAccesses(chunk: TsChunk, program: Program): void {
    const hasPicture = chunk.marks.some(({ kind }) => kind === 'video')
    if (hasPicture) {
      this.#isVideo = true
      this.#pictureAt = chunk.atMs
    }
    // A picture may still be on its way, unless it is radio.
    const isSound =
      program.streams.every(({ kind }) => kind !== 'video') || chunk.atMs - this.#pictureAt > PICTURE_LOST_MS
    if (isSound) this.#isVideo = false
    let from = 0
    for (const mark of chunk.marks) {
      if (!this.#isAccess(mark, { isSound, atMs: chunk.atMs })) continue
      noteCounters(this.#counters, { bytes: chunk.bytes.subarray(from, mark.offset) })
      from = mark.offset
      this.#index.addAccess({
        position: chunk.position + mark.offset,
        pts90k: mark.pts90k,
        atMs: chunk.atMs,
        isVideo: this.#isVideo,
        counters: Uint8Array.from(pidsOf(program), (pid) => this.#counters[pid] ?? 0),
      })
    }
    noteCounters(this.#counters, { bytes: chunk.bytes.subarray(from) })
  }

  #isAccess(mark: PesMark, { isSound, atMs }: { readonly isSound: boolean; readonly atMs: number }): boolean {
    if (!isSound) return mark.kind === 'video' && mark.randomAccess
    if (mark.kind !== 'audio' || atMs - this.#soundAt < SOUND_EVERY_MS) return false
    this.#soundAt = atMs
    return true
  }

  /** Makes a strip of what has come. */
  #seal({ position, atMs }: TsChunk): void {
    const bytes = new Uint8Array(this.#bytes)
    for (const chunk of this.#chunks) bytes.set(chunk.bytes, chunk.position - position)
    const last = this.#chunks.at(-1)
    const startsMs = this.#mediaMs
    this.#mediaMs += this.#step(last?.clock90k ?? null, last === undefined ? 0 : last.atMs - atMs)
    this.#chunks = []
    this.#bytes = 0
    this.#tape.append(bytes, atMs)
    this.#index.addStrip({ position, length: bytes.length, atMs, startsMs, endsMs: this.#mediaMs })
    this.#tape.forget(this.#index.positionAt(atMs - this.#options.windowMs) - this.#base)
    this.#forget()
  }

  /** How far the stream's clock has gone on; without one, ours. */
  #step(clock90k: number | null, passedMs: number): number {
    const step = clock90k === null || this.#clock90k === null ? passedMs : diff90k(clock90k, this.#clock90k) / 90
    this.#clock90k = clock90k
    return Math.min(Math.max(step, 0), MAX_STEP_MS)
  }

  /** What the tape no longer has is not listed either. */
  #forget(): void {
    const from = this.#tape.from + this.#base
    if (this.#index.from < from) this.#index.forget(from)
  }

  /** The strip that holds a position; `gone`: it is no longer there, `ahead`: not yet. */
  stripAt(position: number): ShiftStrip | 'gone' | 'ahead' {
    this.#forget()
    return this.isLost ? 'gone' : this.#index.stripAt(position)
  }

  /** The rest of a strip from a position on. Rejects when it is no longer there. */
  read(position: number, strip: ShiftStrip): Promise<Uint8Array> {
    return this.#tape.read(position - this.#base, strip.position + strip.length - position)
  }

  /** Whether somebody could start at or before this instant, or at the beginning. */
  canStart(atMs: number): boolean {
    return this.#startAt(atMs, 0) !== null
  }

  #startAt(atMs: number, from: number): StartRegion | null {
    this.#forget()
    if (this.isLost) return null
    const earliest = this.#tape.from > 0 ? (this.#index.fromMs ?? 0) + MARGIN_MS : -Infinity
    return this.#index.startAt(Math.max(atMs, earliest), from)
  }

  /**
   * The clean start at or before an instant, or the oldest one, but none before position `from`. Null: there is none.
   * Rejects when it is gone while it is read.
   */
  async start(
    atMs: number,
    { resumes, from = 0 }: { readonly resumes: boolean; readonly from?: number },
  ): Promise<ShiftStart | null> {
    const region = this.#startAt(atMs, from)
    const strip = region === null ? 'gone' : this.#index.stripAt(region.access.position)
    if (region === null || typeof strip === 'string') return null
    const { access, program, to } = region
    const bytes = await this.#tape.read(access.position - this.#base, to - access.position)
    const counters = new Uint8Array(8192)
    for (const [index, pid] of pidsOf(program).entries()) counters[pid] = access.counters[index] ?? 0
    const chunks = piecesOf(bytes, region)
    const { prefix, end } = cleanStart({ access, isVideo: access.isVideo, program, chunks, counters, resumes })
    return { prefix, end, position: access.position, atMs: access.atMs, startsMs: strip.startsMs }
  }

  /** Deletes everything. */
  close(): Promise<void> {
    this.#chunks = []
    return this.#options.shelf.close(this.#tape)
  }
}

/** What was read, as the chunks that it once was: in pieces, with the starts of PES packets marked. */
function piecesOf(bytes: Uint8Array, { access, program, accesses }: StartRegion): readonly TsChunk[] {
  const kinds = new Map(program.streams.map(({ pid, kind }) => [pid, kind]))
  const pieces: TsChunk[] = []
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES)
    const position = access.position + from
    const marks: PesMark[] = []
    for (let offset = 0; offset < piece.length; offset += PACKET_SIZE) {
      const pid = pidAt(piece, offset)
      const kind = kinds.get(pid)
      const header = kind === undefined || !startsUnit(piece, offset) ? null : readPesHeader(piece, offset)
      if (kind === undefined || header === null) continue
      const { pts90k, dts90k } = header
      marks.push({ offset, pid, kind, pts90k, dts90k, randomAccess: accesses.has(position + offset), leading: false })
    }
    pieces.push({ bytes: piece, position, atMs: access.atMs, clock90k: null, marks, discontinuity: false })
  }
  return pieces
}
