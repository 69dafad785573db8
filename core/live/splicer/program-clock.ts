import type { ChunkWriter } from '../chunk-writer.ts'
import { ClockJitter } from '../clock-jitter.ts'
import type { Program } from '../program.ts'
import type { TimeLine } from '../timeline.ts'
import { add90k, diff90k } from '../timestamps.ts'
import type { Track } from '../track.ts'
import type { ProgramTracks } from './program-tracks.ts'

/** Without a PCR for this long after the PMT, the times of the main stream stand in for it. */
const NO_PCR_MS = 2000
/** A clock made of DTS lies before them: 0.7 s, 90 kHz, as FFmpeg has it. */
const MADE_CLOCK_90K = 63_000

/**
 * The clock of a splicer's programme: takes the PCR of the upstream, sends it on our time line, and announces where time or
 * continuity is not joined.
 */
export class ProgramClock {
  readonly #line: TimeLine
  readonly #writer: ChunkWriter
  readonly #tracks: ProgramTracks
  readonly #now: () => number
  #program: Program | null = null
  #programAt = 0
  /** The track whose DTS stand in for a PCR that does not come. */
  #madeFrom: Track | null = null
  #announcesBreak = false
  /** How unsteadily the upstream at hand arrives. */
  readonly jitter = new ClockJitter()

  constructor(options: {
    readonly line: TimeLine
    readonly writer: ChunkWriter
    readonly tracks: ProgramTracks
    readonly now: () => number
  }) {
    this.#line = options.line
    this.#writer = options.writer
    this.#tracks = options.tracks
    this.#now = options.now
  }

  /** The programme whose clock is sent; null before the first PMT. */
  get program(): Program | null {
    return this.#program
  }

  /** The clock is made of the times of the main stream: the upstream's own one does not come, and is not taken. */
  get isMade(): boolean {
    return this.#madeFrom !== null
  }

  /** How long ago the upstream at hand had its last PMT. */
  get sinceProgramMs(): number {
    return this.#now() - this.#programAt
  }

  /** The upstream may still send a clock before its times have to stand in for it. */
  get isAwaited(): boolean {
    return this.sinceProgramMs < NO_PCR_MS
  }

  /** Another upstream begins. `isOther`: with a clock of its own, however near it lies to the one before. */
  nextUpstream(isOther: boolean): void {
    this.#line.nextUpstream(isOther)
    this.jitter.reset()
    this.#madeFrom = null
  }

  /** A PMT of the upstream has come. */
  tableCame(): void {
    this.#programAt = this.#now()
  }

  /** Another programme is announced from now on. */
  setProgram(program: Program): void {
    this.#program = program
  }

  /** Takes a clock of the upstream; where it goes elsewhere, every track has to start again. */
  see(pcr: number): void {
    const now = this.#now()
    this.jitter.see(pcr, now)
    if (this.#line.see(pcr, now)) this.#tracks.closeAll()
    else if (this.#tracks.hasOpen && this.#line.hasGap()) this.breakOff()
  }

  /** Sends a packet that carries nothing but the clock, for times whose own packet is dropped or still held. */
  send(pcr: number): void {
    if (this.#tracks.hasOpen && this.#line.isAhead(pcr)) this.#sendAt(add90k(pcr, this.#line.delta))
  }

  #sendAt(time: number): void {
    const base = this.#line.stamp(add90k(time, -this.#line.delta), this.#now())
    if (this.#program !== null) this.#writer.clock(this.#program.pcrPid, base)
  }

  /** The clock that goes into a packet of the track instead of the upstream's. */
  stampFor(track: Track, pcr: number): number {
    // A clock beside the programme's own is nobody's, but it should not look torn.
    if (track.stream.pid !== this.#program?.pcrPid || this.isMade) return add90k(pcr, this.#line.delta)
    return this.#line.stamp(pcr, this.#now())
  }

  /** The times of the main stream stand in for a PCR that does not come. */
  make(track: Track, dts90k: number): void {
    const main = this.#tracks.current.find(({ isVideo, isSeen }) => isVideo && isSeen) ?? track
    if (track !== main || !track.isTimed) return
    if (this.#madeFrom === null && (this.#line.isKnown || this.isAwaited)) return
    this.#madeFrom = track
    const pcr = add90k(dts90k, -MADE_CLOCK_90K)
    this.see(pcr)
    this.send(pcr)
  }

  /** What is sent next does not follow what was sent last. */
  announceBreak(): void {
    this.#announcesBreak = true
  }

  /** Something is sent now: announces the break before it, if there is one. Gives whether there was. */
  breakIfDue(): boolean {
    const isDue = this.#announcesBreak || this.#line.hasGap()
    if (isDue) this.breakOff()
    return isDue
  }

  /** Announces on every PID that time or continuity is not joined here. */
  breakOff(): void {
    this.#announcesBreak = false
    const program = this.#program
    if (program === null || this.#line.lastOut === null) return
    this.#writer.breakOff(new Set([0, program.pmtPid, program.pcrPid, ...program.streams.map(({ pid }) => pid)]))
    // The next clock follows this one, not the one before the gap.
    this.#sendCurrent()
  }

  /** The clock does not wait for a picture that is kept until it is whole: what comes with the next one is no gap. */
  catchUp(): void {
    if (!this.breakIfDue()) this.#sendCurrent()
  }

  #sendCurrent(): void {
    const { current, lastOut } = this.#line
    if (current !== null && lastOut !== null && diff90k(current, lastOut) > 0) this.#sendAt(current)
  }
}
