import type { SourceId, Stream } from '../../lineup/stream.ts'
import type { Log } from '../../log.ts'
import type { Attendance } from '../attendance.ts'
import type { ShiftBuffer } from '../shift-buffer.ts'
import type { SlateMaker } from '../slate.ts'
import type { Slot } from '../slots.ts'
import type { StreamMemory } from '../stream-memory.ts'
import type { Timers } from '../timers.ts'
import type { StreamOpener } from '../upstream.ts'

/** What a relay needs. */
export type RelayPorts = {
  readonly opener: (source: SourceId) => StreamOpener | null
  /** A slot for the stream, after making room if that is possible; null: none. The source may be asked when it resolves. */
  readonly reserve: (stream: Stream, signal: AbortSignal) => Promise<Slot | null>
  /** The channel's streams in order of fail-over as the owner has them now; null: as they were when it was opened. */
  readonly streams: () => readonly Stream[] | null
  readonly memory: StreamMemory
  readonly slates: SlateMaker
  /** How far the stream of a source is held back, milliseconds. */
  readonly bufferMs: (source: SourceId) => number
  /** Keeps the last minutes of what is sent, and is closed with the relay; null: there is no time shift. */
  readonly shift: ShiftBuffer | null
  readonly newId: () => string
  /** Takes notes of who watches. */
  readonly attendance: Attendance
  readonly timers: Timers
  readonly log: Log
  readonly now: () => number
  readonly lingerMs: number
  /** Told of what changes: another state, another stream, somebody who comes or goes. */
  readonly onEvent: () => void
  /** Told once, when the relay is over. */
  readonly onClosed: () => void
}
