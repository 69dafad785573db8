import type { VideoFacts } from './codec-strings.ts'
import { splitSound } from './fmp4/sound-format.ts'
import type { SoundFormat } from './fmp4/sound-format.ts'
import { elementaryBytes, PesCollector } from './pes-unit.ts'
import type { PesUnit } from './pes-unit.ts'
import { hasSameTracks } from './program.ts'
import type { ElementaryStream, Program } from './program.ts'
import type { PictureStart, RingFollower } from './ring/follower.ts'
import { headOf } from './ring/piece.ts'
import type { ClosedPiece, OpenPiece, Piece, PieceHead, Span } from './ring/piece.ts'
import { PieceCutter } from './ring/piece-cutter.ts'
import { PieceShelf } from './ring/piece-shelf.ts'
import { RingClock } from './ring/ring-clock.ts'
import { SoundTracks } from './ring/sound-tracks.ts'
import { picturesWithin, piecesNear, soundWithin, startsWithin } from './ring/span-reading.ts'
import type { SpanSound } from './ring/span-reading.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/**
 * The latest seconds of one channel in pieces of half a second, in memory, shared by all deliveries and viewers.
 *
 * Pictures are cut by DTS at whole PES packets, sound goes to the piece whose time it has; continuity counters run on from
 * piece to piece. A piece is listed once all its sound is there, or is late by 1.5 s. Bounded by time and by bytes.
 */
export class HlsRing {
  readonly #collector = new PesCollector(
    (unit) => this.#unit(unit),
    (mark) => this.#starts(mark),
  )
  readonly #clock: RingClock
  readonly #cutter: PieceCutter
  readonly #tracks: SoundTracks
  readonly #shelf: PieceShelf
  readonly #listeners = new Set<() => void>()
  readonly #followers = new Set<RingFollower>()
  #program: Program | null = null
  #pids: ReadonlySet<number> = new Set()
  /** Pieces whose sound is awaited. */
  #closing: ClosedPiece[] = []
  /** In radio: the track by which pieces are cut, the first that brings something. */
  #leader: number | null = null
  /** The picture that started last; null: none since the last break. */
  #newest: PictureStart | null = null
  /** Told of every unit of sound as it comes. */
  onAudio: (unit: PesUnit) => void = () => {}

  constructor({ keepSeconds, now }: { readonly keepSeconds: number; readonly now: () => number }) {
    this.#clock = new RingClock(now)
    this.#cutter = new PieceCutter(this.#clock, now)
    this.#tracks = new SoundTracks(this.#clock, now)
    this.#shelf = new PieceShelf(keepSeconds, now)
  }

  /** Pieces are kept for so long. */
  get keepSeconds(): number {
    return this.#shelf.keepSeconds
  }

  set keepSeconds(seconds: number) {
    this.#shelf.keepSeconds = seconds
  }

  /** The programme now; null before the first one. */
  get program(): Program | null {
    return this.#program
  }

  /** Facts of the newest key frame; null before the first one, and in radio. */
  get facts(): VideoFacts | null {
    return this.#cutter.facts
  }

  /** A first random access point of the programme has come, so that the channel can be described. */
  get hasStarted(): boolean {
    return this.#cutter.hasStarted
  }

  /** GOPs are open: within a segment a decoder cannot start at a random access point, only at a clean copy. */
  get isOpenGop(): boolean {
    return this.#cutter.isOpenGop
  }

  /** Complete pieces, oldest first. */
  get pieces(): readonly Piece[] {
    return this.#shelf.pieces
  }

  /** Bytes of the complete pieces. */
  get bytes(): number {
    return this.#shelf.bytes
  }

  /** Sound of a track that belongs to no complete piece yet. */
  waitingSound(pid: number): readonly PesUnit[] {
    return this.#tracks.waiting(pid)
  }

  /** How a track is coded, by the newest of it; null: nothing of it has come. */
  soundFormat({ pid, codec }: Pick<ElementaryStream, 'pid' | 'codec'>): SoundFormat | null {
    const unit = this.waitingSound(pid).at(-1) ?? this.pieces.at(-1)?.audio.get(pid)?.at(-1)
    return unit === undefined ? null : splitSound(codec, elementaryBytes(unit)).format
  }

  /** Calls `listener` after each change of the pieces, and when the channel can be described; gives the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells a follower of all that the ring has, and of all that comes; once. */
  follow(follower: RingFollower): void {
    if (this.#followers.has(follower)) return
    let end = 0
    for (const piece of this.#all()) {
      if (piece.discontinuity) follower.breaks(end)
      for (const [index, time90k] of startsWithin(piece, this.#leading(piece)).entries()) {
        const randomAccess = this.#cutter.videoPid === null || (index === 0 && piece.randomAccess)
        follower.picture({ time90k, randomAccess })
        if (index === 0) follower.piece(headOf(piece))
        end = time90k
      }
      if ('duration90k' in piece) end = piece.start90k + piece.duration90k
    }
    // It has started and is not complete yet.
    if (this.#newest !== null && this.#newest.time90k >= end) follower.picture(this.#newest)
    this.#followers.add(follower)
    if (follower.settle()) this.#tell()
  }

  /** Complete pieces, those whose sound is awaited, and the one under way. */
  #all(): (Piece | ClosedPiece | OpenPiece)[] {
    const { open } = this.#cutter
    return [...this.#shelf.pieces, ...this.#closing, ...(open === null ? [] : [open])]
  }

  /** Units of the leading track that may lie in a piece. */
  #leading(piece: Piece | ClosedPiece | OpenPiece): readonly PesUnit[] {
    if (this.#leader === null) return []
    return 'audio' in piece ? (piece.audio.get(this.#leader) ?? []) : this.#tracks.waiting(this.#leader)
  }

  /** Pictures that start within the span and are complete, in order. */
  pictures(span: Pick<Span, 'start90k' | 'duration90k'>): readonly PesUnit[] {
    return picturesWithin(span, this.#all())
  }

  /** Sound of a track within the span, in order, and the PTS of what comes behind it; null if that is not known. */
  sound(pid: number, span: Span): SpanSound {
    const listed = piecesNear(span, this.#shelf.pieces).flatMap(({ audio }) => audio.get(pid) ?? [])
    const units = [...listed, ...this.#tracks.waiting(pid)]
    return soundWithin(span, { units, startedPts90k: this.#tracks.startedPts90k(pid) })
  }

  /**
   * All sound whose PTS on the ring's clock is before this has come, or is later than can be waited for. `closedAtMs`: when
   * the last picture before it was complete.
   */
  hasSound(endPts90k: number, closedAtMs: number): boolean {
    return this.#tracks.has(endPts90k, closedAtMs)
  }

  /** Another programme begins with the next chunk. One that only describes the same tracks otherwise breaks nothing. */
  setProgram(program: Program): void {
    if (this.#program !== null && hasSameTracks(this.#program, program)) return
    if (this.#program !== null) this.#break()
    this.#program = program
    this.#cutter.setProgram(program)
    this.#tracks.setProgram(program)
    const { videoPid } = this.#cutter
    this.#pids = new Set([...(videoPid === null ? [] : [videoPid]), ...this.#tracks.pids])
    this.#leader = null
  }

  /** Takes the relay's next chunk. */
  push(chunk: TsChunk): void {
    const hadStarted = this.#cutter.hasStarted
    if (chunk.discontinuity) this.#break()
    this.#collector.push(chunk, this.#pids)
    this.#settle(this.#cutter.hasStarted && !hadStarted)
  }

  /** What is under way ends here; the next piece starts at a random access point behind a discontinuity. */
  #break(): void {
    const closed = this.#cutter.breakOff(this.#tracks.until90k)
    if (closed !== null) this.#closing.push(closed)
    const hasPieces = this.#closing.length > 0
    for (const piece of this.#closing) this.#list(piece)
    this.#closing = []
    this.#collector.reset()
    this.#clock.restart()
    this.#newest = null
    for (const follower of this.#followers) follower.breaks(this.#clock.end90k)
    this.#tracks.reset()
    if (hasPieces) this.#tell()
  }

  /** What starts tells that all before it is there, long before it is complete itself. */
  #starts({ pid, pts90k, dts90k, randomAccess }: PesMark): void {
    if (pts90k === null) return
    this.#tracks.starts(pid, pts90k)
    if (pid === this.#cutter.videoPid) this.#cut(dts90k ?? pts90k, randomAccess)
  }

  #cut(dts90k: number, randomAccess: boolean): void {
    const cut = this.#cutter.starts(dts90k, randomAccess)
    if (cut === null) return
    if (cut.closed !== null) this.#closing.push(cut.closed)
    this.#newest = cut.start
    for (const follower of this.#followers) follower.picture(cut.start)
  }

  #unit(unit: PesUnit): void {
    if (unit.pid === this.#cutter.videoPid) {
      this.#begun(this.#cutter.picture(unit))
      return
    }
    const kind = this.#tracks.kindOf(unit.pid)
    if (kind === 'sound') {
      this.onAudio(unit)
      if (this.#cutter.videoPid === null) this.#radio(unit)
    }
    this.#tracks.push(unit)
  }

  #radio(unit: PesUnit): void {
    this.#leader ??= unit.pid
    if (unit.pid !== this.#leader) return
    this.#cut(unit.pts90k, true)
    this.#begun(this.#cutter.sound(unit))
  }

  #begun(head: PieceHead | null): void {
    if (head !== null) for (const follower of this.#followers) follower.piece(head)
  }

  /** Lists closed pieces whose sound has come. */
  #settle(hasJustStarted: boolean): void {
    // Who waits for a description need not wait for the first piece.
    let changed = hasJustStarted
    for (let piece = this.#closing[0]; piece !== undefined; piece = this.#closing[0]) {
      const endPts90k = piece.start90k + piece.duration90k + this.#cutter.soundLag90k
      if (!this.#tracks.has(endPts90k, piece.closedAtMs)) break
      this.#closing.shift()
      this.#list(piece)
      changed = true
    }
    for (const follower of this.#followers) changed = follower.settle() || changed
    if (changed) this.#tell()
  }

  #list(piece: ClosedPiece): void {
    this.#shelf.push(piece, this.#tracks.take(piece, this.#cutter.soundLag90k))
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
