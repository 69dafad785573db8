import type { Failure } from '../errors.ts'
import type { RawViewer } from './audience.ts'
import type { ByteSink, ViewerInfo, ViewerStatus } from './hub.ts'
import type { KeyframeRing } from './keyframe-ring.ts'
import type { Program } from './program.ts'
import type { TsChunk } from './ts-chunk.ts'

/** What is kept for a slow viewer alone at most, bytes (contract §4). */
const MAX_OWN = 8 * 1024 * 1024
/** A viewer that takes nothing for this long is let go (contract §4). */
export const STALLED_MS = 15_000

/** What a viewer needs of its relay. */
export type ViewerPorts = {
  readonly ring: KeyframeRing
  readonly program: () => Program | null
  readonly now: () => number
}

type Piece = Pick<TsChunk, 'bytes' | 'position' | 'atMs'>

/**
 * One raw viewer: a bounded queue between the relay and an HTTP body.
 *
 * Chunks are shared with all others and only referred to; what the ring keeps anyway does not count. When more than 8 MiB
 * would be kept for this viewer alone, the queue is dropped as a whole; with the next room the viewer goes on at a later
 * key frame, behind packets that announce the break.
 */
export class Viewer implements RawViewer {
  readonly id: string
  readonly #info: ViewerInfo
  readonly #sink: ByteSink
  readonly #ports: ViewerPorts
  #queue: Piece[] = []
  #queued = 0
  #isFull = false
  #isLost = true
  /** Position of the output behind the last byte that was sent; −1: nothing yet. */
  #end = -1
  #fullSince = 0
  #isEnded = false
  /** Bytes dropped since the last `sweep`. */
  #dropped = 0
  /** And in all. */
  #lost = 0
  bytesOut = 0

  /** `after`: how far the same body has been filled by other means, and since when it is full. */
  constructor(
    id: string,
    info: ViewerInfo,
    sink: ByteSink,
    ports: ViewerPorts,
    after?: { readonly end: number; readonly fullSince: number | null },
  ) {
    this.id = id
    this.#info = info
    this.#sink = sink
    this.#ports = ports
    this.#end = after?.end ?? -1
    this.#isFull = (after?.fullSince ?? null) !== null
    this.#fullSince = after?.fullSince ?? 0
  }

  /** As status pages show it. */
  status(): ViewerStatus {
    const { mode, user, address, player } = this.#info
    const [oldest] = this.#queue
    const delayMs = oldest === undefined ? 0 : Math.max(0, Math.round(this.#ports.now() - oldest.atMs))
    return {
      mode,
      user,
      address,
      ...(player !== undefined && { player }),
      id: this.id,
      bytesOut: this.bytesOut,
      delayMs,
      droppedBytes: this.#lost,
    }
  }

  /** Starts, or starts again, at the newest clean key frame; false while there is none. */
  enter(): boolean {
    const program = this.#ports.program()
    const resumes = this.#end >= 0
    const start = program === null ? null : this.#ports.ring.start(program, { resumes, from: Math.max(0, this.#end) })
    if (start === null) return false
    this.#isLost = false
    this.#send({ bytes: start.prefix, position: start.end - start.prefix.length, atMs: this.#ports.now() })
    for (const chunk of start.next) this.#send(chunk)
    return true
  }

  /** Takes the relay's next chunk; the ring has it already. */
  take(chunk: TsChunk): void {
    if (this.#isEnded) return
    if (!this.#isLost) this.#send(chunk)
    else if (!this.#isFull) this.enter()
  }

  /** Bytes that belong to nobody's time line: null packets that keep a connection alive. */
  keepAlive(bytes: Uint8Array): void {
    if (this.#isEnded || this.#isFull) return
    this.bytesOut += bytes.length
    this.#took(this.#sink.write(bytes))
  }

  #send(piece: Piece): void {
    if (this.#isLost) return
    if (!this.#isFull) {
      this.#write(piece)
      return
    }
    this.#queue.push(piece)
    this.#queued += piece.bytes.length
    // The queue is an unbroken end of the output; its newest part is in the ring.
    if (this.#queued - this.#ports.ring.bytes <= MAX_OWN) return
    this.#dropped += this.#queued
    this.#lost += this.#queued
    this.#queue = []
    this.#queued = 0
    this.#isLost = true
  }

  #write({ bytes, position }: Piece): void {
    this.bytesOut += bytes.length
    this.#end = position + bytes.length
    this.#took(this.#sink.write(bytes))
  }

  #took(hasRoom: boolean): void {
    if (hasRoom || this.#isFull) return
    this.#isFull = true
    this.#fullSince = this.#ports.now()
  }

  /** The body has room again. */
  drained(): void {
    if (this.#isEnded || !this.#isFull) return
    this.#isFull = false
    let sent = 0
    while (sent < this.#queue.length && !this.#isFull && !this.#isEnded) {
      const piece = this.#queue[sent] as Piece
      sent += 1
      this.#queued -= piece.bytes.length
      this.#write(piece)
    }
    this.#queue.splice(0, sent)
    if (this.#isLost && !this.#isFull && !this.#isEnded) this.enter()
  }

  /** Once a second: bytes dropped since, and whether the viewer has to go. */
  sweep(): { readonly dropped: number; readonly stalled: boolean } {
    const dropped = this.#dropped
    this.#dropped = 0
    return { dropped, stalled: this.#isFull && this.#ports.now() - this.#fullSince >= STALLED_MS }
  }

  /** Ends the body; with a failure the connection is cut. */
  close(failure: Failure | null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#queue = []
    this.#queued = 0
    this.#sink.close(failure)
  }
}
