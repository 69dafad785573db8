import type { ByteSink, ViewerInfo } from '../hub.ts'
import type { KeyframeRing } from '../keyframe-ring.ts'
import type { Program } from '../program.ts'
import { ShiftedViewer } from '../shifted-viewer.ts'
import { Viewer } from '../viewer.ts'
import type { RelayPorts } from './ports.ts'

/** Makes raw viewers of a channel: at the live edge, or as far behind it as they asked, where that is still on disk. */
export class Seating {
  readonly #ports: Pick<RelayPorts, 'newId' | 'shift' | 'timers' | 'now'>
  readonly #ring: KeyframeRing
  readonly #program: () => Program | null

  /** `program`: the programme now; null before the first one. */
  constructor(
    ports: Pick<RelayPorts, 'newId' | 'shift' | 'timers' | 'now'>,
    ring: KeyframeRing,
    program: () => Program | null,
  ) {
    this.#ports = ports
    this.#ring = ring
    this.#program = program
  }

  /** A viewer whose bytes go to the sink; at the live edge if what was asked for is no longer there. */
  viewer(info: ViewerInfo, sink: ByteSink): Viewer | ShiftedViewer {
    const { newId, shift, timers, now } = this.#ports
    const ports = { ring: this.#ring, program: this.#program, now }
    const { behindMs = 0 } = info
    const isBehind = behindMs > 0 && shift?.canStart(now() - behindMs) === true
    return isBehind
      ? new ShiftedViewer(newId(), info, sink, { ...ports, buffer: shift, timers, behindMs })
      : new Viewer(newId(), info, sink, ports)
  }

  /** Whether what was sent so long ago is still on disk. */
  keeps(behindMs: number): boolean {
    const { shift, now } = this.#ports
    const from = shift?.fromMs ?? null
    return from !== null && from <= now() - behindMs && shift?.canStart(now() - behindMs) === true
  }
}
