import type { ChannelId } from '../lineup/channel.ts'
import type { SourceId, StreamId } from '../lineup/stream.ts'
import type { RelayState, ViewerStatus } from './hub.ts'

/** A film, or the past of a channel at its source, that somebody watches now, as status pages show it. */
export type FilePlay = {
  /** Differs from all ids of channels; not used again in one run. */
  readonly id: string
  readonly kind: 'past' | 'film'
  /** Null for films. */
  readonly channelId: ChannelId | null
  readonly title: string
  readonly sourceId: SourceId
  readonly streamId: StreamId
  readonly state: Exclude<RelayState, 'switching'>
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly viewer: ViewerStatus
}

/** Port: the files that are being watched. */
export interface FilePlays {
  list(): readonly FilePlay[]
  /** Ends the watching of this play, or of this viewer; false: it is not here. */
  stop(id: string): boolean
  /** Calls `listener`, which must not block, with the id of a play that came, went or changed its state. */
  onChange(listener: (id: string) => void): () => void
}
