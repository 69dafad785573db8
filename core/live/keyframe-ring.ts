import { hasPayload, continuityAt, PACKET_SIZE, pidAt, writeContinuity, writeEmptyPacket } from './packet.ts'
import type { Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import { diff90k, readPcr, writePcr } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** More is never kept, however long a GOP is: 16 MiB hold 12 s of UHD. */
const MAX_BYTES = 16 * 1024 * 1024
/** Of a radio programme this much is kept for those who join: 2 s, 90 kHz. */
const RADIO_90K = 2 * 90_000

type Access = {
  readonly position: number
  readonly pts90k: number | null
  /** A picture behind the leading ones has come, so it is known which pictures have to be left out. */
  settled: boolean
}

/** Where a viewer starts: private bytes first, then the shared chunks from `next` on. */
export type CleanStart = { readonly prefix: Uint8Array; readonly next: readonly TsChunk[] }

/**
 * The latest part of a channel's output, from its last random access points on, for those who join.
 *
 * Keeps chunks, not copies: two GOPs, 16 MiB at most.
 */
export class KeyframeRing {
  #chunks: TsChunk[] = []
  #bytes = 0
  #accesses: Access[] = []

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Chunks from the one with the last settled random access point on; empty before the first one. */
  backlog(): readonly TsChunk[] {
    const access = this.#accesses.findLast(({ settled }) => settled)
    if (!access) return []
    return this.#chunks.slice(this.#indexOf(access.position))
  }

  /** Takes the next chunk of the output. */
  push(chunk: TsChunk): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.bytes.length
    const hasVideo = chunk.marks.some(({ kind }) => kind === 'video') || this.#isVideo
    this.#isVideo ||= hasVideo
    for (const mark of chunk.marks) this.#note(chunk, mark)
    this.#trim()
  }

  #isVideo = false

  #note(chunk: TsChunk, mark: PesMark): void {
    const position = chunk.position + mark.offset
    if (!this.#isVideo) {
      if (mark.kind === 'audio') this.#accesses.push({ position, pts90k: mark.pts90k, settled: true })
      return
    }
    if (mark.kind !== 'video') return
    const last = this.#accesses.at(-1)
    // The splicer itself leaves the leading pictures of the very first one out.
    if (mark.randomAccess) {
      if (last) last.settled = true
      this.#accesses.push({ position, pts90k: mark.pts90k, settled: !last })
    } else if (last && !mark.leading) last.settled = true
  }

  #trim(): void {
    const newest = this.#accesses.at(-1)?.pts90k ?? null
    const keeps = (access: Access, index: number): boolean => {
      if (this.#isVideo) return index >= this.#accesses.length - 2
      return newest === null || access.pts90k === null || diff90k(newest, access.pts90k) <= RADIO_90K
    }
    this.#accesses = this.#accesses.filter(keeps)
    const [first] = this.#accesses
    const from = first?.position ?? Infinity
    while (
      this.#chunks.length > 1 &&
      ((this.#end(this.#chunks[0]) <= from && first !== undefined) || this.#bytes > MAX_BYTES)
    ) {
      this.#bytes -= this.#chunks.shift()?.bytes.length ?? 0
    }
    const start = this.#chunks[0]?.position ?? 0
    if ((this.#accesses[0]?.position ?? start) < start)
      this.#accesses = this.#accesses.filter(({ position }) => position >= start)
  }

  #end(chunk: TsChunk | undefined): number {
    return chunk === undefined ? 0 : chunk.position + chunk.bytes.length
  }

  #indexOf(position: number): number {
    return this.#chunks.findIndex((chunk) => position < this.#end(chunk))
  }

  /**
   * What a viewer who joins now gets first; null while there is no random access point.
   *
   * The prefix is PAT, PMT and the clean beginning of the newest settled GOP: no pictures that refer to the GOP before, no
   * halves of PES packets, continuity counters counted backwards from the shared packets that follow, so that those stay
   * untouched. `resumes`: the viewer had bytes before and lost some, which is announced on every PID.
   */
  start(program: Program, { resumes }: { readonly resumes: boolean }): CleanStart | null {
    const access = this.#isVideo ? this.#accesses.findLast(({ settled }) => settled) : this.#accesses[0]
    if (!access) return null
    const from = this.#indexOf(access.position)
    const last = this.#lastLeading(from, access)
    const prefixChunks = this.#chunks.slice(from, last + 1)
    const next = this.#chunks.slice(last + 1)
    const packets = cleanPackets(prefixChunks, access, program, this.#isVideo)
    const tables = [
      packetize(buildPat(program, program.programNumber), 0, 0),
      packetize(buildPmt(program), program.pmtPid, 0),
    ].flatMap(split)
    const seams = resumes ? seamPackets(program) : []
    const all = [...seams, ...tables, ...packets]
    const prefix = new Uint8Array(all.length * PACKET_SIZE)
    for (const [index, packet] of all.entries()) prefix.set(packet, index * PACKET_SIZE)
    countBackwards(prefix, countersBefore(prefixChunks, next))
    return { prefix, next }
  }

  /** Index of the last chunk that holds a part of a leading picture of this random access point; `from` if there is none. */
  #lastLeading(from: number, access: Access): number {
    let hasLeading = false
    for (const chunk of this.#chunks.slice(from)) {
      for (const mark of chunk.marks) {
        const position = chunk.position + mark.offset
        if (mark.kind !== 'video' || position <= access.position) continue
        if (isLeading(mark, access) && !mark.randomAccess) hasLeading = true
        // They follow in one row, and the last one ends where the next picture starts.
        else return hasLeading ? Math.max(from, this.#indexOf(position - 1)) : from
      }
    }
    return hasLeading ? this.#chunks.length - 1 : from
  }
}

const isLeading = (mark: PesMark, access: Access): boolean =>
  mark.pts90k !== null && access.pts90k !== null && diff90k(mark.pts90k, access.pts90k) < 0

const split = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / PACKET_SIZE }, (_, index) =>
    bytes.subarray(index * PACKET_SIZE, (index + 1) * PACKET_SIZE),
  )

/** Adaptation-only packets that announce a break on every PID. */
function seamPackets(program: Program): Uint8Array[] {
  return program.streams.map(({ pid }) => {
    const packet = new Uint8Array(PACKET_SIZE)
    writeEmptyPacket(packet, 0, { pid, counter: 0, flags: 0x80 })
    return packet
  })
}

/** The packets from the random access point on that a decoder starting there can use. */
function cleanPackets(chunks: readonly TsChunk[], access: Access, program: Program, isVideo: boolean): Uint8Array[] {
  const passing = new Map<number, boolean>()
  const packets: Uint8Array[] = []
  for (const chunk of chunks) {
    const marks = new Map(chunk.marks.map((mark) => [mark.offset, mark]))
    for (let offset = 0; offset < chunk.bytes.length; offset += PACKET_SIZE) {
      if (chunk.position + offset < access.position) continue
      const pid = pidAt(chunk.bytes, offset)
      if (pid === 0 || pid === program.pmtPid) continue
      const mark = marks.get(offset)
      if (mark) passing.set(pid, !(isVideo && mark.kind === 'video' && isLeading(mark, access)))
      const packet = chunk.bytes.subarray(offset, offset + PACKET_SIZE)
      if (passing.get(pid) === true || !hasPayload(packet, 0)) packets.push(packet)
      else {
        const pcr = readPcr(packet, 0)
        if (pcr !== null) packets.push(clockPacket(pid, pcr))
      }
    }
  }
  return packets
}

function clockPacket(pid: number, pcr: number): Uint8Array {
  const packet = new Uint8Array(PACKET_SIZE)
  writeEmptyPacket(packet, 0, { pid, counter: 0, flags: 0x10 })
  writePcr(packet, 0, pcr)
  return packet
}

/** The counter that the last packet of each PID before `next` has to carry. */
function countersBefore(before: readonly TsChunk[], next: readonly TsChunk[]): Map<number, number> {
  const counters = new Map<number, number>()
  for (const { bytes } of next) {
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      const pid = pidAt(bytes, offset)
      if (counters.has(pid)) continue
      const counter = continuityAt(bytes, offset)
      counters.set(pid, hasPayload(bytes, offset) ? (counter + 15) & 0x0f : counter)
    }
  }
  const known = new Set(counters.keys())
  for (const { bytes } of before) {
    for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE) {
      const pid = pidAt(bytes, offset)
      if (!known.has(pid)) counters.set(pid, continuityAt(bytes, offset))
    }
  }
  return counters
}

/** Numbers packets so that the last one of each PID carries the counter given for it. */
function countBackwards(bytes: Uint8Array, counters: Map<number, number>): void {
  for (let offset = bytes.length - PACKET_SIZE; offset >= 0; offset -= PACKET_SIZE) {
    const pid = pidAt(bytes, offset)
    const counter = counters.get(pid) ?? 0
    writeContinuity(bytes, offset, counter)
    if (hasPayload(bytes, offset)) counters.set(pid, (counter + 15) & 0x0f)
  }
}
