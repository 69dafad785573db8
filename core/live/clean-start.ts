import { continuityAt, hasPayload, PACKET_SIZE, pidAt, writeContinuity, writeEmptyPacket } from './packet.ts'
import type { PesUnit } from './pes-unit.ts'
import type { Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import { withoutForeignReferences } from './reference-marking.ts'
import { diff90k, readPcr, writePcr } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** A place in a channel's output where a decoder may start. */
export type Access = { readonly position: number; readonly pts90k: number | null }

/**
 * Where a viewer starts: private bytes first, then the shared chunks from `next` on. `end`: position behind the private
 * bytes.
 */
export type CleanStart = { readonly prefix: Uint8Array; readonly next: readonly TsChunk[]; readonly end: number }

/** What a clean start is made of. */
export type CleanStartOptions = {
  readonly access: Access
  /** It is a picture; false: sound, where there is no picture. */
  readonly isVideo: boolean
  readonly program: Program
  /** The output from the chunk with the access on, one GOP of it at least. */
  readonly chunks: readonly TsChunk[]
  /** The counters of the last packets before those chunks, by PID; to be given away. */
  readonly counters: Uint8Array
  /** Behind a loss, which is announced on every PID. */
  readonly resumes: boolean
}

/**
 * What somebody gets who starts in the middle of a channel's output.
 *
 * The prefix is PAT, PMT and the clean beginning of the GOP: no pictures that refer to the GOP before, no halves of PES
 * packets, continuity counters counted backwards from the shared packets that follow, so that those stay untouched.
 */
export function cleanStart(options: CleanStartOptions): CleanStart {
  const { access, isVideo, program, chunks, counters, resumes } = options
  const sieve = new Sieve(access, program, isVideo)
  const mended = isVideo ? mendReferences(chunks, access, program) : new Map<number, Uint8Array>()
  let last = 0
  for (const [index, chunk] of chunks.entries()) if (sieve.hasUnclean(chunk) || hasOneOf(mended, chunk)) last = index
  const own = chunks.slice(0, last + 1)
  const packets = new Sieve(access, program, isVideo).clean(own, mended)
  const prefix = joinPackets([...(resumes ? seamPackets(program) : []), ...tablePackets(program), ...packets])
  for (const chunk of own) noteCounters(counters, chunk)
  countBackwards(prefix, counters)
  const end = own.at(-1)
  return { prefix, next: chunks.slice(last + 1), end: end === undefined ? 0 : end.position + end.bytes.length }
}

/** Notes the counter of each packet by its PID. */
export function noteCounters(counters: Uint8Array, { bytes }: Pick<TsChunk, 'bytes'>): void {
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE)
    counters[pidAt(bytes, offset)] = continuityAt(bytes, offset)
}

/** Tells the packets that a decoder can use who starts at a random access point. */
class Sieve {
  readonly #access: Access
  readonly #program: Program
  readonly #isVideo: boolean
  /** By PID: the PES packet under way is whole and wanted. */
  readonly #passing = new Map<number, boolean>()

  constructor(access: Access, program: Program, isVideo: boolean) {
    this.#access = access
    this.#program = program
    this.#isVideo = isVideo
  }

  /** Whether some packet of the chunk has to be left out. */
  hasUnclean(chunk: TsChunk): boolean {
    let isUnclean = false
    this.#walk(chunk, (offset, isPassing) => {
      isUnclean ||= !isPassing && hasPayload(chunk.bytes, offset)
    })
    return isUnclean
  }

  /** The packets that pass, the mended ones in place of the sent ones; of those that do not pass, the clock. */
  clean(chunks: readonly TsChunk[], mended: Mended): Uint8Array[] {
    const packets: Uint8Array[] = []
    for (const chunk of chunks)
      this.#walk(chunk, (offset, isPassing, pid) => {
        const packet = mended.get(chunk.position + offset) ?? chunk.bytes.subarray(offset, offset + PACKET_SIZE)
        const pcr = isPassing || !hasPayload(packet, 0) ? null : readPcr(packet, 0)
        if (isPassing || !hasPayload(packet, 0)) packets.push(packet)
        else if (pcr !== null) packets.push(clockPacket(pid, pcr))
      })
    return packets
  }

  /** The pictures that pass, up to the next random access point, with the positions of their packets. */
  pictures(
    chunks: readonly TsChunk[],
    pid: number,
  ): readonly { readonly unit: PesUnit; readonly positions: number[] }[] {
    const found: { parts: Uint8Array[]; positions: number[] }[] = []
    let isOver = false
    for (const chunk of chunks) {
      const starts = new Map(chunk.marks.flatMap((mark) => (mark.pid === pid ? [[mark.offset, mark]] : [])))
      this.#walk(chunk, (offset, isPassing, of) => {
        if (of !== pid || isOver) return
        const mark = starts.get(offset)
        isOver = mark?.randomAccess === true && chunk.position + offset > this.#access.position
        if (isOver || !isPassing) return
        if (mark !== undefined) found.push({ parts: [], positions: [] })
        found.at(-1)?.parts.push(chunk.bytes.subarray(offset, offset + PACKET_SIZE))
        found.at(-1)?.positions.push(chunk.position + offset)
      })
      if (isOver) break
    }
    const times = { pid, pts90k: 0, dts90k: 0, randomAccess: false, leading: false }
    return found.map(({ parts, positions }) => ({ unit: { ...times, bytes: joinPackets(parts) }, positions }))
  }

  #walk(chunk: TsChunk, visit: (offset: number, isPassing: boolean, pid: number) => void): void {
    let nextMark = 0
    for (let offset = 0; offset < chunk.bytes.length; offset += PACKET_SIZE) {
      const mark = chunk.marks[nextMark]?.offset === offset ? chunk.marks[nextMark] : undefined
      if (mark) nextMark += 1
      if (chunk.position + offset < this.#access.position) continue
      const pid = pidAt(chunk.bytes, offset)
      if (pid === 0 || pid === this.#program.pmtPid) continue
      if (mark) this.#passing.set(pid, !this.#isLeading(mark))
      visit(offset, this.#passing.get(pid) === true, pid)
    }
  }

  #isLeading({ pid, kind, pts90k }: PesMark): boolean {
    if (!this.#isVideo || kind !== 'video') return false
    // The second field of a picture may come without a time.
    if (pts90k === null || this.#access.pts90k === null) return this.#passing.get(pid) === false
    return diff90k(pts90k, this.#access.pts90k) < 0
  }
}

/** Packets that take the place of sent ones, by position. */
type Mended = ReadonlyMap<number, Uint8Array>

const hasOneOf = (mended: Mended, { position, bytes }: TsChunk): boolean =>
  mended.keys().some((at) => at >= position && at < position + bytes.length)

/** H.264 pictures behind an open GOP's start, without orders about pictures that a decoder which starts here never had. */
function mendReferences(chunks: readonly TsChunk[], access: Access, program: Program): Mended {
  const video = program.streams.find(({ kind }) => kind === 'video')
  const mended = new Map<number, Uint8Array>()
  if (video?.codec !== 'h264') return mended
  const pictures = new Sieve(access, program, true).pictures(chunks, video.pid)
  const clean = withoutForeignReferences(pictures.map(({ unit }) => unit))
  for (const [index, { unit, positions }] of pictures.entries()) {
    const bytes = clean[index]?.bytes
    if (bytes === undefined || bytes === unit.bytes) continue
    for (const [nth, position] of positions.entries())
      mended.set(position, bytes.subarray(nth * PACKET_SIZE, (nth + 1) * PACKET_SIZE))
  }
  return mended
}

/** Whole packets one behind the other, as one piece. */
export function joinPackets(packets: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(packets.length * PACKET_SIZE)
  for (const [index, packet] of packets.entries()) bytes.set(packet, index * PACKET_SIZE)
  return bytes
}

function tablePackets(program: Program): Uint8Array[] {
  const pat = packetize(buildPat(program, program.programNumber), 0, 0)
  const pmt = packetize(buildPmt(program), program.pmtPid, 0)
  return [pat, pmt].flatMap((bytes) =>
    Array.from({ length: bytes.length / PACKET_SIZE }, (_, index) =>
      bytes.subarray(index * PACKET_SIZE, (index + 1) * PACKET_SIZE),
    ),
  )
}

/** Adaptation-only packets that announce a break on every PID. */
function seamPackets(program: Program): Uint8Array[] {
  const pids = new Set([0, program.pmtPid, program.pcrPid, ...program.streams.map(({ pid }) => pid)])
  return [...pids].map((pid) => emptyPacket(pid, 0x80))
}

function clockPacket(pid: number, pcr: number): Uint8Array {
  const packet = emptyPacket(pid, 0x10)
  writePcr(packet, 0, pcr)
  return packet
}

function emptyPacket(pid: number, flags: number): Uint8Array {
  const packet = new Uint8Array(PACKET_SIZE)
  writeEmptyPacket(packet, 0, { pid, counter: 0, flags })
  return packet
}

/** Numbers packets so that the last one of each PID carries the counter given for it. */
function countBackwards(bytes: Uint8Array, counters: Uint8Array): void {
  for (let offset = bytes.length - PACKET_SIZE; offset >= 0; offset -= PACKET_SIZE) {
    const pid = pidAt(bytes, offset)
    const counter = counters[pid] ?? 0
    writeContinuity(bytes, offset, counter)
    if (hasPayload(bytes, offset)) counters[pid] = (counter + 15) & 0x0f
  }
}
