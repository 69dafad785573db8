import { elementaryBytes, PesCollector } from './pes-unit.ts'
import type { PesUnit } from './pes-unit.ts'
import type { ElementaryStream, Program } from './program.ts'
import { add90k, diff90k } from './timestamps.ts'
import type { TsChunk } from './ts-chunk.ts'
import { videoFacts } from './codec-strings.ts'
import type { VideoFacts } from './codec-strings.ts'

/** A piece is cut at the first picture from here on, and at every random access point: 0.5 s, 90 kHz. */
const PIECE_90K = 45_000
/** Sound that is this late is not waited for: the picture goes on alone (`hls-ffmpeg.md` §7). */
const LATE_SOUND_MS = 1500

/** Half a second of a channel: what all deliveries are made of. Times count 90 kHz ticks from the ring's first picture. */
export type Piece = {
  readonly index: number
  readonly start90k: number
  readonly duration90k: number
  /** PTS that belongs to its start, 90 kHz ticks modulo 2³³: sound from here on belongs to it. */
  readonly startPts90k: number
  /** A decoder may start with its first picture (radio: always). */
  readonly randomAccess: boolean
  /** The picture behind it is a random access point: a GOP is complete. */
  readonly endsAtAccess: boolean
  /** Something broke off before it: programme, codec or clock. */
  readonly discontinuity: boolean
  /** Wall clock of its first picture, epoch milliseconds, counted on by media time. */
  readonly dateMs: number
  readonly program: Program
  readonly facts: VideoFacts | null
  readonly video: readonly PesUnit[]
  /** Sound as it came, by PID. */
  readonly audio: ReadonlyMap<number, readonly PesUnit[]>
  readonly bytes: number
}

type OpenPiece = Omit<Piece, 'duration90k' | 'endsAtAccess' | 'video' | 'audio' | 'bytes'> & {
  video: PesUnit[]
  closedAt: number
}
type ClosedPiece = OpenPiece & { readonly duration90k: number; readonly endsAtAccess: boolean }

type Track = {
  /** Units that belong to no closed piece yet. */
  waiting: PesUnit[]
  /** Time on the ring's clock up to which the track is complete. */
  until: number
}

/**
 * The latest minutes of one channel in pieces of half a second, in memory, shared by all deliveries and viewers.
 *
 * Pictures are cut by DTS at whole PES packets, sound goes to the piece whose time it has. A piece is listed once all its
 * sound is there, or is late by 1.5 s. Bounded by time: `keep90k`.
 */
export class HlsRing {
  readonly #keep90k: number
  readonly #now: () => number
  readonly #collector = new PesCollector((unit) => this.#unit(unit))
  #program: Program | null = null
  #pids: ReadonlySet<number> = new Set()
  #videoPid: number | null = null
  #pieces: Piece[] = []
  #closing: ClosedPiece[] = []
  #open: OpenPiece | null = null
  #tracks = new Map<number, Track>()
  #nextIndex = 0
  #clock = { last: 0, at: 0 }
  #hasClock = false
  #ptsOffset = 0
  #facts: VideoFacts | null = null
  #broken = false
  #dateBase: number | null = null
  #listeners = new Set<() => void>()
  /** Told of every unit of sound as it comes. */
  onAudio: (unit: PesUnit) => void = () => {}

  constructor(options: { readonly keepSeconds: number; readonly now: () => number }) {
    this.#keep90k = options.keepSeconds * 90_000
    this.#now = options.now
  }

  /** The programme now; null before the first one. */
  get program(): Program | null {
    return this.#program
  }

  /** Facts of the newest key frame; null before the first one, and in radio. */
  get facts(): VideoFacts | null {
    return this.#facts
  }

  /** A first random access point has come, so that the channel can be described. */
  get hasStarted(): boolean {
    return this.#nextIndex > 0
  }

  /** Complete pieces, oldest first. */
  get pieces(): readonly Piece[] {
    return this.#pieces
  }

  /** Sound of a track that belongs to no complete piece yet. */
  waitingSound(pid: number): readonly PesUnit[] {
    return this.#tracks.get(pid)?.waiting ?? []
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.bytes, 0)
  }

  /** Calls `listener` after each change; gives the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Another programme begins with the next chunk. */
  setProgram(program: Program): void {
    if (this.#program !== null) this.#break()
    this.#program = program
    this.#videoPid = program.streams.find(({ kind }) => kind === 'video')?.pid ?? null
    const audio = program.streams.filter(({ kind }) => kind === 'audio').map(({ pid }) => pid)
    this.#pids = new Set(this.#videoPid === null ? audio : [this.#videoPid, ...audio])
    this.#tracks = new Map(audio.map((pid) => [pid, { waiting: [], until: -Infinity }]))
    this.#facts = null
  }

  /** What is under way ends here; the next piece starts at a random access point behind a discontinuity. */
  #break(): void {
    this.#closeOpen()
    for (const piece of this.#closing) this.#complete(piece)
    this.#closing = []
    this.#collector.reset()
    this.#broken = this.#nextIndex > 0
    this.#hasClock = false
  }

  /** Takes the relay's next chunk. */
  push(chunk: TsChunk): void {
    if (chunk.discontinuity && this.#nextIndex > 0) this.#break()
    this.#collector.push(chunk, this.#pids)
    this.#settle()
  }

  #unit(unit: PesUnit): void {
    if (unit.pid === this.#videoPid) this.#picture(unit)
    else this.#sound(unit)
  }

  /** Ring time of a DTS: unwrapped, from 0. */
  #time(stamp: number): number {
    if (!this.#hasClock) {
      this.#hasClock = true
      this.#clock = { last: stamp, at: this.#clock.at }
    }
    const time = this.#clock.at + diff90k(stamp, this.#clock.last)
    if (time > this.#clock.at) this.#clock = { last: stamp, at: time }
    return time
  }

  #picture(unit: PesUnit): void {
    if (this.#open === null && !unit.randomAccess) return
    const time = this.#time(unit.dts90k)
    if (unit.randomAccess) {
      this.#facts = videoFacts(this.#codecOf(unit.pid), elementaryBytes(unit)) ?? this.#facts
      this.#ptsOffset = diff90k(unit.pts90k, unit.dts90k)
    }
    const { facts } = this.#open ?? {}
    const sizeChanged = unit.randomAccess && facts !== undefined && facts !== null && !isSameFacts(facts, this.#facts)
    if (this.#open !== null && (unit.randomAccess || time - this.#open.start90k >= PIECE_90K))
      this.#closeOpen({ time, isAccess: unit.randomAccess })
    if (sizeChanged) this.#broken = true
    this.#open ??= this.#begin(time, unit.randomAccess, add90k(unit.dts90k, this.#ptsOffset))
    this.#open.video.push(unit)
  }

  #codecOf(pid: number) {
    return this.#program?.streams.find((stream) => stream.pid === pid)?.codec ?? 'other'
  }

  #begin(time: number, randomAccess: boolean, startPts90k: number): OpenPiece {
    const program = this.#program
    if (program === null) throw new TypeError('A unit came before its programme')
    // Wall clock by media time: the first piece says when the ring's clock was 0.
    this.#dateBase ??= this.#now() - time / 90
    const piece: OpenPiece = {
      index: this.#nextIndex,
      start90k: time,
      startPts90k,
      randomAccess,
      discontinuity: this.#broken,
      dateMs: this.#dateBase + time / 90,
      program,
      facts: this.#facts,
      video: [],
      closedAt: 0,
    }
    this.#nextIndex += 1
    this.#broken = false
    return piece
  }

  #closeOpen(end?: { readonly time: number; readonly isAccess: boolean }): void {
    const open = this.#open
    this.#open = null
    if (open === null) return
    const last = open.video.at(-1)
    const until =
      end?.time ?? (last ? Math.max(this.#time(last.dts90k) + 3600, open.start90k + 3600) : open.start90k + PIECE_90K)
    this.#closing.push({
      ...open,
      duration90k: until - open.start90k,
      endsAtAccess: end?.isAccess ?? true,
      closedAt: this.#now(),
    })
  }

  #sound(unit: PesUnit): void {
    const track = this.#tracks.get(unit.pid)
    if (!track) return
    this.onAudio(unit)
    if (this.#videoPid === null) this.#cutRadio(unit)
    if (!this.#hasClock) return
    track.waiting.push(unit)
    track.until = this.#soundTime(unit)
  }

  /** Ring time of sound; not a step of the ring's clock, which pictures lead. */
  #soundTime(unit: PesUnit): number {
    const time = this.#clock.at + diff90k(unit.pts90k, this.#clock.last)
    return this.#videoPid === null ? time : time - this.#ptsOffset
  }

  /** Without pictures the first track leads. */
  #cutRadio(unit: PesUnit): void {
    const [first] = this.#tracks.keys()
    if (unit.pid !== first) return
    const time = this.#time(unit.pts90k)
    if (this.#open !== null && time - this.#open.start90k >= PIECE_90K) this.#closeOpen({ time, isAccess: true })
    this.#open ??= this.#begin(time, true, unit.pts90k)
  }

  /** Lists closed pieces whose sound has come. */
  #settle(): void {
    let changed = false
    while (this.#closing.length > 0) {
      const [piece] = this.#closing
      if (piece === undefined) break
      const end = piece.start90k + piece.duration90k
      const isLate = this.#now() - piece.closedAt > LATE_SOUND_MS
      if (!isLate && [...this.#tracks.values()].some(({ until }) => until < end && until > -Infinity)) break
      if (!isLate && this.#tracks.size > 0 && [...this.#tracks.values()].every(({ until }) => until === -Infinity))
        break
      this.#closing.shift()
      this.#complete(piece)
      changed = true
    }
    if (changed) for (const listener of this.#listeners) listener()
  }

  #complete(piece: ClosedPiece): void {
    const end = piece.start90k + piece.duration90k
    const audio = new Map<number, PesUnit[]>()
    for (const [pid, track] of this.#tracks) {
      const units = track.waiting.filter(
        (unit) => this.#soundTime(unit) >= piece.start90k && this.#soundTime(unit) < end,
      )
      track.waiting = track.waiting.filter((unit) => this.#soundTime(unit) >= end)
      audio.set(pid, units)
    }
    const size = (units: readonly PesUnit[]): number => units.reduce((sum, unit) => sum + unit.bytes.length, 0)
    const bytes = size(piece.video) + [...audio.values()].reduce((sum, units) => sum + size(units), 0)
    const { closedAt: _, ...rest } = piece
    this.#pieces.push({ ...rest, audio, bytes })
    const newest = end
    while (this.#pieces.length > 1 && newest - (this.#pieces[0]?.start90k ?? 0) > this.#keep90k) this.#pieces.shift()
  }
}

const isSameFacts = (a: VideoFacts, b: VideoFacts | null): boolean =>
  b !== null && a.codec === b.codec && a.width === b.width && a.height === b.height

/** The sound tracks of a programme, in its order. */
export const audioStreams = (program: Program): readonly ElementaryStream[] =>
  program.streams.filter(({ kind }) => kind === 'audio')
