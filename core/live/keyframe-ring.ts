import { cleanStart, joinPackets, noteCounters } from './clean-start.ts'
import type { Access, CleanStart } from './clean-start.ts'
import { videoFacts } from './codec-strings.ts'
import type { VideoFacts } from './codec-strings.ts'
import { PACKET_SIZE, pidAt } from './packet.ts'
import { elementaryBytes } from './pes-unit.ts'
import type { Program } from './program.ts'
import { diff90k } from './timestamps.ts'
import type { PesMark, TsChunk } from './ts-chunk.ts'

/** More is never kept, however long a GOP is: 16 MiB hold 12 s of UHD. */
const MAX_BYTES = 16 * 1024 * 1024
/** Of a radio programme this much is kept for those who join: 2 s, 90 kHz. */
const RADIO_90K = 2 * 90_000
/** Without a picture for this long a programme is joined by its sound. */
const PICTURE_LOST_MS = 5000

type RingAccess = Access & {
  /** A picture behind the leading ones has come, so it is known which pictures have to be left out. */
  settled: boolean
}

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
  #accesses: RingAccess[] = []
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
    return videoFacts(codec, elementaryBytes({ bytes: joinPackets(packets) }))
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
  #isRecent(access: RingAccess | undefined, newest: number | null): boolean {
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

  /** What a viewer who joins now gets first: the newest settled GOP. Null while there is no random access point. */
  start(program: Program, { resumes, from = 0 }: StartOptions): CleanStart | null {
    const isLateEnough = (access: RingAccess): boolean => access.settled && access.position >= from
    const access = this.#isVideo ? this.#accesses.findLast(isLateEnough) : this.#accesses.find(isLateEnough)
    if (access === undefined) return null
    const first = this.#indexOf(access.position)
    return cleanStart({
      access,
      isVideo: this.#isVideo,
      program,
      resumes,
      chunks: this.#chunks.slice(first),
      counters: this.#countersBefore(this.#chunks[first]),
    })
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
