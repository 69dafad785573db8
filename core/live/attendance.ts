import type { FailureCode } from '../errors.ts'
import type { ChannelId } from '../lineup/channel.ts'
import type { SourceId, StreamId } from '../lineup/stream.ts'
import type { ViewerStatus } from './hub.ts'

/**
 * Why somebody's watching ended: a closed catalogue.
 *
 * | word | what happened |
 * |---|---|
 * | `left` | the player closed the connection or said that it leaves |
 * | `idle` | a player of HLS asked for nothing any more |
 * | `finished` | a file was sent to its end |
 * | `stalled` | the player took nothing for too long |
 * | `stopped` | somebody stopped the viewer or the stream |
 * | `preempted` | the slot was given to somebody with more precedence, or to a recording |
 * | `failed` | no stream of the channel could be played any more |
 * | `shutdown` | the program was stopped |
 * | `interrupted` | the program was killed, or the machine lost its power |
 */
export const END_REASONS = [
  'left',
  'idle',
  'finished',
  'stalled',
  'stopped',
  'preempted',
  'failed',
  'shutdown',
  'interrupted',
] as const

/** One of them. */
export type EndReason = (typeof END_REASONS)[number]

/** What is watched: a channel now, what a channel has shown, or a film. */
export type WatchedKind = 'live' | 'past' | 'film'

/** Somebody who has come, and what for. */
export type Arrival = Pick<ViewerStatus, 'id' | 'mode' | 'user' | 'address' | 'quality' | 'player'> & {
  readonly kind: WatchedKind
  /** Null for films. */
  readonly channelId: ChannelId | null
  /** Name of the channel or of the film. */
  readonly title: string
  /** Known for files from the beginning; null for channels, whose relay tells. */
  readonly sourceId: SourceId | null
  readonly streamId: StreamId | null
}

/** How a viewer's watching ended. `code` says more where it was a failure. */
export type Departure = { readonly reason: EndReason; readonly code: FailureCode | null; readonly bytesOut: number }

/**
 * Port: told who comes to watch, who goes, and what could not be shown. Every arrival is followed by one departure of the
 * same id, and ids are not used again in one run. Nothing here may block or throw.
 */
export interface Attendance {
  came(arrival: Arrival): void
  left(id: string, departure: Departure): void
  /** All streams of a channel were tried in vain while somebody wanted it. */
  failed(channel: { readonly id: ChannelId; readonly name: string }, code: FailureCode): void
}

/** Nobody takes notes. */
export const NO_ATTENDANCE: Attendance = { came() {}, left() {}, failed() {} }

/** What a failure at the end of a seat means; null: the viewer left by itself. */
export function endReasonOf(code: FailureCode | null): EndReason {
  switch (code) {
    case null:
    case 'hls/gone':
      return 'left'
    case 'live/viewer-stalled':
      return 'stalled'
    case 'live/stopped':
      return 'stopped'
    case 'live/preempted':
    case 'live/recording':
      return 'preempted'
    default:
      return 'failed'
  }
}
