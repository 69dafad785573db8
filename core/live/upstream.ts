import type { Failure } from '../errors.ts'
import type { Stream } from '../lineup/stream.ts'
import type { SlotDemand } from './slot-claims.ts'

/** Where an opened upstream puts its bytes. Chunks have any size and belong to the receiver of the call. */
export interface UpstreamSink {
  data(chunk: Uint8Array): void
  /** Called exactly once after the last `data`, unless the upstream was closed by us. The failure says why it ended. */
  end(failure: Failure): void
}

/** An open connection to a source. `close()` is idempotent and frees the source's resource at once. */
export interface Upstream {
  /** Programme to select from the PAT; null: the first with a PMT. */
  readonly programNumber: number | null
  /** How long payload may stay scrambled or undecodable before the start is given up, milliseconds. */
  readonly clearWithinMs: number
  close(): void
}

/** What a source is asked to open, and where its bytes go. */
export type OpenRequest = {
  readonly stream: Stream
  readonly sink: UpstreamSink
  /** Why the last try of this same stream within this start failed, so that the source can choose another way. */
  readonly previous: Failure | null
  /** For a test: asks in the name of this program. Absent, and for sources that are no providers: as configured. */
  readonly userAgent?: string
  readonly signal: AbortSignal
}

/**
 * Port of a source: opens one stream with exactly one connection.
 *
 * Resolves when the source has sent its first payload bytes (they may reach `sink.data` before). Fails with
 * `live/refused|no-slot|no-signal|silent|wrong-service|not-mpeg-ts` or `source/*`. Never retries by itself.
 */
export interface StreamOpener {
  open(request: OpenRequest): Promise<Upstream>
}

/** Port of a source: what it can spare. */
export interface SlotRule {
  /** How many slots it has; null: no limit known. */
  slots(): number | null
  /** Streams of one slot key share a slot (services of a transponder); false: every open stream has its own. Absent: true. */
  readonly sharesSlots?: boolean
  /** How long it still counts a connection that was closed, milliseconds; absent: 150. */
  readonly closingMs?: number
  /** What it needs for itself, so that we make room in time; null or absent: nothing is known. */
  demand?(): SlotDemand | null
}
