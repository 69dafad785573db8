import { ChunkWriter } from './chunk-writer.ts'
import { ClockJitter } from './clock-jitter.ts'
import { ContinuityCheck } from './continuity.ts'
import { programMaker } from './output-program.ts'
import type { OutputProgram } from './output-program.ts'
import {
  adaptationFlags,
  hasPayload,
  isDamaged,
  isScrambled,
  NULL_PID,
  PACKET_SIZE,
  payloadAt,
  pidAt,
  startsUnit,
} from './packet.ts'
import { moveTimes, readPesHeader, removeTimes } from './pes-header.ts'
import type { PesHeader } from './pes-header.ts'
import { ProgramFinder } from './program-finder.ts'
import type { Program } from './program.ts'
import type { ParsedPmt } from './psi.ts'
import { TimeLine } from './timeline.ts'
import { add90k, diff90k, readPcr, writePcr } from './timestamps.ts'
import { Track } from './track.ts'
import { ReferenceMender } from './reference-marking.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'
import { isSamePicture, NO_PACKETS, WholeUnit, withPacket } from './whole-unit.ts'

/** Packets of a picture that are kept until it is known; more belong to something that is no picture. */
const MAX_HELD = 128
/** Sound and subtitles further from the picture than this belong to another time: 10 s, 90 kHz. */
const NEAR_90K = 900_000
/** Times that go back by no more than this are left out, the data pass: 1 s, 90 kHz. */
const SLIP_90K = 90_000
/** Without DTS the times of pictures go back by no more than this: 2 s, 90 kHz. */
const REORDER_90K = 180_000
/** A programme whose picture does not come at all starts with its sound after this time. */
const SOUND_ALONE_MS = 5000
/** Times that make no sense, or keep a stream from starting, for this long begin a new time. */
const WILD_MS = 2000
const BLOCKED_MS = 5000
/** Packets that may wait for the first PCR: more than half a second of UHD. */
const MAX_EARLY = 16_000
/** Without a PCR for this long after the PMT, the times of the main stream stand in for it. */
const NO_PCR_MS = 2000
/** A clock made of DTS lies before them: 0.7 s, 90 kHz, as FFmpeg has it. */
const MADE_CLOCK_90K = 63_000

// What a PID carries, as bits.
const TABLE = 1
const MEDIA = 2
const CLOCK = 4

/** What the splicer has met in one upstream. */
export type SplicerCounts = {
  /** Continuity errors of the upstream, `ISO/IEC 13818-1, 2.4.3.3`. */
  continuityErrors: number
  /** Packets of the programme in the clear. */
  clear: number
  /** Packets of the picture (without one: of the sound) that came encrypted. */
  scrambled: number
  /** Packets of the picture in the clear, and how many of them began a PES packet as they should. */
  leading: number
  leadingPes: number
}

const NOTHING_YET: SplicerCounts = { continuityErrors: 0, clear: 0, scrambled: 0, leading: 0, leadingPes: 0 }

/** What a splicer needs. `onProgram` comes before the first chunk and before the first one after each change. */
export type SplicerOptions = {
  readonly onProgram: (program: Program) => void
  readonly onChunk: (chunk: TsChunk) => void
  readonly now: () => number
  /**
   * PES packets are sent as a whole or not at all, so that no decoder meets half a picture where an upstream breaks off. It
   * costs the time of one picture.
   */
  readonly wholeUnits?: boolean
}

/**
 * Makes one endless transport stream out of one upstream after another.
 *
 * In: whole packets. Out: one programme with our own PAT and PMT, stable PIDs, our own continuity counters, one time line
 * of PCR, PTS and DTS modulo 2³³, no null packets, nothing encrypted, no CA descriptors; starts with a random access point.
 * When another upstream follows (`nextUpstream`), what it repeats is cut by time stamps; when its clock is another one,
 * its times are moved behind the last ones. What cannot be joined is announced by discontinuity_indicator.
 */
export class Splicer {
  readonly #options: SplicerOptions
  readonly #writer: ChunkWriter
  readonly #maker: OutputProgram = programMaker()
  readonly #line = new TimeLine()
  #finder: ProgramFinder
  #program: Program | null = null

  /** All tracks that ever were, by output PID; those of the programme in its order. */
  readonly #allTracks = new Map<number, Track>()
  #tracks: readonly Track[] = []
  /** The picture, or without one the sound. */
  #leader: Track | null = null
  #openTracks = 0
  /** Input PID → what it carries, and its track; for the upstream at hand. */
  readonly #roles = new Uint8Array(8192)
  #byPid = new Map<number, Track>()
  #pcrPid = -1
  /** The track whose DTS stand in for a PCR that does not come. */
  #madeClock: Track | null = null
  #announcesBreak = false
  /** Packets that came before the first PCR of the upstream. */
  #early: Uint8Array[] = []

  readonly #continuity = new ContinuityCheck()

  /** When the upstream at hand had its first PMT. */
  #programAt = 0
  /** When the last PES packet of sound or picture was sent, epoch milliseconds. */
  sentAt = 0
  /** The upstream's picture has not come, and its sound has started without. */
  isSoundAlone = false
  counts: SplicerCounts = { ...NOTHING_YET }
  /** How unsteadily the upstream at hand arrives. */
  readonly jitter = new ClockJitter()

  constructor(options: SplicerOptions) {
    this.#options = options
    const { now, onChunk } = options
    this.#writer = new ChunkWriter({ now, onChunk, clock: () => this.#line.lastOut })
    this.#finder = this.#newFinder(null)
  }

  /** The programme as we announce it; null before the first PMT. */
  get program(): Program | null {
    return this.#program
  }

  /** Bytes of output so far, also those that are not handed out yet. */
  get position(): number {
    return this.#writer.position
  }

  /** Tables of the upstream at hand: how many were read, and how many in a row did not name the programme. */
  get tables(): { readonly read: number; readonly missing: number } {
    return { read: this.#finder.tables, missing: this.#finder.missing }
  }

  /** Since when the picture (without one: the sound) comes encrypted, epoch milliseconds; null: it does not. */
  get darkAt(): number | null {
    return this.#leader?.darkAt ?? null
  }

  #newFinder(programNumber: number | null): ProgramFinder {
    return new ProgramFinder(programNumber, (pmt) => this.#onPmt(pmt))
  }

  /** The upstream is over: hands out all that came of it. */
  endUpstream(): void {
    for (const track of this.#tracks) {
      if (track.undecided !== null) this.#decide(track, true)
      this.#close(track)
      track.darkAt = null
      track.isSeen = false
    }
    this.#byPid = new Map()
    this.#early = []
    this.#setRoles()
    this.#writer.flushAll()
  }

  /**
   * Another upstream begins. `programNumber` selects from its PAT; null: the first programme with a PMT. `isSoundAlone`: it
   * is known that its picture does not come. `isOtherClock`: its times have nothing to do with those before, however near
   * they lie; else that is told by how near they lie.
   */
  nextUpstream(
    programNumber: number | null,
    { isSoundAlone = false, isOtherClock = false }: { isSoundAlone?: boolean; isOtherClock?: boolean } = {},
  ): void {
    this.#pcrPid = -1
    this.#finder = this.#newFinder(programNumber)
    this.#maker.nextUpstream()
    this.endUpstream()
    this.#continuity.reset()
    this.#line.nextUpstream(isOtherClock)
    this.jitter.reset()
    this.#madeClock = null
    this.isSoundAlone = isSoundAlone
    this.counts = { ...NOTHING_YET }
  }

  /** Hands out what is there and decided; to be called often. */
  flush(): void {
    this.#writer.flush()
  }

  /** Takes whole packets, whose headers it changes. Chunks come out through `onChunk` as they fill. */
  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) this.#packet(bytes, offset)
    this.#writer.settle()
  }

  // ── packets ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #packet(bytes: Uint8Array, offset: number): void {
    const pid = pidAt(bytes, offset)
    const role = this.#roles[pid] ?? 0
    if (role === 0 || isDamaged(bytes, offset)) return
    const place = this.#continuity.see(bytes, offset, pid)
    if (place === 'repeated') return
    if (place === 'behind-loss') this.counts.continuityErrors += 1
    if ((role & TABLE) !== 0) {
      if (pid === 0 ? this.#finder.pat(bytes, offset) : this.#finder.pmt(pid, bytes, offset)) this.#setRoles()
      return
    }
    const pcr = (role & CLOCK) !== 0 && this.#madeClock === null ? readPcr(bytes, offset) : null
    if (pcr !== null) {
      this.#clock(pcr)
      this.#takeEarly()
    }
    const track = (role & MEDIA) !== 0 ? this.#byPid.get(pid) : undefined
    if (track === undefined) {
      if (pcr !== null) this.#sendClock(pcr)
      return
    }
    // A picture's PID may carry the clock of a programme without pictures.
    track.isSeen ||= hasPayload(bytes, offset)
    if (isScrambled(bytes, offset)) {
      if (track === this.#leader) this.counts.scrambled += 1
      track.darkAt ??= this.#options.now()
      this.#close(track)
      if (pcr !== null) this.#sendClock(pcr)
      return
    }
    this.counts.clear += 1
    if (track === this.#leader) this.counts.leading += 1
    if (!this.#line.isKnown && this.#waitsForClock()) this.#early.push(bytes.slice(offset, offset + PACKET_SIZE))
    else this.#media(bytes, offset, track, pcr)
  }

  /** What comes before the first PCR has times that mean nothing yet: the key frame with which many sources begin. */
  #waitsForClock(): boolean {
    if (this.#early.length < MAX_EARLY && this.#options.now() - this.#programAt < NO_PCR_MS) return true
    this.#takeEarly()
    return false
  }

  #takeEarly(): void {
    if (this.#early.length === 0) return
    const early = this.#early
    this.#early = []
    for (const packet of early) {
      const track = this.#byPid.get(pidAt(packet, 0))
      if (track !== undefined) this.#media(packet, 0, track, null)
    }
    this.#writer.settle()
  }

  #setRoles(): void {
    const roles = this.#roles.fill(0)
    for (const pid of this.#byPid.keys()) roles[pid] = MEDIA
    if (this.#pcrPid >= 0 && this.#pcrPid !== NULL_PID) roles[this.#pcrPid] = (roles[this.#pcrPid] ?? 0) | CLOCK
    for (const pid of this.#finder.pmtPids()) roles[pid] = TABLE
    roles[0] = TABLE
  }

  #onPmt(pmt: ParsedPmt): void {
    const { program, pids, changed } = this.#maker.next(pmt)
    this.#programAt = this.#options.now()
    for (const track of this.#tracks) if (track.undecided !== null) this.#decide(track, true)
    const tracks = program.streams.map((stream) => this.#trackOf(stream))
    for (const track of this.#tracks) if (!tracks.includes(track)) this.#close(track)
    this.#tracks = tracks
    this.#leader = tracks.find(({ isVideo }) => isVideo) ?? tracks.find(({ isTimed }) => isTimed) ?? null
    this.#pcrPid = pmt.pcrPid
    this.#byPid = new Map()
    for (const [index, input] of pids.entries()) {
      const track = tracks[index]
      if (track !== undefined && input !== NULL_PID) this.#byPid.set(input, track)
    }
    this.#setRoles()
    if (!changed) return
    // What is in the buffer still belongs to the old programme.
    this.#writer.flushAll()
    this.#program = program
    this.#writer.announce(program)
    this.#options.onProgram(program)
  }

  #trackOf(stream: Program['streams'][number]): Track {
    const track = this.#allTracks.get(stream.pid) ?? new Track(stream)
    track.stream = stream
    this.#allTracks.set(stream.pid, track)
    return track
  }

  // ── the clock ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #clock(pcr: number): void {
    const now = this.#options.now()
    this.jitter.see(pcr, now)
    if (this.#line.see(pcr, now)) this.#closeAll()
    else if (this.#openTracks > 0 && this.#line.hasGap()) this.#break()
  }

  #closeAll(): void {
    for (const track of this.#tracks) this.#close(track)
  }

  #open(track: Track): void {
    // Time went by until there was something to start with: nobody has to wait for it again.
    if (this.#openTracks === 0 && this.#line.hasGap()) this.#line.move(this.#options.now())
    if (!track.isOpen) this.#openTracks += 1
    track.isOpen = true
    track.isSkipping = false
    track.blockedAt = null
    track.darkAt = null
    this.#line.isFresh = false
  }

  #close(track: Track): void {
    if (track.isOpen) this.#openTracks -= 1
    track.close()
  }

  /** Announces on every PID that time or continuity is not joined here. */
  #break(): void {
    this.#announcesBreak = false
    const { program } = this
    if (program === null || this.#line.lastOut === null) return
    const { current } = this.#line
    this.#writer.breakOff(new Set([0, program.pmtPid, program.pcrPid, ...program.streams.map(({ pid }) => pid)]))
    // The next clock follows this one, not the one before the gap.
    if (current !== null && diff90k(current, this.#line.lastOut) > 0) this.#sendClockAt(current)
  }

  /** A packet that carries nothing but the clock, for times whose own packet is dropped or still held. */
  #sendClock(pcr: number): void {
    if (this.#openTracks > 0 && this.#line.isAhead(pcr)) this.#sendClockAt(add90k(pcr, this.#line.delta))
  }

  #sendClockAt(time: number): void {
    const base = this.#line.stamp(add90k(time, -this.#line.delta), this.#options.now())
    if (this.#program !== null) this.#writer.clock(this.#program.pcrPid, base)
  }

  /** The times of the main stream stand in for a PCR that does not come. */
  #makeClock(track: Track, dts: number): void {
    const main = this.#tracks.find(({ isVideo, isSeen }) => isVideo && isSeen) ?? track
    if (track !== main || !track.isTimed) return
    if (this.#madeClock === null && (this.#line.isKnown || this.#options.now() - this.#programAt < NO_PCR_MS)) return
    this.#madeClock = track
    const pcr = add90k(dts, -MADE_CLOCK_90K)
    this.#clock(pcr)
    this.#sendClock(pcr)
  }

  // ── sound and pictures ─────────────────────────────────────────────────────────────────────────────────────────────

  #media(bytes: Uint8Array, offset: number, track: Track, pcr: number | null): void {
    if (startsUnit(bytes, offset)) this.#startPes(bytes, offset, track)
    else if (track.held !== null || track.undecided !== null) track.addPicture(bytes, payloadAt(bytes, offset), offset)

    if (track.twin !== null) track.twin = withPacket(track.twin, bytes, offset)
    if (track.held !== null) {
      track.held.push(bytes.slice(offset, offset + PACKET_SIZE))
      if (track.held.length > MAX_HELD) this.#refuse(track)
      if (pcr !== null) this.#sendClock(pcr)
    } else if (track.whole !== null) {
      const isWhole = track.whole.push(bytes, offset)
      // Everything begins with tables and a picture.
      if (pcr !== null && this.#line.lastOut !== null) this.#sendClock(pcr)
      if (isWhole) this.#release(track)
    } else if (track.isOpen && !track.isSkipping) this.#write(bytes, offset, track)
    else if (pcr !== null) this.#sendClock(pcr)

    if (track.held !== null || track.undecided !== null) this.#decide(track, false)
  }

  #startPes(bytes: Uint8Array, offset: number, track: Track): void {
    if (track.held !== null || track.undecided !== null) this.#decide(track, true)
    this.#release(track)
    const wasSkipping = track.isSkipping
    track.held = null
    track.isSkipping = true
    const header = readPesHeader(bytes, offset)
    if (header === null) return
    if (track === this.#leader) this.counts.leadingPes += 1
    if (header.dts90k !== null) this.#makeClock(track, header.dts90k)
    if (!track.isOpen) {
      this.#tryStart(bytes, offset, track, header)
      return
    }
    if (track.dropsLeading && this.#isLeading(track, header, wasSkipping)) return
    if (!this.#isFitting(bytes, track, header)) return
    track.isSkipping = false
    this.#begin(bytes, offset, track, header)
  }

  /** Sends the PES packet that was kept, with what a decoder cannot follow taken out. */
  #release(track: Track): void {
    const { whole } = track
    track.whole = null
    const [first, ...others] = whole?.packets ?? []
    const header = first === undefined ? null : readPesHeader(first, 0)
    if (whole === null || first === undefined || header === null) return
    const wasStarting = track.isStarting
    track.isStarting = false
    let isAccess = false
    if (track.isVideo) {
      track.beginPicture(first, header.payloadAt, 0)
      for (const packet of others) track.addPicture(packet, payloadAt(packet, 0), 0)
      isAccess = track.inspect(true) === 'random-access'
      // From the next random access point on nothing refers to what was before the first one.
      if (isAccess && !wasStarting) track.mender = null
    }
    const joined = whole.joined()
    // Only of pictures that are sent as a whole is it known that nothing of them is missing.
    track.last = track.isVideo && this.#options.wholeUnits === true ? whole.likeness() : null
    const bytes = track.mender?.mend(joined) ?? joined
    this.#beginPes(bytes, 0, track, header)
    const mark = track.undecided
    track.undecided = null
    if (mark !== null) this.#decided(track, mark, isAccess)
    if (wasStarting) track.dropsLeading = true
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) this.#write(bytes, offset, track)
    this.#writer.settle()
  }

  /** A picture that is shown before the random access point at which the decoder started, or a second field of one. */
  #isLeading(track: Track, { pts90k }: PesHeader, wasSkipping: boolean): boolean {
    if (pts90k === null || track.accessPts === null) return wasSkipping
    return diff90k(add90k(pts90k, this.#line.delta), track.accessPts) < 0
  }

  /** Whether the times of a PES packet of an open track can be sent, if need be without them. */
  #isFitting(bytes: Uint8Array, track: Track, header: PesHeader): boolean {
    if (header.dts90k === null || track.lastDts === null) return true
    const step = diff90k(add90k(header.dts90k, this.#line.delta), track.lastDts)
    // Some senders write the time of showing only, and pictures are not sent in that order.
    const least = !track.isTimed ? 0 : track.isVideo && !header.hasDts ? -REORDER_90K : 1
    if (step >= least && (step <= NEAR_90K || !track.isTimed)) {
      track.wildAt = null
      return true
    }
    const now = this.#options.now()
    track.wildAt ??= now
    if (now - track.wildAt >= WILD_MS) this.#close(track)
    else if (step <= 0 && step > -SLIP_90K) {
      removeTimes(bytes, header)
      return true
    }
    return false
  }

  /** A decoder may start here if this has a time behind all that was sent, and with or behind the picture. */
  #tryStart(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    if (!this.#line.isKnown) return
    if (this.#goesOn(track, header)) {
      this.#open(track)
      this.#startPes(bytes, offset, track)
      return
    }
    if (!this.#isBehindLast(track, header)) return
    if (track.isVideo) {
      track.held = []
      track.beginPicture(bytes, header.payloadAt, offset)
      return
    }
    if (!this.#mayJoin(track, header.pts90k)) return
    this.#open(track)
    this.#begin(bytes, offset, track, header)
  }

  /** A PES packet that is to be sent starts here: it is kept until it is whole, or sent as it comes. */
  #begin(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    if (this.#options.wholeUnits === true || track.mender !== null) track.whole = new WholeUnit(bytes, header)
    else this.#beginPes(bytes, offset, track, header)
  }

  /**
   * Whether this picture follows the last one that was sent, bit for bit: the same broadcast from another receiver, or
   * from a source that repeats its last seconds. Then a decoder needs no random access point.
   */
  #goesOn(track: Track, { dts90k }: PesHeader): boolean {
    const { twin, last, lastDts } = track
    track.twin = null
    if (!track.isVideo || last === null || lastDts === null || dts90k === null) return false
    const step = diff90k(add90k(dts90k, this.#line.delta), lastDts)
    if (step === 0) track.twin = NO_PACKETS
    return twin !== null && step > 0 && isSamePicture(twin, last)
  }

  #isBehindLast(track: Track, { dts90k }: PesHeader): boolean {
    // Teletext and subtitles may come without any times.
    if (dts90k === null) return !track.isTimed
    if (track.lastDts === null) return true
    const step = diff90k(add90k(dts90k, this.#line.delta), track.lastDts)
    if (step > 0) {
      if (track.isTimed && step > NEAR_90K) this.#announcesBreak = true
      return true
    }
    if (this.#openTracks > 0 || (!track.isVideo && this.#hasVideo())) return false
    return this.#giveWay(track, step)
  }

  /** The main stream's times lie before the last ones that were sent: is that an overlap, or does a new time begin? */
  #giveWay(track: Track, step: number): boolean {
    const now = this.#options.now()
    if (this.#line.isFresh && -step <= NEAR_90K) {
      this.#line.shift(1 - step + 3600)
      return true
    }
    if (this.#line.isFresh) {
      // Its last time was a wild one.
      for (const each of this.#allTracks.values()) each.lastDts = null
      this.#announcesBreak = true
      return true
    }
    track.blockedAt ??= now
    if (now - track.blockedAt < BLOCKED_MS) return false
    track.blockedAt = null
    this.#line.move(now)
    return this.#giveWay(track, step)
  }

  #hasVideo(): boolean {
    return !this.isSoundAlone && this.#tracks.some(({ isVideo }) => isVideo)
  }

  /** Sound and subtitles start with or behind the first picture of a television programme, at once in radio. */
  #mayJoin(track: Track, pts: number | null): boolean {
    const video = this.#tracks.find(({ isVideo }) => isVideo)
    if (video === undefined) return true
    // Everything begins with a picture, also when that one is kept until it is whole.
    if (video.isStarting && this.#line.lastOut === null) return false
    if (!video.isOpen || video.accessPts === null) {
      if (this.isSoundAlone) return !video.isSeen
      this.isSoundAlone = !video.isSeen && track.isTimed && this.#options.now() - this.#programAt >= SOUND_ALONE_MS
      return this.isSoundAlone
    }
    this.isSoundAlone = false
    if (pts === null) return true
    const ahead = diff90k(add90k(pts, this.#line.delta), video.accessPts)
    return ahead > -SLIP_90K && ahead < NEAR_90K
  }

  /** A PES packet that is sent starts in this packet. */
  #beginPes(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    // Without times if they had to be taken out.
    const hasTimes = ((bytes[header.at + 7] ?? 0) & 0x80) !== 0
    const pts = header.pts90k === null || !hasTimes ? null : add90k(header.pts90k, this.#line.delta)
    const dts = header.dts90k === null || !hasTimes ? null : add90k(header.dts90k, this.#line.delta)
    if (hasTimes) moveTimes(bytes, header, this.#line.delta)
    const mark = this.#mark(track, { pts90k: pts, dts90k: dts }, !track.isVideo)
    if (!track.isVideo) return
    track.undecided = mark
    track.beginPicture(bytes, header.payloadAt, offset)
  }

  #mark(track: Track, { pts90k, dts90k }: Pick<PesMark, 'pts90k' | 'dts90k'>, isDecided: boolean): PesMark {
    if (this.#announcesBreak || this.#line.hasGap()) this.#break()
    this.#writer.repeatTables(this.#line.lastOut ?? dts90k ?? 0)
    const { pid, kind } = track.stream
    const leading = track.isVideo && pts90k !== null && track.accessPts !== null && diff90k(pts90k, track.accessPts) < 0
    if (dts90k !== null && (track.lastDts === null || diff90k(dts90k, track.lastDts) > 0)) track.lastDts = dts90k
    if (track.isTimed) this.sentAt = this.#options.now()
    return this.#writer.mark({ pid, kind, pts90k, dts90k, randomAccess: !track.isVideo, leading }, isDecided)
  }

  /** Tells a key frame as soon as it can be told, or when the picture is over. */
  #decide(track: Track, isOver: boolean): void {
    const start = track.inspect(isOver)
    if (start === 'undecided') return
    const isAccess = start === 'random-access'
    if (track.held !== null) {
      if (isAccess) this.#openWith(track, track.held)
      else this.#refuse(track)
      return
    }
    const mark = track.undecided
    track.undecided = null
    if (mark !== null) this.#decided(track, mark, isAccess)
  }

  /** It is known whether a decoder may start at the picture of this mark. */
  #decided(track: Track, mark: PesMark, isAccess: boolean): void {
    if (!this.#writer.decide(mark, isAccess) || !isAccess) return
    track.accessPts = mark.pts90k
    track.dropsLeading = false
  }

  #refuse(track: Track): void {
    track.held = null
    track.isSkipping = true
  }

  /** The track goes on with this random access point, whose first packets were held. */
  #openWith(track: Track, held: readonly Uint8Array[]): void {
    const [first] = held
    const header = first === undefined ? null : readPesHeader(first, 0)
    track.held = null
    if (first === undefined || header === null) return
    this.#open(track)
    track.isStarting = true
    track.isSkipping = false
    if (track.stream.codec === 'h264') track.mender = new ReferenceMender({ isSeam: track.lastDts !== null })
    track.whole = new WholeUnit(first, header)
    for (const packet of held) track.whole.push(packet, 0)
    // Sound may join from here on, although the picture itself is sent when it is whole.
    track.accessPts = header.pts90k === null ? null : add90k(header.pts90k, this.#line.delta)
    track.dropsLeading = true
    // Where nothing has to be changed in it, it need not be whole either.
    if (track.mender === null && this.#options.wholeUnits !== true) this.#release(track)
    this.#catchUp()
  }

  /** The clock does not wait for a picture that is kept until it is whole: what comes with the next one is no gap. */
  #catchUp(): void {
    const { current, lastOut } = this.#line
    if (this.#announcesBreak || this.#line.hasGap()) this.#break()
    else if (current !== null && lastOut !== null && diff90k(current, lastOut) > 0) this.#sendClockAt(current)
  }

  /** Sends a packet with our PID, counter and clock. */
  #write(bytes: Uint8Array, offset: number, track: Track): void {
    const flags = adaptationFlags(bytes, offset)
    if ((flags & 0x90) !== 0) {
      // Our own time line has no seam here, whatever the upstream says.
      bytes[offset + 5] = flags & 0x7f
      const pcr = readPcr(bytes, offset)
      if (pcr !== null) writePcr(bytes, offset, this.#clockFor(track, pcr))
    } else if ((bytes[offset + 3] ?? 0) < 0x10) return // reserved: neither payload nor adaptation field
    this.#writer.packet(bytes, offset, track.stream.pid)
  }

  #clockFor(track: Track, pcr: number): number {
    // A clock beside the programme's own is nobody's, but it should not look torn.
    if (track.stream.pid !== this.#program?.pcrPid || this.#madeClock !== null) return add90k(pcr, this.#line.delta)
    return this.#line.stamp(pcr, this.#options.now())
  }
}
