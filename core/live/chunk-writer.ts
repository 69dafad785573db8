import { hasPayload, PACKET_SIZE, writeContinuity, writeEmptyPacket, writePid } from './packet.ts'
import type { Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import { diff90k, writePcr } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** A chunk is handed out when it has this size (or on `flush`). */
const CHUNK_BYTES = 348 * PACKET_SIZE // just under 64 KiB
/** Room behind it for tables and for a picture whose kind is not known yet. */
const SLACK_BYTES = 64 * PACKET_SIZE
/** Tables are repeated after this time on the stream's clock: 80 ms, 90 kHz. The rule is 100 ms (ETSI TR 101 290). */
const TABLES_EVERY_90K = 7200

/**
 * The output of a splicer: gathers packets and marks into chunks, counts continuity, repeats PAT and PMT.
 *
 * A picture whose kind is not known yet keeps the end of a chunk before it. Nothing that was handed out is changed later.
 */
export class ChunkWriter {
  /** Continuity counter of the last packet on each PID. */
  readonly counters = new Uint8Array(8192)
  readonly #now: () => number
  readonly #clock: () => number | null
  readonly #onChunk: (chunk: TsChunk) => void
  #out = new Uint8Array(CHUNK_BYTES + SLACK_BYTES)
  #used = 0
  #marks: Writable<PesMark>[] = []
  #undecided: Writable<PesMark>[] = []
  #position = 0
  #breaks = false
  // Packets that lie one after the other in the input are copied in one piece.
  #run: Uint8Array | null = null
  #runFrom = 0
  #runTo = 0
  #runAt = 0
  #tables: readonly { readonly section: Uint8Array; readonly pid: number }[] = []
  #tablesAt: number | null = null

  constructor(options: {
    readonly now: () => number
    /** The last clock that was written. */
    readonly clock: () => number | null
    readonly onChunk: (chunk: TsChunk) => void
  }) {
    this.#now = options.now
    this.#clock = options.clock
    this.#onChunk = options.onChunk
  }

  /** Bytes that were written so far. */
  get position(): number {
    return this.#position + this.#used
  }

  /** The tables to be sent from now on; they come before the next PES start. */
  announce(program: Program): void {
    this.#tables = [
      { section: buildPat(program, program.programNumber), pid: 0 },
      { section: buildPmt(program), pid: program.pmtPid },
    ]
    this.#tablesAt = null
  }

  /** Writes PAT and PMT when they are due at this time of the stream. */
  repeatTables(time90k: number): void {
    if (this.#tablesAt !== null) {
      const age = diff90k(time90k, this.#tablesAt)
      if (age >= 0 && age < TABLES_EVERY_90K) return
    }
    this.#tablesAt = time90k
    for (const { section, pid } of this.#tables) {
      const packets = packetize(section, pid, 0)
      for (let offset = 0; offset < packets.length; offset += PACKET_SIZE) this.packet(packets, offset, pid)
    }
  }

  /**
   * Appends a packet under this PID with the next continuity counter. The packet's own bytes are changed, and must stay as
   * they are until `settle`.
   */
  packet(bytes: Uint8Array, offset: number, pid: number): void {
    if (this.#used >= CHUNK_BYTES) this.#makeRoom()
    writePid(bytes, offset, pid)
    let counter = this.counters[pid] ?? 0
    if (hasPayload(bytes, offset)) {
      counter = (counter + 1) & 0x0f
      this.counters[pid] = counter
    }
    writeContinuity(bytes, offset, counter)
    if (bytes === this.#run && offset === this.#runTo) this.#runTo += PACKET_SIZE
    else {
      this.settle()
      this.#run = bytes
      this.#runFrom = offset
      this.#runTo = offset + PACKET_SIZE
      this.#runAt = this.#used
    }
    this.#used += PACKET_SIZE
  }

  /** Copies what `packet` was given; the caller's bytes are free afterwards. */
  settle(): void {
    if (this.#run === null) return
    this.#out.set(this.#run.subarray(this.#runFrom, this.#runTo), this.#runAt)
    this.#run = null
  }

  /** A packet that carries nothing but the clock. */
  clock(pid: number, base90k: number): void {
    const at = this.#empty(pid, 0x10)
    writePcr(this.#out, at, base90k)
  }

  /** From here on time or continuity is not joined to what was before: a new chunk, behind packets that announce it. */
  breakOff(pids: Iterable<number>): void {
    this.flushAll()
    this.#breaks = true
    for (const pid of pids) this.#empty(pid, 0x80)
  }

  #empty(pid: number, flags: number): number {
    if (this.#used >= CHUNK_BYTES) this.#makeRoom()
    this.settle()
    const at = this.#used
    this.#used += PACKET_SIZE
    writeEmptyPacket(this.#out, at, { pid, counter: this.counters[pid] ?? 0, flags })
    return at
  }

  /** Notes that the next packet starts a PES packet. `isDecided` false: `decide` follows. */
  mark(mark: Omit<PesMark, 'offset'>, isDecided: boolean): PesMark {
    const placed: Writable<PesMark> = { offset: this.#used, ...mark }
    this.#marks.push(placed)
    if (!isDecided) this.#undecided.push(placed)
    return placed
  }

  /** Says what a mark is; false if the chunk had to be handed out before. */
  decide(mark: PesMark, isRandomAccess: boolean): boolean {
    const index = this.#undecided.findIndex((undecided) => undecided === mark)
    const [decided] = index < 0 ? [] : this.#undecided.splice(index, 1)
    if (decided && isRandomAccess) {
      decided.randomAccess = true
      decided.leading = false
    }
    return decided !== undefined
  }

  /** Hands out what is there and decided. */
  flush(): void {
    const end = this.#decidedEnd()
    if (end > 0) this.#emit(end)
  }

  /** Hands out everything. */
  flushAll(): void {
    if (this.#used > 0) this.#emit(this.#used)
  }

  #makeRoom(): void {
    const end = this.#decidedEnd()
    if (end > 0) this.#emit(end)
    else if (this.#used + PACKET_SIZE > this.#out.length) this.#emit(this.#used)
  }

  /** Where the first picture starts that is not known yet. */
  #decidedEnd(): number {
    return this.#undecided[0]?.offset ?? this.#used
  }

  #emit(end: number): void {
    this.settle()
    // A small chunk is copied so that the big buffer is not held by it.
    const isSmall = end < CHUNK_BYTES / 2
    const bytes = isSmall ? this.#out.slice(0, end) : this.#out.subarray(0, end)
    if (isSmall) this.#out.copyWithin(0, end, this.#used)
    else {
      const next = new Uint8Array(CHUNK_BYTES + SLACK_BYTES)
      next.set(this.#out.subarray(end, this.#used))
      this.#out = next
    }
    const isLater = this.#marks.findIndex(({ offset }) => offset >= end)
    const marks = isLater < 0 ? this.#marks : this.#marks.slice(0, isLater)
    this.#marks = isLater < 0 ? [] : this.#marks.slice(isLater)
    this.#undecided = this.#undecided.filter(({ offset }) => offset >= end)
    for (const mark of this.#marks) mark.offset -= end
    this.#used -= end
    const chunk = {
      bytes,
      position: this.#position,
      atMs: this.#now(),
      clock90k: this.#clock(),
      marks,
      discontinuity: this.#breaks,
    }
    this.#position += end
    this.#breaks = false
    this.#onChunk(chunk)
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }
