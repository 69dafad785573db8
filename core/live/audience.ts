import { asFailure, Failure } from '../errors.ts'
import { endReasonOf } from './attendance.ts'
import type { Departure } from './attendance.ts'
import type { Log, LogFacts } from '../log.ts'
import type { RelayConsumer, ViewerStatus } from './hub.ts'
import { NULL_PID, PACKET_SIZE } from './packet.ts'
import type { Program } from './program.ts'
import type { TsChunk } from './ts-chunk.ts'

const NULL_PACKETS = makeNullPackets(7)

/** A raw viewer, as an audience sees it: something between the output and an HTTP body. */
export interface RawViewer {
  readonly id: string
  readonly bytesOut: number
  status(): ViewerStatus
  /** Starts; called once, when there is a picture or a slate. */
  enter(): void
  /** The next chunk of the output. */
  take(chunk: TsChunk): void
  /** Null packets, because there is no output. */
  keepAlive(bytes: Uint8Array): void
  /** The body has room again. */
  drained(): void
  /** Once a second: bytes that were left out since, and whether the viewer has to go. */
  sweep(): { readonly dropped: number; readonly stalled: boolean }
  /** Ends the body; with a failure the connection is cut. */
  close(failure: Failure | null): void
}

/** What an audience needs. `left`: somebody has gone. */
export type AudiencePorts = {
  readonly log: Log
  readonly facts: LogFacts
  readonly left: () => void
  /** Told of raw viewers, who are known by name; absent: nobody takes notes. Must not throw. */
  readonly attendance?: {
    came(viewer: ViewerStatus): void
    left(id: string, departure: Departure): void
  }
}

/** Everybody who takes a relay's output: raw viewers and consumers in this process. One that breaks ends alone. */
export class Audience {
  readonly #ports: AudiencePorts
  readonly #viewers = new Map<string, RawViewer>()
  readonly #consumers = new Map<string, RelayConsumer>()
  /** What viewers got who have left. */
  #bytesOutBefore = 0

  constructor(ports: AudiencePorts) {
    this.#ports = ports
  }

  get isEmpty(): boolean {
    return this.#viewers.size === 0 && this.#consumers.size === 0
  }

  /** Seats a raw viewer, who starts at once if there is something to start with. */
  addViewer(viewer: RawViewer): void {
    this.#viewers.set(viewer.id, viewer)
    this.#ports.attendance?.came(viewer.status())
    this.#spare(viewer.id, () => viewer.enter())
  }

  /** A viewer's body has room again. */
  drained(id: string): void {
    this.#spare(id, () => this.#viewers.get(id)?.drained())
  }

  /** Seats a consumer, with the programme and the backlog that are there. */
  addConsumer(
    id: string,
    consumer: RelayConsumer,
    start: { readonly program: Program | null; readonly backlog: readonly TsChunk[] },
  ): void {
    this.#consumers.set(id, consumer)
    this.#spare(id, () => {
      if (start.program !== null) consumer.program(start.program)
      for (const chunk of start.backlog) consumer.chunk(chunk)
    })
  }

  /** Another programme begins with the next chunk. */
  program(program: Program): void {
    for (const [id, consumer] of this.#consumers) this.#spare(id, () => consumer.program(program))
  }

  /** Hands a chunk to everybody. */
  chunk(chunk: TsChunk): void {
    for (const viewer of this.#viewers.values()) this.#spare(viewer.id, () => viewer.take(chunk))
    for (const [id, consumer] of this.#consumers) this.#spare(id, () => consumer.chunk(chunk))
  }

  /** Null packets, so that no player or proxy gives the connection up. */
  keepAlive(): void {
    for (const viewer of this.#viewers.values()) this.#spare(viewer.id, () => viewer.keepAlive(NULL_PACKETS))
  }

  /** Once a second: reports what slow viewers lost, and lets those go who take nothing. */
  sweep(): void {
    for (const viewer of this.#viewers.values()) {
      const { dropped, stalled } = viewer.sweep()
      if (dropped > 0)
        this.#ports.log('warn', 'viewer-slow', { ...this.#ports.facts, viewerId: viewer.id, droppedBytes: dropped })
      if (stalled) this.remove(viewer.id, new Failure('live/viewer-stalled', 'The player has taken nothing for 15 s'))
    }
  }

  has(id: string): boolean {
    return this.#viewers.has(id)
  }

  /** Ends one seat; with a failure its connection is cut. False: it is not here. */
  remove(id: string, failure: Failure | null): boolean {
    const viewer = this.#viewers.get(id)
    const consumer = this.#consumers.get(id)
    if (viewer === undefined && consumer === undefined) return false
    this.#viewers.delete(id)
    this.#consumers.delete(id)
    this.#bytesOutBefore += viewer?.bytesOut ?? 0
    if (viewer !== undefined) this.#noteEnd(viewer, failure)
    this.#end(() => {
      viewer?.close(failure)
      if (failure !== null) consumer?.end(failure)
    })
    this.#ports.left()
    return true
  }

  /** Ends everybody: viewers are cut with `reason`, consumers hear `failure` (null: we closed). */
  close(reason: Failure, failure: Failure | null): void {
    const viewers = [...this.#viewers.values()]
    const consumers = [...this.#consumers.values()]
    this.#viewers.clear()
    this.#consumers.clear()
    for (const viewer of viewers) {
      this.#bytesOutBefore += viewer.bytesOut
      this.#noteEnd(viewer, reason)
      this.#end(() => viewer.close(reason))
    }
    for (const consumer of consumers) this.#end(() => consumer.end(failure))
  }

  /** As status pages show it. */
  status(): readonly ViewerStatus[] {
    return [
      ...[...this.#viewers.values()].map((viewer) => viewer.status()),
      ...[...this.#consumers.values()].flatMap((consumer) => consumer.viewers()),
    ]
  }

  /** Bytes that went out in all, to those who are here and those who have left. */
  bytesOut(viewers: readonly ViewerStatus[]): number {
    return viewers.reduce((sum, { bytesOut }) => sum + bytesOut, this.#bytesOutBefore)
  }

  /** What goes wrong at one viewer or consumer ends that one, and nobody else. */
  #spare(id: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#ports.log('error', 'viewer-broke', {
        ...this.#ports.facts,
        viewerId: id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      this.remove(id, asFailure(error, 'http/bug', 'The viewer could not take what was sent'))
    }
  }

  #noteEnd({ id, bytesOut }: RawViewer, failure: Failure | null): void {
    const code = failure?.code ?? null
    this.#ports.attendance?.left(id, { reason: endReasonOf(code), code, bytesOut })
  }

  #end(work: () => void): void {
    try {
      work()
    } catch (error) {
      // It is gone in any case.
      this.#ports.log('warn', 'viewer-broke', { ...this.#ports.facts, error: String(error) })
    }
  }
}

function makeNullPackets(count: number): Uint8Array {
  const bytes = new Uint8Array(count * PACKET_SIZE).fill(0xff)
  for (let offset = 0; offset < bytes.length; offset += PACKET_SIZE)
    bytes.set([0x47, NULL_PID >> 8, NULL_PID & 0xff, 0x10], offset)
  return bytes
}
