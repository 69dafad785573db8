import type { Failure } from '../errors.ts'
import type { RawViewer } from './audience.ts'
import type { ByteSink, ViewerInfo, ViewerStatus } from './hub.ts'
import type { ShiftBuffer, ShiftStart } from './shift-buffer.ts'
import type { Timers } from './timers.ts'
import { STALLED_MS, Viewer } from './viewer.ts'
import type { ViewerPorts } from './viewer.ts'

/** So far ahead of its time a stream is sent: what a player keeps against stalls. */
const BURST_MS = 1500
/** After this long without a byte null packets keep the connection alive (contract §4). */
const SILENT_MS = 2000

/** What a viewer behind the others needs of its relay. */
export type ShiftedViewerPorts = ViewerPorts & { readonly buffer: ShiftBuffer; readonly timers: Timers }

/**
 * A raw viewer who is behind the others: reads the channel's buffer on disk at the pace of the stream's own clock.
 *
 * starting ─clean start read→ following ─the buffer has moved on→ starting, at the oldest place, behind an announced break
 * any ─the buffer is lost→ live: goes on like all others, behind an announced break
 *
 * Holds one strip and a start at most. Who takes too little falls further back.
 */
export class ShiftedViewer implements RawViewer {
  readonly id: string
  readonly #info: ViewerInfo
  readonly #sink: ByteSink
  readonly #ports: ShiftedViewerPorts
  readonly #behindMs: number
  /** Goes on in place of this one when there is no buffer any more. */
  #live: Viewer | null = null
  #bytesOut = 0
  /** Position behind the last byte that was sent; −1: nothing yet. */
  #end = -1
  /** When what is being sent was new. */
  #atMs: number
  #isFull = false
  #fullSince = 0
  #sentAt: number
  #isEnded = false
  #dropped = 0
  #lost = 0
  /** Ends the pause that is being made; null: none is. */
  #wake: (() => void) | null = null

  constructor(id: string, info: ViewerInfo, sink: ByteSink, ports: ShiftedViewerPorts & { readonly behindMs: number }) {
    this.id = id
    this.#info = info
    this.#sink = sink
    this.#ports = ports
    this.#behindMs = ports.behindMs
    this.#sentAt = ports.now()
    this.#atMs = this.#sentAt - this.#behindMs
  }

  get bytesOut(): number {
    return this.#bytesOut + (this.#live?.bytesOut ?? 0)
  }

  /** As status pages show it; its delay is how far it is behind. */
  status(): ViewerStatus {
    const live = this.#live?.status()
    const { mode, user, address, player } = this.#info
    return {
      mode,
      user,
      address,
      ...(player !== undefined && { player }),
      id: this.id,
      bytesOut: this.bytesOut,
      delayMs: live?.delayMs ?? Math.max(0, Math.round(this.#ports.now() - this.#atMs)),
      droppedBytes: this.#lost + (live?.droppedBytes ?? 0),
    }
  }

  /** Starts. */
  enter(): void {
    void this.#run()
  }

  async #run(): Promise<void> {
    const { buffer, now } = this.#ports
    let wanted = now() - this.#behindMs
    while (!this.#isEnded && !buffer.isLost) {
      const start = await this.#start(wanted)
      if (start === 'gone') continue
      if (start === null) break
      await this.#follow(start)
      // The buffer has moved on: the oldest that there is now comes next.
      wanted = -Infinity
    }
    this.#goLive()
  }

  /** Sends a clean start. Null: there is none; `gone`: it went while it was read. */
  async #start(wanted: number): Promise<ShiftStart | 'gone' | null> {
    const { buffer } = this.#ports
    const resumes = this.#end >= 0
    const start = await buffer.start(wanted, { resumes, from: Math.max(0, this.#end) }).catch(() => 'gone' as const)
    if (start === null || start === 'gone' || this.#isEnded) return start
    if (resumes) this.#dropped += start.position - this.#end
    if (resumes) this.#lost += start.position - this.#end
    this.#atMs = start.atMs
    await this.#untilRoom()
    this.#write(start.prefix, start.end)
    return start
  }

  /** Sends what follows a start until the end, or until the buffer no longer has it. */
  async #follow({ startsMs }: ShiftStart): Promise<void> {
    const { buffer, now } = this.#ports
    const startedAt = now()
    while (!this.#isEnded) {
      await this.#untilRoom()
      const strip = buffer.stripAt(this.#end)
      if (strip === 'gone') return
      if (strip === 'ahead') {
        await this.#pause(null)
        continue
      }
      const earlyMs = strip.startsMs - startsMs - BURST_MS - (now() - startedAt)
      if (earlyMs > 0) {
        await this.#pause(earlyMs)
        continue
      }
      const bytes = await buffer.read(this.#end, strip).catch(() => null)
      if (bytes === null) return
      this.#atMs = strip.atMs
      this.#write(bytes, this.#end + bytes.length)
    }
  }

  async #untilRoom(): Promise<void> {
    while (this.#isFull && !this.#isEnded) await this.#pause(null)
  }

  /** Waits for a time, or for news: room, a new chunk, the end. */
  #pause(ms: number | null): Promise<void> {
    const { timers } = this.#ports
    return new Promise((resolve) => {
      const timer = ms === null ? null : timers.set(() => this.#wake?.(), ms)
      this.#wake = () => {
        if (timer !== null) timers.clear(timer)
        this.#wake = null
        resolve()
      }
    })
  }

  #write(bytes: Uint8Array, end: number): void {
    if (this.#isEnded) return
    this.#end = end
    this.#send(bytes)
  }

  #send(bytes: Uint8Array): void {
    this.#bytesOut += bytes.length
    this.#sentAt = this.#ports.now()
    if (this.#sink.write(bytes) || this.#isFull) return
    this.#isFull = true
    this.#fullSince = this.#sentAt
  }

  /** There is nothing to be behind in: joins the others. */
  #goLive(): void {
    if (this.#isEnded) return
    const { ring, program, now } = this.#ports
    const since = this.#isFull ? this.#fullSince : null
    this.#live = new Viewer(
      this.id,
      this.#info,
      this.#sink,
      { ring, program, now },
      { end: this.#end, fullSince: since },
    )
    if (!this.#isFull) this.#live.enter()
  }

  /** The relay's next chunk: the buffer may have more now. */
  take(chunk: Parameters<RawViewer['take']>[0]): void {
    if (this.#live !== null) this.#live.take(chunk)
    else if (!this.#isFull) this.#wake?.()
  }

  /** Null packets, where nothing else comes. */
  keepAlive(bytes: Uint8Array): void {
    if (this.#live !== null) this.#live.keepAlive(bytes)
    else if (!this.#isEnded && !this.#isFull && this.#ports.now() - this.#sentAt >= SILENT_MS) this.#send(bytes)
  }

  /** The body has room again. */
  drained(): void {
    if (this.#live !== null) this.#live.drained()
    this.#isFull = false
    this.#wake?.()
  }

  /** Once a second: bytes left out since, and whether the viewer has to go. */
  sweep(): { readonly dropped: number; readonly stalled: boolean } {
    if (this.#live !== null) return this.#live.sweep()
    const dropped = this.#dropped
    this.#dropped = 0
    return { dropped, stalled: this.#isFull && this.#ports.now() - this.#fullSince >= STALLED_MS }
  }

  /** Ends the body; with a failure the connection is cut. */
  close(failure: Failure | null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#wake?.()
    if (this.#live !== null) this.#live.close(failure)
    else this.#sink.close(failure)
  }
}
