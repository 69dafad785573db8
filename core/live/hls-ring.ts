import { videoFacts } from './codec-strings.ts'
import type { VideoFacts } from './codec-strings.ts'
import { mayHaveLeading } from './open-gop.ts'
import { hasPayload, PACKET_SIZE, writeContinuity } from './packet.ts'
import { elementaryBytes, PesCollector } from './pes-unit.ts'
import type { PesUnit } from './pes-unit.ts'
import type { ElementaryStream, Program } from './program.ts'
import { add90k, diff90k } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** A piece is cut at the first picture from here on, and at every random access point: 0.5 s, 90 kHz. */
const PIECE_90K = 45_000
/** Sound that is this late is not waited for: the picture goes on alone (`hls-ffmpeg.md` §7). */
const LATE_SOUND_MS = 1500
/** Units of sound that may wait for their picture: more than a minute of any codec. */
const MAX_WAITING = 4096
/** More is never kept, however many bits a second a channel has: 32 s of UHD. */
const MAX_BYTES = 96 * 1024 * 1024
/** What the last picture before a break is shown for: 40 ms, 90 kHz. */
const PICTURE_90K = 3600

/** Half a second of a channel: what all deliveries are made of. Times count 90 kHz ticks from the ring's first picture. */
export type Piece = {
  readonly index: number
  readonly start90k: number
  readonly duration90k: number
  /** DTS of its first picture, 90 kHz ticks modulo 2³³. */
  readonly startDts90k: number
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
  /** When it was listed, epoch milliseconds. */
  readonly listedAtMs: number
  readonly program: Program
  readonly facts: VideoFacts | null
  readonly video: readonly PesUnit[]
  /** Sound, teletext and subtitles as they came, by PID. */
  readonly audio: ReadonlyMap<number, readonly PesUnit[]>
  readonly bytes: number
}

/** What is known of a piece when it begins. */
export type PieceHead = Omit<Piece, 'duration90k' | 'endsAtAccess' | 'listedAtMs' | 'video' | 'audio' | 'bytes'>

/** A stretch of a ring: pictures by ring time, sound by PTS. `listedAtMs`: when all of it was there. */
export type Span = Pick<Piece, 'start90k' | 'duration90k' | 'startDts90k' | 'startPts90k' | 'listedAtMs'>

/** Told of a ring's pictures as they start, for those who cut them otherwise than into pieces. Times are ring time. */
export interface RingFollower {
  /** A picture starts (radio: a unit of sound, complete); all before it is complete. */
  picture(start: { readonly time90k: number; readonly randomAccess: boolean }): void
  /** The picture with which a piece begins is complete. Its `picture` came before. */
  piece(head: PieceHead): void
  /** What was under way has broken off; the next picture is a random access point. */
  breaks(end90k: number): void
  /** Sound may have come. Gives whether the ring's listeners have to be told. */
  settle(): boolean
}

type OpenPiece = PieceHead & { video: PesUnit[] }
type ClosedPiece = OpenPiece & {
  readonly duration90k: number
  readonly endsAtAccess: boolean
  readonly closedAt: number
}

type Track = {
  /** Units that belong to no complete piece yet. */
  waiting: PesUnit[]
  /** PTS on the ring's clock up to which the track is complete. */
  until: number
  /** PTS of the unit that started last. */
  startedPts90k: number | null
  /** Nothing of it comes: it is not waited for until something does. */
  isSilent: boolean
  /** Teletext or subtitles, which come when there is something to say: never waited for. */
  readonly isText: boolean
}

const EMPTY_TRACK = { until: -Infinity, startedPts90k: null, isSilent: false } as const
/** Sound is no further from its picture's piece than this, 90 kHz. */
const NEAR_90K = 90_000

/**
 * The latest seconds of one channel in pieces of half a second, in memory, shared by all deliveries and viewers.
 *
 * Pictures are cut by DTS at whole PES packets, sound goes to the piece whose time it has; continuity counters run on from
 * piece to piece. A piece is listed once all its sound is there, or is late by 1.5 s. Bounded by time and by bytes.
 */
export class HlsRing {
  readonly #now: () => number
  readonly #collector = new PesCollector(
    (unit) => this.#unit(unit),
    (mark) => this.#starts(mark),
  )
  #program: Program | null = null
  #pids: ReadonlySet<number> = new Set()
  #videoPid: number | null = null
  #pieces: Piece[] = []
  #bytes = 0
  #closing: ClosedPiece[] = []
  #open: OpenPiece | null = null
  #tracks = new Map<number, Track>()
  /** In radio: the track by which pieces are cut, the first that brings something. */
  #leader: number | null = null
  #nextIndex = 0
  #hasStarted = false
  #isOpenGop = false
  /** The newest stamp and its ring time; null: the next stamp starts a clock. */
  #clock: { readonly stamp: number; readonly time: number } | null = null
  /** Ring time up to which pieces go. */
  #end90k = 0
  #ptsOffset = 0
  #facts: VideoFacts | null = null
  #broken = false
  #dateBase: number | null = null
  readonly #counters = new Map<number, number>()
  readonly #listeners = new Set<() => void>()
  readonly #followers = new Set<RingFollower>()
  #newest: { readonly time90k: number; readonly randomAccess: boolean } | null = null
  /** Told of every unit of sound as it comes. */
  onAudio: (unit: PesUnit) => void = () => {}

  /** Pieces are kept for so long. */
  keepSeconds: number

  constructor(options: { readonly keepSeconds: number; readonly now: () => number }) {
    this.keepSeconds = options.keepSeconds
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

  /** A first random access point of the programme has come, so that the channel can be described. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /** GOPs are open: within a segment a decoder cannot start at a random access point, only at a clean copy. */
  get isOpenGop(): boolean {
    return this.#isOpenGop
  }

  /** Complete pieces, oldest first. */
  get pieces(): readonly Piece[] {
    return this.#pieces
  }

  /** Sound of a track that belongs to no complete piece yet. */
  waitingSound(pid: number): readonly PesUnit[] {
    return this.#tracks.get(pid)?.waiting ?? []
  }

  /** Bytes of the complete pieces. */
  get bytes(): number {
    return this.#bytes
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
    for (const piece of [...this.#pieces, ...this.#closing, ...(this.#open === null ? [] : [this.#open])]) {
      if (piece.discontinuity) follower.breaks(end)
      for (const [index, time90k] of this.#startsIn(piece).entries()) {
        follower.picture({ time90k, randomAccess: this.#videoPid === null || (index === 0 && piece.randomAccess) })
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

  /** Ring times at which the pictures (radio: the units of the leading track) of a piece start. */
  #startsIn(piece: Piece | OpenPiece): number[] {
    const { start90k, startDts90k } = piece
    if (piece.video.length > 0 || this.#leader === null)
      return piece.video.map(({ dts90k }) => start90k + diff90k(dts90k, startDts90k))
    const units = 'audio' in piece ? (piece.audio.get(this.#leader) ?? []) : this.waitingSound(this.#leader)
    const end = 'duration90k' in piece ? start90k + piece.duration90k : Infinity
    return units
      .map(({ pts90k }) => start90k + diff90k(pts90k, startDts90k))
      .filter((time) => time >= start90k && time < end)
  }

  /** Pictures that start within the span and are complete, in order. */
  pictures({ start90k, duration90k }: Pick<Span, 'start90k' | 'duration90k'>): readonly PesUnit[] {
    const end = start90k + duration90k
    const found: PesUnit[] = []
    for (const piece of [...this.#pieces, ...this.#closing, ...(this.#open === null ? [] : [this.#open])]) {
      if (piece.start90k >= end || ('duration90k' in piece && piece.start90k + piece.duration90k <= start90k)) continue
      for (const unit of piece.video) {
        const time = piece.start90k + diff90k(unit.dts90k, piece.startDts90k)
        if (time >= start90k && time < end) found.push(unit)
      }
    }
    return found
  }

  /** Sound of a track within the span, in order, and the PTS of what comes behind it; null if that is not known. */
  sound(pid: number, span: Span): { readonly units: readonly PesUnit[]; readonly next90k: number | null } {
    const { start90k, duration90k, startPts90k } = span
    const near = this.#pieces.filter(
      (piece) =>
        piece.start90k < start90k + duration90k + NEAR_90K && piece.start90k + piece.duration90k > start90k - NEAR_90K,
    )
    const all = [...near.flatMap(({ audio }) => audio.get(pid) ?? []), ...this.waitingSound(pid)]
    const place = ({ pts90k }: PesUnit): number => diff90k(pts90k, startPts90k)
    const units = all.filter((unit) => place(unit) >= 0 && place(unit) < duration90k)
    const behind =
      all.find((unit) => place(unit) >= duration90k)?.pts90k ?? this.#tracks.get(pid)?.startedPts90k ?? null
    return { units, next90k: behind !== null && diff90k(behind, startPts90k) >= duration90k ? behind : null }
  }

  /**
   * All sound whose PTS on the ring's clock is before this has come, or is later than can be waited for. `closedAtMs`: when
   * the last picture before it was complete.
   */
  hasSound(endPts90k: number, closedAtMs: number): boolean {
    const missing = [...this.#tracks.values()].filter(
      (track) => !track.isText && !track.isSilent && track.until < endPts90k,
    )
    if (missing.length > 0 && this.#now() - closedAtMs <= LATE_SOUND_MS && this.#isAwaited(missing)) return false
    for (const track of missing) track.isSilent = true
    return true
  }

  /** Another programme begins with the next chunk. */
  setProgram(program: Program): void {
    if (this.#program !== null) this.#break()
    this.#program = program
    this.#videoPid = program.streams.find(({ kind }) => kind === 'video')?.pid ?? null
    const tracks = [...audioStreams(program), ...textStreams(program)]
    this.#tracks = new Map(
      tracks.map(({ pid, kind }) => [pid, { ...EMPTY_TRACK, waiting: [], isText: kind !== 'audio' }]),
    )
    this.#pids = new Set([...(this.#videoPid === null ? [] : [this.#videoPid]), ...this.#tracks.keys()])
    this.#leader = null
    this.#facts = null
    this.#hasStarted = false
  }

  /** Takes the relay's next chunk. */
  push(chunk: TsChunk): void {
    const hadStarted = this.#hasStarted
    if (chunk.discontinuity) this.#break()
    this.#collector.push(chunk, this.#pids)
    this.#settle(this.#hasStarted && !hadStarted)
  }

  /** What is under way ends here; the next piece starts at a random access point behind a discontinuity. */
  #break(): void {
    const hasPieces = this.#open !== null || this.#closing.length > 0
    this.#closeOpen()
    for (const piece of this.#closing) this.#complete(piece)
    this.#closing = []
    this.#collector.reset()
    this.#broken = this.#nextIndex > 0
    this.#clock = null
    this.#newest = null
    for (const follower of this.#followers) follower.breaks(this.#end90k)
    // The clock on the wall went on while ours stood.
    this.#dateBase = null
    for (const track of this.#tracks.values()) Object.assign(track, EMPTY_TRACK, { waiting: [] })
    if (hasPieces) this.#tell()
  }

  /** Ring time of a stamp: unwrapped, from 0, behind all pieces where a clock starts. */
  #time(stamp: number): number {
    this.#clock ??= { stamp, time: this.#end90k }
    const time = this.#clock.time + diff90k(stamp, this.#clock.stamp)
    if (time > this.#clock.time) this.#clock = { stamp, time }
    return time
  }

  /** What starts tells that all before it is there, long before it is complete itself. */
  #starts(mark: PesMark): void {
    if (mark.pts90k === null) return
    const track = this.#tracks.get(mark.pid)
    if (track !== undefined) {
      track.until = this.#ptsTime(mark.pts90k) ?? track.until
      track.startedPts90k = mark.pts90k
    }
    if (mark.pid !== this.#videoPid || (this.#open === null && !mark.randomAccess)) return
    const time = this.#time(mark.dts90k ?? mark.pts90k)
    if (this.#open !== null && (mark.randomAccess || time - this.#open.start90k >= PIECE_90K))
      this.#closeOpen({ time, isAccess: mark.randomAccess, dts90k: mark.dts90k ?? mark.pts90k })
    this.#announce({ time90k: time, randomAccess: mark.randomAccess })
  }

  #announce(start: { readonly time90k: number; readonly randomAccess: boolean }): void {
    this.#newest = start
    for (const follower of this.#followers) follower.picture(start)
  }

  #unit(unit: PesUnit): void {
    if (unit.pid === this.#videoPid) this.#picture(unit)
    else this.#sound(unit)
  }

  #next: { readonly dts90k: number } | null = null

  #picture(unit: PesUnit): void {
    // Between pieces only the picture that ended the last one goes on, or a random access point.
    if (this.#open === null && !unit.randomAccess && this.#next?.dts90k !== unit.dts90k) return
    const time = this.#time(unit.dts90k)
    if (unit.randomAccess) {
      const codec = this.#codecOf(unit.pid)
      const bytes = elementaryBytes(unit)
      const facts = videoFacts(codec, bytes)
      this.#isOpenGop = mayHaveLeading(codec, bytes)
      if (facts !== null && this.#facts !== null && !isSameFacts(facts, this.#facts)) this.#broken = true
      this.#facts = facts ?? this.#facts
      this.#ptsOffset = diff90k(unit.pts90k, unit.dts90k)
    }
    this.#open ??= this.#begin(time, unit.randomAccess, unit.dts90k, add90k(unit.dts90k, this.#ptsOffset))
    this.#open.video.push(unit)
  }

  #codecOf(pid: number) {
    return this.#program?.streams.find((stream) => stream.pid === pid)?.codec ?? 'other'
  }

  #begin(time: number, randomAccess: boolean, startDts90k: number, startPts90k: number): OpenPiece {
    const program = this.#program
    if (program === null) throw new TypeError('A unit came before its programme')
    // Wall clock by media time: the first piece says when the ring's clock was 0.
    this.#dateBase ??= this.#now() - time / 90
    const piece: OpenPiece = {
      index: this.#nextIndex,
      start90k: time,
      startDts90k,
      startPts90k,
      randomAccess,
      discontinuity: this.#broken,
      dateMs: this.#dateBase + time / 90,
      program,
      facts: this.#facts,
      video: [],
    }
    this.#nextIndex += 1
    this.#hasStarted = true
    this.#broken = false
    this.#next = null
    for (const follower of this.#followers) follower.piece(headOf(piece))
    return piece
  }

  #closeOpen(end?: { readonly time: number; readonly isAccess: boolean; readonly dts90k: number }): void {
    const open = this.#open
    this.#open = null
    this.#next = end ?? null
    if (open === null) return
    const last = open.video.at(-1)
    const until =
      end?.time ??
      (last === undefined
        ? Math.max(...[...this.#tracks.values()].map(({ until: sound }) => sound), open.start90k) + PICTURE_90K
        : this.#time(last.dts90k) + PICTURE_90K)
    this.#end90k = until
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
    if (!track.isText) {
      this.onAudio(unit)
      if (this.#videoPid === null) this.#cutRadio(unit)
    }
    if (this.#clock === null) return
    track.waiting.push(unit)
    if (track.waiting.length > MAX_WAITING) track.waiting.shift()
    track.isSilent = false
  }

  /** A PTS on the ring's clock; null while there is none. */
  #ptsTime(pts90k: number): number | null {
    return this.#clock === null ? null : this.#clock.time + diff90k(pts90k, this.#clock.stamp)
  }

  /** How much later than its DTS the picture of a random access point is shown: sound that is heard with it belongs to it. */
  get #soundLag90k(): number {
    return this.#videoPid === null ? 0 : this.#ptsOffset
  }

  #cutRadio(unit: PesUnit): void {
    this.#leader ??= unit.pid
    if (unit.pid !== this.#leader) return
    const time = this.#time(unit.pts90k)
    if (this.#open !== null && time - this.#open.start90k >= PIECE_90K)
      this.#closeOpen({ time, isAccess: true, dts90k: unit.pts90k })
    this.#announce({ time90k: time, randomAccess: true })
    this.#open ??= this.#begin(time, true, unit.pts90k, unit.pts90k)
  }

  /** Lists closed pieces whose sound has come. */
  #settle(hasJustStarted: boolean): void {
    // Who waits for a description need not wait for the first piece.
    let changed = hasJustStarted
    for (let piece = this.#closing[0]; piece !== undefined; piece = this.#closing[0]) {
      if (!this.hasSound(piece.start90k + piece.duration90k + this.#soundLag90k, piece.closedAt)) break
      this.#closing.shift()
      this.#complete(piece)
      changed = true
    }
    for (const follower of this.#followers) changed = follower.settle() || changed
    if (changed) this.#tell()
  }

  /** A track that never came yet is not waited for when others have: many programmes announce more than they send. */
  #isAwaited(missing: readonly Track[]): boolean {
    const hasSound = [...this.#tracks.values()].some(({ until, isText }) => !isText && until > -Infinity)
    return missing.some(({ until }) => until > -Infinity || !hasSound)
  }

  #complete(piece: ClosedPiece): void {
    const end = piece.start90k + piece.duration90k
    const audio = new Map<number, PesUnit[]>()
    for (const [pid, track] of this.#tracks) {
      const units: PesUnit[] = []
      const later: PesUnit[] = []
      for (const unit of track.waiting) {
        const time = (this.#ptsTime(unit.pts90k) ?? end + this.#soundLag90k) - this.#soundLag90k
        if (time >= end) later.push(unit)
        else if (time >= piece.start90k || track.isText) units.push(unit)
      }
      track.waiting = later
      audio.set(pid, units)
    }
    for (const units of [piece.video, ...audio.values()]) for (const unit of units) this.#count(unit)
    const packed = pack([piece.video, ...audio.values()])
    const [video = [], ...tracks] = packed.lists
    const { closedAt: _, ...rest } = piece
    this.#pieces.push({
      ...rest,
      listedAtMs: this.#now(),
      video,
      audio: new Map([...audio.keys()].map((pid, index) => [pid, tracks[index] ?? []])),
      bytes: packed.bytes,
    })
    this.#bytes += packed.bytes
    for (let oldest = this.#pieces[0]; oldest !== undefined && this.#pieces.length > 1; oldest = this.#pieces[0]) {
      if (end - oldest.start90k <= this.keepSeconds * 90_000 && this.#bytes <= MAX_BYTES) break
      this.#pieces.shift()
      this.#bytes -= oldest.bytes
    }
  }

  /** Continuity counters run on over what was left out between units. ISO/IEC 13818-1, 2.4.3.3. */
  #count({ pid, bytes }: PesUnit): void {
    let counter = this.#counters.get(pid) ?? 15
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      if (hasPayload(bytes, offset)) counter = (counter + 1) & 0x0f
      writeContinuity(bytes, offset, counter)
    }
    this.#counters.set(pid, counter)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** What followers may keep: no pictures. */
const headOf = (piece: OpenPiece | Piece): PieceHead => ({
  index: piece.index,
  start90k: piece.start90k,
  startDts90k: piece.startDts90k,
  startPts90k: piece.startPts90k,
  randomAccess: piece.randomAccess,
  discontinuity: piece.discontinuity,
  dateMs: piece.dateMs,
  program: piece.program,
  facts: piece.facts,
})

/** The same units with their bytes in one buffer: a buffer for each picture costs more than many a picture. */
function pack(lists: readonly (readonly PesUnit[])[]): { readonly lists: PesUnit[][]; readonly bytes: number } {
  const total = lists.reduce((sum, units) => units.reduce((all, { bytes }) => all + bytes.length, sum), 0)
  const buffer = new Uint8Array(total)
  let at = 0
  const packed = lists.map((units) =>
    units.map((unit) => {
      const from = at
      buffer.set(unit.bytes, from)
      at += unit.bytes.length
      return { ...unit, bytes: buffer.subarray(from, at) }
    }),
  )
  return { lists: packed, bytes: total }
}

const isSameFacts = (a: VideoFacts, b: VideoFacts): boolean =>
  a.codec === b.codec && a.width === b.width && a.height === b.height

/** Teletext and subtitles of a programme, in its order. */
export const textStreams = (program: Program): readonly ElementaryStream[] =>
  program.streams.filter(({ kind }) => kind === 'teletext' || kind === 'subtitle')

/** The sound tracks of a programme, in its order. */
export const audioStreams = (program: Program): readonly ElementaryStream[] =>
  program.streams.filter(({ kind }) => kind === 'audio')
