import { Failure } from '../errors.ts'
import type { ByteSink, ViewerInfo, ViewerStatus } from './hub.ts'
import type { KeyframeRing } from './keyframe-ring.ts'
import type { Program } from './program.ts'
import type { TsChunk } from './ts-chunk.ts'

/** What waits for a slow viewer at most, bytes (contract §4). */
const MAX_QUEUE = 8 * 1024 * 1024
/** A viewer that takes nothing for this long is let go (contract §4). */
const STALLED_MS = 15_000

/** What a viewer needs of its relay. */
export type ViewerPorts = {
  readonly ring: KeyframeRing
  readonly program: () => Program | null
  readonly now: () => number
}

/**
 * One raw viewer: a bounded queue between the relay and an HTTP body.
 *
 * Chunks are shared with all others and only referred to. When more than 8 MiB wait, the queue is dropped as a whole; with
 * the next room the viewer goes on at a key frame, behind packets that announce the break.
 */
export class Viewer {
  readonly id: string
  readonly #info: ViewerInfo
  readonly #sink: ByteSink
  readonly #ports: ViewerPorts
  #queue: Uint8Array[] = []
  #queued = 0
  #isFull = false
  #isLost = true
  #hasHad = false
  #fullSince = 0
  #ended = false
  /** Bytes dropped since the last `sweep`. */
  #dropped = 0
  bytesOut = 0

  constructor(id: string, info: ViewerInfo, sink: ByteSink, ports: ViewerPorts) {
    this.id = id
    this.#info = info
    this.#sink = sink
    this.#ports = ports
  }

  /** As status pages show it. */
  status(): ViewerStatus {
    return { ...this.#info, id: this.id, bytesOut: this.bytesOut }
  }

  /** Starts, or starts again, at the newest clean key frame; false while there is none. */
  enter(): boolean {
    const program = this.#ports.program()
    const start = program === null ? null : this.#ports.ring.start(program, { resumes: this.#hasHad })
    if (start === null) return false
    this.#isLost = false
    this.#hasHad = true
    this.#send(start.prefix)
    for (const { bytes } of start.next) this.#send(bytes)
    return true
  }

  /** Takes the relay's next chunk; the ring has it already. */
  take(chunk: TsChunk): void {
    if (this.#ended) return
    if (!this.#isLost) this.#send(chunk.bytes)
    else if (!this.#isFull) this.enter()
  }

  /** Bytes that belong to nobody's time line: null packets that keep a connection alive. */
  keepAlive(bytes: Uint8Array): void {
    if (!this.#ended && !this.#isFull) this.#send(bytes)
  }

  #send(bytes: Uint8Array): void {
    if (!this.#isFull) {
      this.#write(bytes)
      return
    }
    if (this.#queued + bytes.length > MAX_QUEUE) {
      this.#dropped += this.#queued + bytes.length
      this.#queue = []
      this.#queued = 0
      this.#isLost = true
      return
    }
    this.#queue.push(bytes)
    this.#queued += bytes.length
  }

  #write(bytes: Uint8Array): void {
    this.bytesOut += bytes.length
    if (this.#sink.write(bytes) || this.#isFull) return
    this.#isFull = true
    this.#fullSince = this.#ports.now()
  }

  /** The body has room again. */
  drained(): void {
    if (this.#ended || !this.#isFull) return
    this.#isFull = false
    let sent = 0
    while (sent < this.#queue.length && !this.#isFull) {
      const bytes = this.#queue[sent] as Uint8Array
      sent += 1
      this.#queued -= bytes.length
      this.#write(bytes)
    }
    this.#queue.splice(0, sent)
    if (this.#isLost && !this.#isFull) this.enter()
  }

  /** Once a second: bytes dropped since, and whether the viewer has to go. */
  sweep(): { readonly dropped: number; readonly stalled: boolean } {
    const dropped = this.#dropped
    this.#dropped = 0
    return { dropped, stalled: this.#isFull && this.#ports.now() - this.#fullSince >= STALLED_MS }
  }

  /** Ends the body; with a failure the connection is cut. */
  close(failure: Failure | null): void {
    if (this.#ended) return
    this.#ended = true
    this.#queue = []
    this.#queued = 0
    this.#sink.close(failure)
  }
}
