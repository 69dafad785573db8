import { videoFacts } from './codec-strings.ts'
import type { VideoFacts } from './codec-strings.ts'
import { hasPayload, continuityAt, PACKET_SIZE, pidAt, writeContinuity, writeEmptyPacket } from './packet.ts'
import { elementaryBytes } from './pes-unit.ts'
import type { PesUnit } from './pes-unit.ts'
import type { Program } from './program.ts'
import { buildPat, buildPmt, packetize } from './psi.ts'
import { withoutForeignReferences } from './reference-marking.ts'
import { diff90k, readPcr, writePcr } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** More is never kept, however long a GOP is: 16 MiB hold 12 s of UHD. */
const MAX_BYTES = 16 * 1024 * 1024
/** Of a radio programme this much is kept for those who join: 2 s, 90 kHz. */
const RADIO_90K = 2 * 90_000
/** Without a picture for this long a programme is joined by its sound. */
const PICTURE_LOST_MS = 5000

type Access = {
  readonly position: number
  readonly pts90k: number | null
  /** A picture behind the leading ones has come, so it is known which pictures have to be left out. */
  settled: boolean
}

/**
 * Where a viewer starts: private bytes first, then the shared chunks from `next` on. `end`: position behind the private
 * bytes.
 */
export type CleanStart = { readonly prefix: Uint8Array; readonly next: readonly TsChunk[]; readonly end: number }

/** How somebody starts. `resumes`: behind a loss, which is announced. `from`: not before this position. */
export type StartOptions = { readonly resumes: boolean; readonly from?: number }

/**
 * The latest part of a channel's output, from its last random access points on, for those who join.
 *
 * Keeps chunks, not copies: two GOPs, 16 MiB at most.
 */
export class KeyframeRing {
  #chunks: TsChunk[] = []
  #bytes = 0
  #accesses: Access[] = []
  #isVideo = false
  #pictureAt = 0
  /** Counters of the last packets that are no longer kept. */
  readonly #counters = new Uint8Array(8192)

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Position of the first byte that is kept. */
  get position(): number {
    return this.#chunks[0]?.position ?? 0
  }

  /** Chunks from the one with the last settled random access point on; empty before the first one. */
  backlog(): readonly TsChunk[] {
    const access = this.#accesses.findLast(({ settled }) => settled)
    return access === undefined ? [] : this.#chunks.slice(this.#indexOf(access.position))
  }

  /** Facts of the newest key frame; null: there is none, or it does not tell. */
  picture({ streams }: Program): VideoFacts | null {
    const access = this.#isVideo ? this.#accesses.at(-1) : undefined
    const chunk = access === undefined ? undefined : this.#chunks[this.#indexOf(access.position)]
    if (access === undefined || chunk === undefined) return null
    const at = access.position - chunk.position
    const mark = chunk.marks.find(({ offset }) => offset === at)
    const codec = streams.find(({ pid }) => pid === mark?.pid)?.codec
    if (mark === undefined || codec === undefined) return null
    const next = chunk.marks.find(({ offset, pid }) => offset > at && pid === mark.pid)?.offset ?? chunk.bytes.length
    const packets: Uint8Array[] = []
    for (let offset = at; offset < next; offset += PACKET_SIZE)
      if (pidAt(chunk.bytes, offset) === mark.pid) packets.push(chunk.bytes.subarray(offset, offset + PACKET_SIZE))
    return videoFacts(codec, elementaryBytes({ bytes: join(packets) }))
  }

  /** Takes the next chunk of the output. */
  push(chunk: TsChunk): void {
    const hasPicture = chunk.marks.some(({ kind }) => kind === 'video')
    if (hasPicture) {
      // Sound is no place to start any more.
      if (!this.#isVideo) this.#accesses = []
      this.#isVideo = true
      this.#pictureAt = chunk.atMs
    } else if (this.#isVideo && chunk.atMs - this.#pictureAt > PICTURE_LOST_MS) this.clear()
    this.#chunks.push(chunk)
    this.#bytes += chunk.bytes.length
    for (const mark of chunk.marks) this.#note(chunk, mark)
    this.#trim()
  }

  /** Nobody may start in what was so far: another programme, or another upstream, begins. */
  clear(): void {
    for (const chunk of this.#chunks) this.#noteCounters(chunk)
    this.#chunks = []
    this.#bytes = 0
    this.#accesses = []
    this.#isVideo = false
  }

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
    let old = 0
    while (old < this.#accesses.length - 2 && !this.#isRecent(this.#accesses[old], newest)) old += 1
    if (old > 0) this.#accesses.splice(0, old)
    const from = this.#accesses[0]?.position ?? Infinity
    const isOld = (chunk: TsChunk): boolean =>
      this.#bytes > MAX_BYTES || (from !== Infinity && this.#end(chunk) <= from)
    let gone = 0
    for (const chunk of this.#chunks.slice(0, -1)) {
      if (!isOld(chunk)) break
      this.#noteCounters(chunk)
      this.#bytes -= chunk.bytes.length
      gone += 1
    }
    if (gone > 0) this.#chunks.splice(0, gone)
    if (from < this.position) this.#accesses = this.#accesses.filter(({ position }) => position >= this.position)
  }

  /** Of pictures two random access points are kept, of sound two seconds. */
  #isRecent(access: Access | undefined, newest: number | null): boolean {
    if (this.#isVideo || access === undefined) return false
    return newest === null || access.pts90k === null || Math.abs(diff90k(newest, access.pts90k)) <= RADIO_90K
  }

  #noteCounters(chunk: TsChunk): void {
    noteCounters(this.#counters, chunk)
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
   * untouched. A loss is announced on every PID.
   */
  start(program: Program, { resumes, from = 0 }: StartOptions): CleanStart | null {
    const isLateEnough = (access: Access): boolean => access.settled && access.position >= from
    const access = this.#isVideo ? this.#accesses.findLast(isLateEnough) : this.#accesses.find(isLateEnough)
    if (access === undefined) return null
    const first = this.#indexOf(access.position)
    const sieve = new Sieve(access, program, this.#isVideo)
    const mended = this.#isVideo ? mendReferences(this.#chunks.slice(first), access, program) : new Map()
    let last = first
    for (const [index, chunk] of this.#chunks.entries())
      if (index >= first && (sieve.hasUnclean(chunk) || hasOneOf(mended, chunk))) last = index
    const own = this.#chunks.slice(first, last + 1)
    const next = this.#chunks.slice(last + 1)
    const packets = new Sieve(access, program, this.#isVideo).clean(own, mended)
    const prefix = join([...(resumes ? seamPackets(program) : []), ...tablePackets(program), ...packets])
    countBackwards(prefix, this.#countersBefore(next[0]))
    return { prefix, next, end: this.#end(own.at(-1)) }
  }

  /** The counters that the last packets before a kept chunk have; `next` undefined: before the chunk to come. */
  #countersBefore(next: TsChunk | undefined): Uint8Array {
    const counters = this.#counters.slice()
    for (const chunk of this.#chunks) {
      if (chunk === next) break
      noteCounters(counters, chunk)
    }
    return counters
  }
}

function noteCounters(counters: Uint8Array, { bytes }: TsChunk): void {
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
    return found.map(({ parts, positions }) => ({ unit: { ...times, bytes: join(parts) }, positions }))
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

function join(packets: readonly Uint8Array[]): Uint8Array {
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
