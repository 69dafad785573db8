import {
  continuityAt,
  adaptationFlags,
  hasPayload,
  isDamaged,
  isScrambled,
  NULL_PID,
  PACKET_SIZE,
  payloadAt,
  pidAt,
  startsUnit,
  writeContinuity,
  writeEmptyPacket,
  writePid,
} from './packet.ts'
import { programMaker } from './output-program.ts'
import type { OutputProgram } from './output-program.ts'
import type { ElementaryStream, Program } from './program.ts'
import { buildPat, buildPmt, packetize, parsePat, parsePmt, SectionReader } from './psi.ts'
import { add90k, diff90k, readPcr, readStamp, writePcr, writeStamp } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'
import { inspectPicture } from './video-access.ts'

/** A chunk is handed out when it has this size (or on `flush`). */
const CHUNK_BYTES = 348 * PACKET_SIZE // just under 64 KiB
/** Room behind it for tables and for a picture whose kind is not known yet. */
const SLACK_BYTES = 64 * PACKET_SIZE
/** Payload that is looked at to tell a key frame; parameter sets and messages fit in many times. */
const INSPECT_BYTES = 4096
/** Tables are repeated after this time on the stream's clock: 80 ms, 90 kHz. The rule is 100 ms (ETSI TR 101 290). */
const TABLES_EVERY_90K = 7200
/** A step of the clock beyond this, or any step back, is a new clock: 1 s, 90 kHz. PCR comes at least every 100 ms. */
const CLOCK_STEP_90K = 90_000
/** After a reconnect the clock counts as the same if it is no further off than this: 30 s, 90 kHz. */
const SAME_CLOCK_90K = 30 * 90_000

/** What the splicer has met in one upstream. */
export type SplicerCounts = {
  /** Continuity errors of the upstream, `ISO/IEC 13818-1, 2.4.3.3`. */
  continuityErrors: number
  /** Packets of the programme that were encrypted and dropped. */
  scrambled: number
  /** Packets of audio and video that were in the clear. */
  clear: number
  /** PATs read, and whether the last one listed the programme. */
  tables: number
  programListed: boolean
}

/** What a splicer needs. `onProgram` comes before the first chunk and before the first one after each change. */
export type SplicerOptions = {
  readonly onProgram: (program: Program) => void
  readonly onChunk: (chunk: TsChunk) => void
  readonly now: () => number
}

/** State of one elementary stream of the output. */
type Track = {
  readonly stream: ElementaryStream
  /** PES packets pass; closed until a place where a decoder may start, behind all that was sent. */
  open: boolean
  /** The PES packet under way is being dropped. */
  skipping: boolean
  /** DTS of the last PES start that was sent; null: none yet. */
  lastDts: number | null
  /** PTS of the last random access point that was sent. */
  accessPts: number | null
  /** Leading pictures are dropped up to the next random access point: the decoder started at this one. */
  dropLeading: boolean
  /** Packets of a picture that is not known yet to be a random access point, while closed; else null. */
  held: Uint8Array[] | null
  /** Index in `#marks` of a picture that is written but not known yet. */
  undecided: PesMark | null
  /** Payload of the picture so far, up to `INSPECT_BYTES`. */
  inspected: Uint8Array
  inspectedLength: number
}

/**
 * Makes one endless transport stream out of one upstream after another.
 *
 * In: whole packets. Out: one programme with our own PAT and PMT, stable PIDs, our own continuity counters, one time line
 * of PCR, PTS and DTS modulo 2³³, no null packets, nothing encrypted, no CA descriptors; starts with a random access point.
 * When another upstream follows (`nextUpstream`), what it repeats is cut by time stamps; when its clock is another one,
 * its times are moved behind the last ones. Nothing that was handed out is changed later.
 */
export class Splicer {
  readonly #options: SplicerOptions
  #out = new Uint8Array(CHUNK_BYTES + SLACK_BYTES)
  #used = 0
  #marks: PesMark[] = []
  #position = 0
  #discontinuity = false

  readonly #maker: OutputProgram = programMaker()
  #wanted: number | null = null
  #patReader = new SectionReader()
  #pmtReader = new SectionReader()
  #pmtPid = -1
  #pmtVersion = -1
  #program: Program | null = null
  #tracks: (Track | null)[] = []
  /** Input PID → track, for the upstream at hand. */
  readonly #byPid: (Track | null)[] = Array.from({ length: 8192 }, () => null)
  #pcrPid = -1
  readonly #lastIn = new Int8Array(8192).fill(-1)
  readonly #counters = new Uint8Array(8192)

  #delta = 0
  #clockKnown = false
  #joining = false
  #lastPcrIn: number | null = null
  #lastPcrOut: number | null = null
  #lastPcrAt = 0
  #tablesAt: number | null = null

  counts: SplicerCounts = { continuityErrors: 0, scrambled: 0, clear: 0, tables: 0, programListed: false }

  constructor(options: SplicerOptions) {
    this.#options = options
  }

  /** The programme as we announce it; null before the first PMT. */
  get program(): Program | null {
    return this.#program
  }

  /** Continuity counter of the last packet that was sent on each PID; for packets that stand between chunks. */
  get counters(): Uint8Array {
    return this.#counters
  }

  /** Another upstream begins. `programNumber` selects from its PAT; null: the first programme. */
  nextUpstream(programNumber: number | null): void {
    this.#wanted = programNumber
    this.#patReader = new SectionReader()
    this.#pmtReader = new SectionReader()
    this.#pmtPid = -1
    this.#pmtVersion = -1
    this.#byPid.fill(null)
    this.#lastIn.fill(-1)
    this.#clockKnown = false
    this.#joining = this.#lastPcrOut !== null
    this.#lastPcrIn = null
    for (const track of this.#tracks) if (track) this.#close(track)
    this.counts = { continuityErrors: 0, scrambled: 0, clear: 0, tables: 0, programListed: false }
  }

  #close(track: Track): void {
    track.open = false
    track.skipping = true
    track.held = null
    track.undecided = null
    track.inspectedLength = 0
  }

  /** Takes whole packets. Chunks come out through `onChunk` as they fill. */
  push(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) this.#packet(bytes, offset)
  }

  #packet(bytes: Uint8Array, offset: number): void {
    const pid = pidAt(bytes, offset)
    if (pid === NULL_PID || isDamaged(bytes, offset)) return
    if (pid === 0) {
      if (this.#checkContinuity(bytes, offset, pid)) this.#readPat(bytes, offset)
      return
    }
    if (pid === this.#pmtPid) {
      if (this.#checkContinuity(bytes, offset, pid)) this.#readPmt(bytes, offset)
      return
    }
    const track = this.#byPid[pid] ?? null
    const isClock = pid === this.#pcrPid
    if (track === null && !isClock) return
    const pcr = isClock ? readPcr(bytes, offset) : null
    if (pcr !== null) this.#clock(pcr, (adaptationFlags(bytes, offset) & 0x80) !== 0)
    if (!this.#checkContinuity(bytes, offset, pid)) return
    if (track === null) {
      if (pcr !== null && this.#isRunning()) this.#sendClock(pid, pcr)
      return
    }
    if (isScrambled(bytes, offset)) {
      this.counts.scrambled += 1
      if (track.open) this.#close(track)
      return
    }
    this.counts.clear += 1
    this.#media(bytes, offset, track, pcr)
  }

  /** Counts continuity errors; false for a repeated packet, which is dropped. */
  #checkContinuity(bytes: Uint8Array, offset: number, pid: number): boolean {
    if (!hasPayload(bytes, offset)) return true
    const counter = continuityAt(bytes, offset)
    const last = this.#lastIn[pid] ?? -1
    this.#lastIn[pid] = counter
    if (last < 0 || counter === ((last + 1) & 0x0f)) return true
    if ((adaptationFlags(bytes, offset) & 0x80) !== 0) return true
    if (counter === last) return false
    this.counts.continuityErrors += 1
    return true
  }

  #readPat(bytes: Uint8Array, offset: number): void {
    for (const section of this.#patReader.push(bytes, offset)) {
      const programs = parsePat(section)
      if (programs === null) continue
      const [first] = programs.values()
      const found = this.#wanted === null ? first : programs.get(this.#wanted)
      this.counts.tables += 1
      this.counts.programListed = found !== undefined
      if (found === undefined || found === this.#pmtPid) continue
      this.#pmtPid = found
      this.#pmtVersion = -1
      this.#pmtReader = new SectionReader()
    }
  }

  #readPmt(bytes: Uint8Array, offset: number): void {
    for (const section of this.#pmtReader.push(bytes, offset)) {
      const pmt = parsePmt(section)
      if (pmt === null || pmt.version === this.#pmtVersion) continue
      if (this.#wanted !== null && pmt.programNumber !== this.#wanted) continue
      this.#pmtVersion = pmt.version
      const { program, pids, changed } = this.#maker.next(pmt)
      this.#pcrPid = pmt.pcrPid
      this.#byPid.fill(null)
      const tracks = program.streams.map((stream) => this.#trackOf(stream))
      this.#tracks = tracks
      for (const [index, input] of pids.entries()) this.#byPid[input] = tracks[index] ?? null
      if (!changed) continue
      // What is in the buffer still belongs to the old programme.
      if (this.#used > 0) this.#emit(this.#used)
      this.#program = program
      this.#tablesAt = null
      this.#options.onProgram(program)
    }
  }

  #trackOf(stream: ElementaryStream): Track {
    const known = this.#tracks.find((track) => track?.stream.pid === stream.pid && track.stream.codec === stream.codec)
    if (known) return { ...known, stream }
    return {
      stream,
      open: false,
      skipping: true,
      lastDts: null,
      accessPts: null,
      dropLeading: false,
      held: null,
      undecided: null,
      inspected: stream.kind === 'video' ? new Uint8Array(INSPECT_BYTES) : new Uint8Array(0),
      inspectedLength: 0,
    }
  }

  /** Something was sent, so that the clock may run on. */
  #isRunning(): boolean {
    return this.#tracks.some((track) => track?.open === true)
  }

  /** Places the upstream's clock on our time line. */
  #clock(pcr: number, isAnnounced: boolean): void {
    const now = this.#options.now()
    if (!this.#clockKnown) {
      this.#clockKnown = true
      if (this.#joining && this.#lastPcrOut !== null) {
        const off = diff90k(add90k(pcr, this.#delta), this.#expected(now))
        // The same broadcast after a reconnect: its times go on, and what it repeats is cut by them.
        if (Math.abs(off) > SAME_CLOCK_90K) this.#moveClock(pcr, now)
      }
    } else if (this.#lastPcrIn !== null) {
      const step = diff90k(pcr, this.#lastPcrIn)
      if (step < 0 || step > CLOCK_STEP_90K || (isAnnounced && step !== 0)) {
        const silent = (now - this.#lastPcrAt) * 90
        // Time that really passed in silence is no jump of the clock.
        if (step < 0 || Math.abs(step - silent) > CLOCK_STEP_90K) this.#moveClock(pcr, now)
      }
    }
    this.#lastPcrIn = pcr
    this.#lastPcrAt = now
  }

  /** Where our own clock should be now. */
  #expected(now: number): number {
    return add90k(this.#lastPcrOut ?? 0, Math.max(0, now - this.#lastPcrAt) * 90)
  }

  /** Puts a clock that goes elsewhere behind the last times that were sent. */
  #moveClock(pcr: number, now: number): void {
    if (this.#lastPcrOut === null) return
    const gap = Math.min(Math.max((now - this.#lastPcrAt) * 90, 3600), CLOCK_STEP_90K)
    this.#delta = diff90k(add90k(this.#lastPcrOut, gap), pcr)
    for (const track of this.#tracks) if (track?.open === true) this.#close(track)
  }

  #media(bytes: Uint8Array, offset: number, track: Track, pcr: number | null): void {
    const isStart = startsUnit(bytes, offset)
    if (isStart) this.#startPes(bytes, offset, track)
    else if (track.stream.kind === 'video' && (track.held !== null || track.undecided !== null))
      this.#inspect(bytes, offset, track)

    if (track.held !== null) {
      track.held.push(bytes.slice(offset, offset + PACKET_SIZE))
      if (track.held.length * PACKET_SIZE > INSPECT_BYTES * 4) this.#drop(track)
      if (pcr !== null && this.#isRunning()) this.#sendClock(track.stream.pid, pcr)
    } else if (track.open && !track.skipping) this.#write(bytes, offset, track.stream.pid, isStart)
    else if (pcr !== null && this.#isRunning()) this.#sendClock(track.stream.pid, pcr)

    if (track.held !== null || track.undecided !== null) this.#decide(track, false)
  }

  #startPes(bytes: Uint8Array, offset: number, track: Track): void {
    if (track.held !== null || track.undecided !== null) this.#decide(track, true)
    track.held = null
    const at = payloadAt(bytes, offset)
    const isPes = bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1
    if (!isPes || at + 9 > offset + PACKET_SIZE) {
      track.skipping = true
      return
    }
    const { pts, dts } = readTimes(bytes, at)
    const outPts = pts === null ? null : add90k(pts, this.#delta)
    const outDts = dts === null ? null : add90k(dts, this.#delta)
    const isVideo = track.stream.kind === 'video'
    if (!track.open) {
      // A decoder starts here: it needs a time, and one behind all that was sent.
      const isBehind = outDts !== null && (track.lastDts === null || diff90k(outDts, track.lastDts) > 0)
      track.skipping = true
      if (!isBehind || !this.#clockKnown) return
      if (isVideo) {
        track.held = []
        this.#beginInspection(bytes, at, offset, track)
        return
      }
      if (!this.#mayStart(track, outPts)) return
      track.open = true
    }
    track.skipping = false
    if (
      isVideo &&
      track.dropLeading &&
      outPts !== null &&
      track.accessPts !== null &&
      diff90k(outPts, track.accessPts) < 0
    ) {
      track.skipping = true
      return
    }
    this.#mark(track, outPts, outDts)
    if (isVideo) this.#beginInspection(bytes, at, offset, track)
  }

  /** Sound and subtitles start with or behind the first picture of a television programme, at once in radio. */
  #mayStart(track: Track, pts: number | null): boolean {
    const video = this.#tracks.find((other) => other?.stream.kind === 'video')
    if (!video || video === track) return true
    if (!video.open || video.accessPts === null) return false
    return pts === null || video.lastDts === null || diff90k(pts, video.accessPts) > -CLOCK_STEP_90K
  }

  /** Notes a PES start at the end of what is written. */
  #mark(track: Track, pts: number | null, dts: number | null): PesMark {
    this.#repeatTables(track)
    const { pid, kind } = track.stream
    const mark: Writable<PesMark> = {
      offset: this.#used,
      pid,
      kind,
      pts90k: pts,
      dts90k: dts,
      randomAccess: kind !== 'video',
      leading: false,
    }
    this.#marks.push(mark)
    if (dts !== null) track.lastDts = dts
    if (kind === 'video') {
      mark.leading = pts !== null && track.accessPts !== null && diff90k(pts, track.accessPts) < 0
      track.undecided = mark
    }
    return mark
  }

  #beginInspection(bytes: Uint8Array, at: number, offset: number, track: Track): void {
    track.inspectedLength = 0
    const from = at + 9 + (bytes[at + 8] ?? 0)
    this.#collect(bytes, from, offset, track)
  }

  #inspect(bytes: Uint8Array, offset: number, track: Track): void {
    this.#collect(bytes, payloadAt(bytes, offset), offset, track)
  }

  #collect(bytes: Uint8Array, from: number, offset: number, track: Track): void {
    const room = Math.min(offset + PACKET_SIZE - from, INSPECT_BYTES - track.inspectedLength)
    if (room <= 0) return
    track.inspected.set(bytes.subarray(from, from + room), track.inspectedLength)
    track.inspectedLength += room
  }

  /** Tells a key frame as soon as it can be told, or when the picture is over. */
  #decide(track: Track, isOver: boolean): void {
    const start = inspectPicture(track.stream.codec, track.inspected, track.inspectedLength)
    const isFull = track.inspectedLength >= INSPECT_BYTES
    if (start === 'undecided' && !isOver && !isFull) return
    const isAccess = start === 'random-access'
    const { held } = track
    if (held !== null) {
      if (isAccess) this.#open(track, held)
      else this.#drop(track)
      return
    }
    const mark = track.undecided as Writable<PesMark> | null
    track.undecided = null
    if (mark === null || !isAccess) return
    mark.randomAccess = true
    mark.leading = false
    track.accessPts = mark.pts90k
    track.dropLeading = false
  }

  #drop(track: Track): void {
    track.held = null
    track.undecided = null
    track.skipping = true
  }

  /** The stream goes on with this random access point, whose first packets were held. */
  #open(track: Track, held: readonly Uint8Array[]): void {
    const [first] = held
    track.held = null
    if (first === undefined) return
    const { pts, dts } = readTimes(first, payloadAt(first, 0))
    const outPts = pts === null ? null : add90k(pts, this.#delta)
    track.open = true
    track.skipping = false
    track.accessPts = null
    const mark = this.#mark(track, outPts, dts === null ? null : add90k(dts, this.#delta)) as Writable<PesMark>
    mark.randomAccess = true
    track.undecided = null
    track.accessPts = outPts
    track.dropLeading = true
    for (const [index, packet] of held.entries()) this.#write(packet, 0, track.stream.pid, index === 0)
  }

  /** Copies a packet to the output with our PID, counter and times. */
  #write(bytes: Uint8Array, offset: number, pid: number, isPesStart: boolean): void {
    const at = this.#reserve()
    const out = this.#out
    out.set(bytes.subarray(offset, offset + PACKET_SIZE), at)
    writePid(out, at, pid)
    this.#count(out, at, pid)
    if ((adaptationFlags(out, at) & 0x90) !== 0) {
      // Our own time line has no seam here, whatever the upstream says.
      out[at + 5] = (out[at + 5] ?? 0) & 0x7f
      const pcr = readPcr(out, at)
      if (pcr !== null) this.#stampClock(out, at, pcr)
    }
    if (isPesStart && this.#delta !== 0) restamp(out, payloadAt(out, at), this.#delta)
  }

  #count(out: Uint8Array, at: number, pid: number): void {
    let counter = this.#counters[pid] ?? 0
    if (hasPayload(out, at)) {
      counter = (counter + 1) & 0x0f
      this.#counters[pid] = counter
    }
    writeContinuity(out, at, counter)
  }

  #stampClock(out: Uint8Array, at: number, pcr: number): void {
    let base = add90k(pcr, this.#delta)
    // The clock never stands or goes back, even where an upstream repeats itself.
    if (this.#lastPcrOut !== null && diff90k(base, this.#lastPcrOut) <= 0) base = add90k(this.#lastPcrOut, 1)
    writePcr(out, at, base)
    this.#lastPcrOut = base
  }

  /** A packet that carries nothing but the clock, for times whose own packet is dropped. */
  #sendClock(pid: number, pcr: number): void {
    if (this.#lastPcrOut !== null && diff90k(add90k(pcr, this.#delta), this.#lastPcrOut) <= 0) return
    const outPid = this.#program?.pcrPid ?? pid
    const at = this.#reserve()
    writeEmptyPacket(this.#out, at, { pid: outPid, counter: this.#counters[outPid] ?? 0, flags: 0x10 })
    this.#stampClock(this.#out, at, pcr)
  }

  /** Writes PAT and PMT when they are due; before a PES start, so that they never split one. */
  #repeatTables(track: Track): void {
    const program = this.#program
    if (program === null) return
    const clock = this.#lastPcrOut ?? track.lastDts ?? 0
    if (this.#tablesAt !== null) {
      const age = diff90k(clock, this.#tablesAt)
      if (age >= 0 && age < TABLES_EVERY_90K) return
    }
    this.#tablesAt = clock
    for (const [section, pid] of [
      [buildPat(program, program.programNumber), 0],
      [buildPmt(program), program.pmtPid],
    ] as const) {
      const packets = packetize(section, pid, (this.#counters[pid] ?? 0) + 1)
      for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) {
        const at = this.#reserve()
        this.#out.set(packets.subarray(offset, offset + PACKET_SIZE), at)
        this.#counters[pid] = ((this.#counters[pid] ?? 0) + 1) & 0x0f
      }
    }
  }

  /** Room for one packet at the end of the output. */
  #reserve(): number {
    if (this.#used >= CHUNK_BYTES) this.#emit(this.#decidedEnd() || this.#used)
    if (this.#used + PACKET_SIZE > this.#out.length) this.#emit(this.#used)
    const at = this.#used
    this.#used += PACKET_SIZE
    return at
  }

  /** Where the first picture starts that is not known yet. */
  #decidedEnd(): number {
    let end = this.#used
    for (const track of this.#tracks) if (track?.undecided) end = Math.min(end, track.undecided.offset)
    return end
  }

  /** Hands out what is there and decided; to be called at least every 100 ms. */
  flush(): void {
    const end = this.#decidedEnd()
    if (end > 0) this.#emit(end)
  }

  #emit(end: number): void {
    const rest = this.#used - end
    const isSmall = end < CHUNK_BYTES / 2
    // A small chunk is copied so that the big buffer is not held by it.
    const bytes = isSmall ? this.#out.slice(0, end) : this.#out.subarray(0, end)
    const next = isSmall ? this.#out : new Uint8Array(CHUNK_BYTES + SLACK_BYTES)
    if (isSmall) this.#out.copyWithin(0, end, this.#used)
    else next.set(this.#out.subarray(end, this.#used))
    const marks = this.#marks.filter(({ offset }) => offset < end)
    const later = this.#marks.filter(({ offset }) => offset >= end)
    for (const mark of later as Writable<PesMark>[]) mark.offset -= end
    this.#out = next
    this.#used = rest
    this.#marks = later
    const chunk = {
      bytes,
      position: this.#position,
      atMs: this.#options.now(),
      marks,
      discontinuity: this.#discontinuity,
    }
    this.#position += end
    this.#discontinuity = false
    this.#options.onChunk(chunk)
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** PTS and DTS of the PES header at `at`; DTS is the PTS where none is written. */
function readTimes(bytes: Uint8Array, at: number): { readonly pts: number | null; readonly dts: number | null } {
  const streamId = bytes[at + 3] ?? 0
  // padding, private_stream_2 and the maps have no such header. ISO/IEC 13818-1, table 2-21.
  if (streamId === 0xbe || streamId === 0xbf || streamId === 0xbc) return { pts: null, dts: null }
  const flags = (bytes[at + 7] ?? 0) >> 6
  if (flags === 2) {
    const pts = readStamp(bytes, at + 9)
    return { pts, dts: pts }
  }
  if (flags === 3) return { pts: readStamp(bytes, at + 9), dts: readStamp(bytes, at + 14) }
  return { pts: null, dts: null }
}

function restamp(out: Uint8Array, at: number, delta: number): void {
  const { pts, dts } = readTimes(out, at)
  if (pts === null || dts === null) return
  writeStamp(out, at + 9, add90k(pts, delta))
  if ((out[at + 7] ?? 0) >> 6 === 3) writeStamp(out, at + 14, add90k(dts, delta))
}
