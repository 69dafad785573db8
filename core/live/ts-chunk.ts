import type { ElementaryStream } from './program.ts'

/** A place in a chunk where a PES packet of a stream starts. Times are 90 kHz ticks modulo 2³³ on the channel's own time line. */
export type PesMark = {
  /** Byte offset in the chunk of the 188-byte packet that starts the PES. */
  readonly offset: number
  readonly pid: number
  readonly kind: ElementaryStream['kind']
  readonly pts90k: number | null
  readonly dts90k: number | null
  /** Video: a decoder may start here (IDR, recovery point, HEVC IRAP, MPEG-2 sequence + I). Audio: always true. */
  readonly randomAccess: boolean
  /** Video: a leading picture of the random access point before it (open GOP); unusable when starting there. */
  readonly leading: boolean
}

/**
 * What a relay hands out: whole 188-byte packets behind the splicer, shared by all consumers, never to be changed.
 *
 * `position` counts bytes of the channel's output since the relay opened. A PES start is never the last undecided
 * packet of a chunk: `marks` is complete, ordered by offset. `discontinuity` is true when time or continuity of this
 * chunk could not be joined to the one before.
 */
export type TsChunk = {
  readonly bytes: Uint8Array
  readonly position: number
  readonly atMs: number
  /** The channel's clock (PCR) at its end, 90 kHz modulo 2³³; null: none was sent yet. */
  readonly clock90k: number | null
  readonly marks: readonly PesMark[]
  readonly discontinuity: boolean
}
