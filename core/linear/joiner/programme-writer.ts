import { PACKET_SIZE, writeEmptyPacket } from '../../live/packet.ts'
import type { Program } from '../../live/program.ts'
import { buildPat, buildPmt, packetize } from '../../live/psi.ts'
import { pesPackets, writePes } from '../../live/remux/pes-packets.ts'
import type { PesContent } from '../../live/remux/pes-packets.ts'
import { add90k, writePcr } from '../../live/timestamps.ts'
import type { HouseFormat } from '../house-format.ts'
import { houseGrid, houseProgram } from './house-grid.ts'
import type { HouseGrid } from './house-grid.ts'
import type { Picture } from './feed.ts'

/** The clock is so far behind what is decoded: a decoder has this long to get a large picture. 0.5 s, 90 kHz. */
const CLOCK_LEAD = 45_000
/** A clock comes at least so often: 40 ms, 90 kHz (ETSI TR 101 290; ISO/IEC 13818-1, 2.7.2 allows 100 ms). */
const CLOCK_EVERY = 3600
/** Room for what is written between two calls of `take`, at first. */
const FIRST_BYTES = 64 * 1024
/** Tables are repeated after this time: 80 ms, 90 kHz. The rule is 100 ms (ETSI TR 101 290). */
const TABLES_EVERY = 7200

/**
 * Writes what a channel plays as one transport stream: own tables, own counters, own clock. The places of the line go into
 * it modulo 2³³, so that a channel has the same times whoever asks for it, and after every new start of the program.
 */
export class ProgrammeWriter {
  readonly #program: Program
  readonly #grid: HouseGrid
  readonly #counters = new Map<number, number>()
  readonly #tables: readonly { readonly section: Uint8Array; readonly pid: number }[]
  #out = new Uint8Array(FIRST_BYTES)
  #used = 0
  #clockAt: number | null = null
  #tablesAt = Number.NEGATIVE_INFINITY

  /** `languages`: one for each sound track; null: not said. */
  constructor(house: HouseFormat, languages: readonly (string | null)[]) {
    this.#grid = houseGrid(house)
    this.#program = houseProgram(house, languages)
    this.#tables = [
      { section: buildPat(this.#program, 1), pid: 0 },
      { section: buildPmt(this.#program), pid: this.#program.pmtPid },
    ]
  }

  /** Writes a picture. Its times may not be before those of the last one. */
  picture(picture: Picture): void {
    this.#pass(picture.at)
    const clock = picture.at - CLOCK_LEAD
    this.#clockAt = clock
    this.#pes(0, picture.bytes, {
      pts90k: add90k(picture.shownAt, 0),
      dts90k: add90k(picture.at - this.#grid.reorder, 0),
      isRandomAccess: picture.isKey,
      clock90k: add90k(clock - this.#grid.reorder, 0),
    })
  }

  /** Writes a frame of a sound track that is heard at this time. */
  sound(track: number, at: number, bytes: Uint8Array): void {
    this.#pass(at)
    const time = add90k(at, 0)
    this.#pes(1 + track, bytes, { pts90k: time, dts90k: time, isRandomAccess: true, clock90k: null })
  }

  /** What was written since the last call: whole packets, perhaps none. */
  take(): Uint8Array {
    const bytes = this.#out.slice(0, this.#used)
    this.#used = 0
    return bytes
  }

  /** The line has come to this time: tables and clocks that are due before it. */
  #pass(at: number): void {
    while (this.#clockAt !== null && at - CLOCK_LEAD - this.#clockAt > CLOCK_EVERY) {
      this.#clockAt += CLOCK_EVERY
      this.#clock(add90k(this.#clockAt - this.#grid.reorder, 0))
    }
    if (at - this.#tablesAt < TABLES_EVERY) return
    this.#tablesAt = at
    for (const { section, pid } of this.#tables) {
      const packets = packetize(section, pid, this.#counters.get(pid) ?? 0)
      const place = this.#room(pid, packets.length / PACKET_SIZE)
      this.#out.set(packets, place)
    }
  }

  #clock(base90k: number): void {
    const { pcrPid: pid } = this.#program
    // Without payload the counter stays that of the last packet.
    const counter = ((this.#counters.get(pid) ?? 0) + 15) & 0x0f
    const at = this.#room(pid, 1)
    this.#counters.set(pid, (counter + 1) & 0x0f)
    writeEmptyPacket(this.#out, at, { pid, counter, flags: 0x10 })
    writePcr(this.#out, at, base90k)
  }

  #pes(
    index: number,
    bytes: Uint8Array,
    times: { pts90k: number; dts90k: number; isRandomAccess: boolean; clock90k: number | null },
  ): void {
    const stream = this.#program.streams[index]
    if (stream === undefined) return
    const { pid, streamType } = stream
    const content: PesContent = { pid, kind: index === 0 ? 'video' : 'audio', streamType, bytes, ...times }
    const counter = this.#counters.get(pid) ?? 0
    const at = this.#room(pid, pesPackets(content))
    writePes(this.#out, at, { content, counter })
  }

  /** Where so many packets of a PID go, in a buffer that may be another one than before; they are counted. */
  #room(pid: number, packets: number): number {
    const at = this.#used
    this.#used += packets * PACKET_SIZE
    if (this.#used > this.#out.length) {
      const larger = new Uint8Array(this.#used * 2)
      larger.set(this.#out)
      this.#out = larger
    }
    this.#counters.set(pid, ((this.#counters.get(pid) ?? 0) + packets) & 0x0f)
    return at
  }
}
