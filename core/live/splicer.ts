import { ChunkWriter } from './chunk-writer.ts'
import type { ClockJitter } from './clock-jitter.ts'
import { ContinuityCheck } from './continuity.ts'
import { programMaker } from './output-program.ts'
import type { OutputProgram } from './output-program.ts'
import { hasPayload, isDamaged, isScrambled, PACKET_SIZE, pidAt } from './packet.ts'
import { ProgramFinder } from './program-finder.ts'
import type { Program } from './program.ts'
import type { ParsedPmt } from './psi.ts'
import { InputPids, isClock, isMedia, isTable } from './splicer/input-pids.ts'
import { Joining } from './splicer/joining.ts'
import { PesFlow } from './splicer/pes-flow.ts'
import { ProgramClock } from './splicer/program-clock.ts'
import { ProgramTracks } from './splicer/program-tracks.ts'
import { UpstreamCounts } from './splicer/upstream-counts.ts'
import { TimeLine } from './timeline.ts'
import { readPcr } from './timestamps.ts'
import type { Track } from './track.ts'
import type { TsChunk } from './ts-chunk.ts'

/** Packets that may wait for the first PCR: more than half a second of UHD. */
const MAX_EARLY = 16_000

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
  readonly #tracks = new ProgramTracks()
  readonly #pids = new InputPids()
  readonly #continuity = new ContinuityCheck()
  readonly #clock: ProgramClock
  readonly #joining: Joining
  readonly #flow: PesFlow
  #finder: ProgramFinder
  /** Packets that came before the first PCR of the upstream. */
  #early: Uint8Array[] = []
  /** What the upstream at hand has sent. */
  readonly counts = new UpstreamCounts()

  constructor(options: SplicerOptions) {
    this.#options = options
    const { now, onChunk } = options
    const line = this.#line
    const tracks = this.#tracks
    const writer = new ChunkWriter({ now, onChunk, clock: () => line.lastOut })
    const clock = new ProgramClock({ line, writer, tracks, now })
    const joining = new Joining({ line, clock, tracks, now })
    const wholeUnits = options.wholeUnits === true
    this.#flow = new PesFlow({ line, writer, tracks, clock, joining, counts: this.counts, wholeUnits, now })
    this.#writer = writer
    this.#clock = clock
    this.#joining = joining
    this.#finder = this.#newFinder(null)
  }

  /** The programme as we announce it; null before the first PMT. */
  get program(): Program | null {
    return this.#clock.program
  }

  /** Bytes of output so far, also those that are not handed out yet. */
  get position(): number {
    return this.#writer.position
  }

  /** When the last PES packet of sound or picture was sent, epoch milliseconds. */
  get sentAt(): number {
    return this.#flow.sentAt
  }

  /** The upstream's picture has not come, and its sound has started without. */
  get isSoundAlone(): boolean {
    return this.#joining.isSoundAlone
  }

  /** How unsteadily the upstream at hand arrives. */
  get jitter(): ClockJitter {
    return this.#clock.jitter
  }

  /** Tables of the upstream at hand: how many were read, and how many in a row did not name the programme. */
  get tables(): { readonly read: number; readonly missing: number } {
    return { read: this.#finder.tables, missing: this.#finder.missing }
  }

  /** Since when the picture (without one: the sound) comes encrypted, epoch milliseconds; null: it does not. */
  get darkAt(): number | null {
    return this.#tracks.leader?.darkAt ?? null
  }

  #newFinder(programNumber: number | null): ProgramFinder {
    return new ProgramFinder(programNumber, (pmt) => this.#onPmt(pmt))
  }

  /** The upstream is over: hands out all that came of it. */
  endUpstream(): void {
    this.#flow.decideAll()
    this.#tracks.endUpstream()
    this.#early = []
    this.#pids.forgetTracks()
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
    this.#finder = this.#newFinder(programNumber)
    this.#maker.nextUpstream()
    this.endUpstream()
    this.#pids.reset()
    this.#continuity.reset()
    this.#clock.nextUpstream(isOtherClock)
    this.#joining.isSoundAlone = isSoundAlone
    this.counts.reset()
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

  #packet(bytes: Uint8Array, offset: number): void {
    const pid = pidAt(bytes, offset)
    const role = this.#pids.role(pid)
    if (role === 0) return
    if (isDamaged(bytes, offset)) {
      this.counts.damagedPackets += 1
      return
    }
    const place = this.#continuity.see(bytes, offset, pid)
    if (place === 'repeated') return
    if (place === 'behind-loss') this.counts.continuityErrors += 1
    if (isTable(role)) {
      const isChanged = pid === 0 ? this.#finder.pat(bytes, offset) : this.#finder.pmt(pid, bytes, offset)
      if (isChanged) this.#pids.setTables(this.#finder.pmtPids())
      return
    }
    const pcr = isClock(role) && !this.#clock.isMade ? readPcr(bytes, offset) : null
    if (pcr !== null) {
      this.#clock.see(pcr)
      this.#takeEarly()
    }
    const track = isMedia(role) ? this.#pids.track(pid) : undefined
    if (track !== undefined) this.#media(bytes, offset, track, pcr)
    else if (pcr !== null) this.#clock.send(pcr)
  }

  #media(bytes: Uint8Array, offset: number, track: Track, pcr: number | null): void {
    const isLeader = track === this.#tracks.leader
    // A picture's PID may carry the clock of a programme without pictures.
    track.isSeen ||= hasPayload(bytes, offset)
    if (isScrambled(bytes, offset)) {
      if (isLeader) this.counts.scrambled += 1
      track.darkAt ??= this.#options.now()
      this.#tracks.close(track)
      if (pcr !== null) this.#clock.send(pcr)
      return
    }
    this.counts.clear += 1
    if (isLeader) this.counts.leading += 1
    if (!this.#line.isKnown && this.#waitsForClock()) this.#early.push(bytes.slice(offset, offset + PACKET_SIZE))
    else this.#flow.packet(bytes, offset, track, pcr)
  }

  /** What comes before the first PCR has times that mean nothing yet: the key frame with which many sources begin. */
  #waitsForClock(): boolean {
    if (this.#early.length < MAX_EARLY && this.#clock.isAwaited) return true
    this.#takeEarly()
    return false
  }

  #takeEarly(): void {
    if (this.#early.length === 0) return
    const early = this.#early
    this.#early = []
    for (const packet of early) {
      const track = this.#pids.track(pidAt(packet, 0))
      if (track !== undefined) this.#flow.packet(packet, 0, track, null)
    }
    this.#writer.settle()
  }

  #onPmt(pmt: ParsedPmt): void {
    const { program, pids, changed } = this.#maker.next(pmt)
    this.#clock.tableCame()
    this.#flow.decideAll()
    this.#tracks.setProgram(program)
    this.#pids.setTracks(pmt.pcrPid, pids, this.#tracks.current)
    if (!changed) return
    // What is in the buffer still belongs to the old programme.
    this.#writer.flushAll()
    this.#clock.setProgram(program)
    this.#writer.announce(program)
    this.#options.onProgram(program)
  }
}
