import type { Failure, FailureCode } from '../errors.ts'
import type { Channel, ChannelId } from '../lineup/channel.ts'
import type { SourceId, Stream, StreamId } from '../lineup/stream.ts'
import type { Program } from './program.ts'
import type { Quality } from './quality.ts'
import type { Slot } from './slots.ts'
import type { SlateKind } from './slate.ts'
import type { TsChunk } from './ts-chunk.ts'

/** By which face a viewer came; `file`: a film, or the past of a channel that its source replays. */
export type ViewerMode = 'ts' | 'hls' | 'hdhr' | 'xtream' | 'file'

/** Who watches; `user` is null for anonymous viewers. */
export type ViewerInfo = {
  readonly mode: ViewerMode
  readonly user: string | null
  readonly address: string
  /** What the player calls itself; absent: not told. */
  readonly player?: string
  /** Wants a slate while there is no picture, instead of waiting for it or hearing why there is none. */
  readonly slate?: boolean
  /** So far behind the others, milliseconds; absent or 0: not at all. Needs time shift. */
  readonly behindMs?: number
}

/** A viewer as status pages show it. */
export type ViewerStatus = Omit<ViewerInfo, 'slate' | 'behindMs'> & {
  readonly id: string
  readonly bytesOut: number
  /** What is made of the channel for this viewer; absent: it gets the channel as it is sent. */
  readonly quality?: Exclude<Quality, 'original'>
  /**
   * How long the oldest byte that waits for this viewer has waited, or how far the viewer chose to be behind, milliseconds;
   * absent: players of HLS ask by themselves.
   */
  readonly delayMs?: number
  /** Bytes that were left out because the viewer was too slow; absent: as above. */
  readonly droppedBytes?: number
}

/** A change from one stream of a channel to another while viewers watched. */
export type StreamSwitch = {
  /** Epoch milliseconds. */
  readonly at: number
  readonly from: StreamId
  readonly to: StreamId
  /** What the two are called; absent in what was noted before names were. */
  readonly names?: readonly [from: string, to: string]
  /** Why the one before ended. */
  readonly code: FailureCode
  /** From its end to the first picture of the next. */
  readonly gapMs: number
}

/** What the house remembers of a stream since it started. Instants are epoch milliseconds. */
export type StreamPast = {
  /** How it failed last; null: it has not. */
  readonly failure: { readonly code: FailureCode; readonly at: number } | null
  /** Others are tried before it until then; null: it is not avoided. */
  readonly avoidedUntil: number | null
}

/** Where a relay is on its way; `lingering` has no viewer and still holds its slot. */
export type RelayState = 'opening' | 'live' | 'switching' | 'lingering'

/** A relay as status pages show it; `lingering` still occupies a slot. */
export type StreamStatus = {
  readonly channelId: ChannelId
  readonly channelName: string
  readonly sourceId: SourceId
  /** The stream that is open or being opened. */
  readonly streamId: StreamId | null
  readonly state: RelayState
  readonly startedAt: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly bitrateKbps: number
  readonly continuityErrors: number
  /** Packets that came marked as damaged, and were left out; absent: none. */
  readonly damagedPackets?: number
  /** How unsteadily the upstream arrives: the spread of its clock against ours over 5 s; null: not known yet. */
  readonly clockJitterMs: number | null
  /** What the jitter buffer holds back. */
  readonly bufferedMs: number
  /** From asking the source to its first byte, and to the first picture that was sent; null: not yet. */
  readonly firstByteMs: number | null
  readonly firstPictureMs: number | null
  /** The slate that is on; null: none is. */
  readonly slate: SlateKind | null
  /** Changes of stream since it was opened. */
  readonly switchCount: number
  /** The last of them, oldest first. */
  readonly switches: readonly StreamSwitch[]
  readonly program: Program | null
  readonly viewers: readonly ViewerStatus[]
}

/**
 * A consumer in this process (HLS session, guide harvester) that takes every chunk at once and keeps no reference
 * longer than its own bound allows. It must not block.
 */
export interface RelayConsumer {
  /** Before the first chunk and before the first chunk after each change. */
  program(program: Program): void
  chunk(chunk: TsChunk): void
  /** Once; null when we closed it ourselves. */
  end(failure: Failure | null): void
  /** The people behind this consumer, for the status. */
  viewers(): readonly ViewerStatus[]
}

/**
 * Where a raw viewer's bytes go: the body of an HTTP answer.
 *
 * `write` returns whether more is welcome; after false the next `drained` callback says when. The chunk is shared:
 * copy it if it must be kept beyond the call's own queue. `close(failure)` with a failure cuts the connection.
 */
export interface ByteSink {
  write(bytes: Uint8Array): boolean
  close(failure: Failure | null): void
}

/** A joined viewer or consumer. `leave()` is idempotent. */
export interface Seat {
  readonly id: string
  /** To be called by the sink's owner when a sink that said "no more" has room again. */
  drained(): void
  leave(): void
}

/** What needs a slot: which source, and what for. */
export type SlotWish = Pick<Stream, 'id' | 'sourceId' | 'slotKey'>

/** A relay (or the viewing of a film) as the desk sees it: who holds a slot, and whether anybody would miss it. */
export interface SlotHolder {
  readonly channel: { readonly id: string }
  readonly state: RelayState | 'closed'
  readonly stream: Pick<Stream, 'sourceId' | 'slotKey'> | null
  readonly lingeringSince: number
  /** Who watches or waits. */
  readonly viewers: readonly Pick<ViewerInfo, 'user' | 'address'>[]
  close(failure: Failure | null): void
  /** Gives the slot up for this reason and goes on elsewhere if it can; absent: it closes. */
  giveWay?(failure: Failure): void
}

/** One upstream per channel, any number of viewers. */
export interface Hub extends AsyncDisposable {
  /**
   * Resolves when real television is ready for this viewer; bytes start with PAT, PMT and a clean key frame.
   * `sink` is asked for only then, so that the status line can still say what failed. Rejects with `live/*`, `source/*`.
   * A viewer who wants to be further behind than the channel has been open starts where it was opened.
   */
  watch(channel: Channel, viewer: ViewerInfo, sink: () => ByteSink, signal: AbortSignal): Promise<Seat>
  /** The same for a consumer in this process: program, backlog from the last random access point, then live chunks. */
  consume(channel: Channel, consumer: RelayConsumer, signal: AbortSignal): Promise<Seat>
  streams(): readonly StreamStatus[]
  /** How far back viewers may go, milliseconds; 0: there is no time shift. */
  readonly shiftWindowMs: number
  /** Whether what a running channel showed so long ago can be had here. */
  keeps(channel: ChannelId, behindMs: number): boolean
  /** Slots of a source in use (lingering counts) and in total. */
  slots(source: SourceId): { readonly total: number; readonly used: number } | null
  /**
   * A slot for something that is no channel (a film). Null: none can be had; fails with `live/recording`. The holder may be asked to make room as relays
   * are; it is forgotten when the slot is released.
   */
  borrow(wish: SlotWish, holder: SlotHolder, signal: AbortSignal): Promise<Slot | null>
  /** Goes on with this stream of a running channel, or with its next one (null); false if nothing runs. Fails with `live/unknown-stream`. */
  switchStream(channel: ChannelId, stream: StreamId | null): boolean
  /** How a stream fared; nothing is known of one that was not opened since the start, or long ago. */
  past(stream: StreamId): StreamPast
  /** Calls `listener` when a stream changes state, or viewers come and go; gives the function that ends it. */
  onChange(listener: (channel: ChannelId) => void): () => void
  /** Ends a channel's relay for all its viewers; false if nothing runs. */
  stop(channel: ChannelId): boolean
  stopViewer(viewerId: string): boolean
}
