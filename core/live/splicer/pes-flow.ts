import type { ChunkWriter } from '../chunk-writer.ts'
import { adaptationFlags, PACKET_SIZE, payloadAt, startsUnit } from '../packet.ts'
import { moveTimes, readPesHeader } from '../pes-header.ts'
import type { PesHeader } from '../pes-header.ts'
import { ReferenceMender } from '../reference-marking.ts'
import type { TimeLine } from '../timeline.ts'
import { add90k, diff90k, readPcr, writePcr } from '../timestamps.ts'
import type { Track } from '../track.ts'
import type { PesMark } from '../ts-chunk.ts'
import { WholeUnit, withPacket } from '../whole-unit.ts'
import type { Joining } from './joining.ts'
import type { ProgramClock } from './program-clock.ts'
import type { ProgramTracks } from './program-tracks.ts'
import type { UpstreamCounts } from './upstream-counts.ts'

/** Packets of a picture that are kept until it is known; more belong to something that is no picture. */
const MAX_HELD = 128

/**
 * The way of PES packets from a track of the upstream to the output.
 *
 * A packet of a track goes one of four ways: skipped (its PES packet cannot follow, or the track is closed), held (closed;
 * a picture that may turn out to be a random access point, with which the track opens), kept (`whole`: sent when all of
 * its PES packet is there) or written at once.
 */
export class PesFlow {
  readonly #line: TimeLine
  readonly #writer: ChunkWriter
  readonly #tracks: ProgramTracks
  readonly #clock: ProgramClock
  readonly #joining: Joining
  readonly #counts: UpstreamCounts
  readonly #wholeUnits: boolean
  readonly #now: () => number
  /** When the last PES packet of sound or picture was sent, epoch milliseconds. */
  sentAt = 0

  constructor(options: {
    readonly line: TimeLine
    readonly writer: ChunkWriter
    readonly tracks: ProgramTracks
    readonly clock: ProgramClock
    readonly joining: Joining
    readonly counts: UpstreamCounts
    /** PES packets are sent as a whole or not at all. */
    readonly wholeUnits: boolean
    readonly now: () => number
  }) {
    this.#line = options.line
    this.#writer = options.writer
    this.#tracks = options.tracks
    this.#clock = options.clock
    this.#joining = options.joining
    this.#counts = options.counts
    this.#wholeUnits = options.wholeUnits
    this.#now = options.now
  }

  /** Takes a packet in the clear. `pcr`: the programme's clock in it; null: none, or it is not the programme's. */
  packet(bytes: Uint8Array, offset: number, track: Track, pcr: number | null): void {
    if (startsUnit(bytes, offset)) this.#start(bytes, offset, track)
    else if (track.held !== null || track.undecided !== null) track.addPicture(bytes, payloadAt(bytes, offset), offset)

    if (track.twin !== null) track.twin = withPacket(track.twin, bytes, offset)
    if (track.held !== null) {
      track.held.push(bytes.slice(offset, offset + PACKET_SIZE))
      if (track.held.length > MAX_HELD) refuse(track)
      if (pcr !== null) this.#clock.send(pcr)
    } else if (track.whole !== null) {
      const isWhole = track.whole.push(bytes, offset)
      // Everything begins with tables and a picture.
      if (pcr !== null && this.#line.lastOut !== null) this.#clock.send(pcr)
      if (isWhole) this.#release(track)
    } else if (track.isOpen && !track.isSkipping) this.#write(bytes, offset, track)
    else if (pcr !== null) this.#clock.send(pcr)

    if (track.held !== null || track.undecided !== null) this.#decide(track, false)
  }

  /** Nothing more comes of the pictures under way: they are what they look like. */
  decideAll(): void {
    for (const track of this.#tracks.current) if (track.undecided !== null) this.#decide(track, true)
  }

  // ── a PES packet starts ────────────────────────────────────────────────────────────────────────────────────────────

  #start(bytes: Uint8Array, offset: number, track: Track): void {
    if (track.held !== null || track.undecided !== null) this.#decide(track, true)
    this.#release(track)
    const wasSkipping = track.isSkipping
    track.held = null
    track.isSkipping = true
    const header = readPesHeader(bytes, offset)
    if (header === null) return
    if (track === this.#tracks.leader) this.#counts.leadingPes += 1
    if (header.dts90k !== null) this.#clock.make(track, header.dts90k)
    if (!track.isOpen) {
      this.#tryOpen(bytes, offset, track, header)
      return
    }
    if (track.dropsLeading && this.#joining.isLeading(track, header, wasSkipping)) return
    if (!this.#joining.isFitting(bytes, track, header)) return
    track.isSkipping = false
    this.#begin(bytes, offset, track, header)
  }

  /** A decoder may start here if this has a time behind all that was sent, and with or behind the picture. */
  #tryOpen(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    if (!this.#line.isKnown) return
    if (this.#joining.goesOn(track, header)) {
      this.#open(track)
      this.#start(bytes, offset, track)
      return
    }
    if (!this.#joining.isBehindLast(track, header)) return
    if (track.isVideo) {
      track.held = []
      track.beginPicture(bytes, header.payloadAt, offset)
      return
    }
    if (!this.#joining.mayJoin(track, header.pts90k)) return
    this.#open(track)
    this.#begin(bytes, offset, track, header)
  }

  #open(track: Track): void {
    // Time went by until there was something to start with: nobody has to wait for it again.
    if (!this.#tracks.hasOpen && this.#line.hasGap()) this.#line.move(this.#now())
    this.#tracks.open(track)
    this.#line.isFresh = false
  }

  /** The track goes on with this random access point, whose first packets were held. */
  #openWith(track: Track, held: readonly Uint8Array[]): void {
    const [first] = held
    const header = first === undefined ? null : readPesHeader(first, 0)
    track.held = null
    if (first === undefined || header === null) return
    this.#open(track)
    track.isStarting = true
    if (track.stream.codec === 'h264') track.mender = new ReferenceMender({ isSeam: track.lastDts !== null })
    track.whole = new WholeUnit(first, header)
    for (const packet of held) track.whole.push(packet, 0)
    // Sound may join from here on, although the picture itself is sent when it is whole.
    track.accessPts = header.pts90k === null ? null : add90k(header.pts90k, this.#line.delta)
    track.dropsLeading = true
    // Where nothing has to be changed in it, it need not be whole either.
    if (track.mender === null && !this.#wholeUnits) this.#release(track)
    this.#clock.catchUp()
  }

  /** A PES packet that is to be sent starts here: it is kept until it is whole, or sent as it comes. */
  #begin(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    if (this.#wholeUnits || track.mender !== null) track.whole = new WholeUnit(bytes, header)
    else this.#beginSent(bytes, offset, track, header)
  }

  // ── what a picture is ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Tells a key frame as soon as it can be told, or when the picture is over. */
  #decide(track: Track, isOver: boolean): void {
    const start = track.inspect(isOver)
    if (start === 'undecided') return
    const isAccess = start === 'random-access'
    if (track.held !== null) {
      if (isAccess) this.#openWith(track, track.held)
      else refuse(track)
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

  // ── sending ────────────────────────────────────────────────────────────────────────────────────────────────────────

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
    track.last = track.isVideo && this.#wholeUnits ? whole.likeness() : null
    const bytes = track.mender?.mend(joined) ?? joined
    this.#beginSent(bytes, 0, track, header)
    const mark = track.undecided
    track.undecided = null
    if (mark !== null) this.#decided(track, mark, isAccess)
    if (wasStarting) track.dropsLeading = true
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) this.#write(bytes, offset, track)
    this.#writer.settle()
  }

  /** A PES packet that is sent starts in this packet. */
  #beginSent(bytes: Uint8Array, offset: number, track: Track, header: PesHeader): void {
    // Without times if they had to be taken out.
    const hasTimes = ((bytes[header.at + 7] ?? 0) & 0x80) !== 0
    const pts = header.pts90k === null || !hasTimes ? null : add90k(header.pts90k, this.#line.delta)
    const dts = header.dts90k === null || !hasTimes ? null : add90k(header.dts90k, this.#line.delta)
    if (hasTimes) moveTimes(bytes, header, this.#line.delta)
    const mark = this.#mark(track, pts, dts)
    if (!track.isVideo) return
    track.undecided = mark
    track.beginPicture(bytes, header.payloadAt, offset)
  }

  #mark(track: Track, pts90k: number | null, dts90k: number | null): PesMark {
    this.#clock.breakIfDue()
    this.#writer.repeatTables(this.#line.lastOut ?? dts90k ?? 0)
    const { pid, kind } = track.stream
    const leading = track.isVideo && pts90k !== null && track.accessPts !== null && diff90k(pts90k, track.accessPts) < 0
    if (dts90k !== null && (track.lastDts === null || diff90k(dts90k, track.lastDts) > 0)) track.lastDts = dts90k
    if (track.isTimed) this.sentAt = this.#now()
    return this.#writer.mark({ pid, kind, pts90k, dts90k, randomAccess: !track.isVideo, leading }, !track.isVideo)
  }

  /** Sends a packet with our PID, counter and clock. */
  #write(bytes: Uint8Array, offset: number, track: Track): void {
    const flags = adaptationFlags(bytes, offset)
    if ((flags & 0x90) !== 0) {
      // Our own time line has no seam here, whatever the upstream says.
      bytes[offset + 5] = flags & 0x7f
      const pcr = readPcr(bytes, offset)
      if (pcr !== null) writePcr(bytes, offset, this.#clock.stampFor(track, pcr))
    } else if ((bytes[offset + 3] ?? 0) < 0x10) return // reserved: neither payload nor adaptation field
    this.#writer.packet(bytes, offset, track.stream.pid)
  }
}

/** The picture under way is none to start with. */
function refuse(track: Track): void {
  track.held = null
  track.isSkipping = true
}
