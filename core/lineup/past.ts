import type { Channel } from './channel.ts'
import type { Lineup } from './lineup.ts'
import type { Stream } from './stream.ts'
import type { VodFile, VodRange } from './vod.ts'
import type { VodViewer } from './vod-desk.ts'

/** A stretch of what a channel has shown, [from, to), epoch milliseconds. */
export type PastSpan = { readonly from: number; readonly to: number }

/** What a source is asked to replay. */
export type PastRequest = {
  readonly stream: Stream
  /** May begin a little earlier: sources keep minutes, or whole programmes. `to` may be still to come. */
  readonly span: PastSpan
  /** A part of the file that it is; null: from its beginning. */
  readonly range: VodRange | null
  readonly signal: AbortSignal
}

/**
 * Port of a source that keeps what it has sent: replays a stretch of a stream (`Stream.pastHours`) with exactly one
 * connection, as MPEG-TS that flows only as fast as it is read.
 *
 * Resolves when the source has sent its first bytes. Fails with `live/no-past` (it does not have that stretch),
 * `vod/range`, `live/refused|no-slot|contested` or `source/*`. Never retries by itself.
 */
export interface PastOpener {
  openPast(request: PastRequest): Promise<VodFile>
}

/** A viewer's request for the past of a channel. */
export type PastPlay = {
  readonly channel: Channel
  readonly span: PastSpan
  readonly range: VodRange | null
  readonly viewer: VodViewer
  readonly signal: AbortSignal
}

/** Port: what the sources of this house keep of the past of its channels. */
export interface PastDesk {
  /** Whether a source of the channel has kept this instant. */
  reaches(channel: Channel, instant: number): boolean
  /**
   * Replays a stretch for a viewer, who has one upstream for a channel's past at a time: a new request ends the one
   * before. Fails with `live/no-past`, `live/no-slot`, `live/stopped`, or as `PastOpener.openPast` does.
   */
  open(play: PastPlay): Promise<VodFile>
}

const HOUR_MS = 3_600_000
/** So much is asked for where nobody says how long a programme is, and at most. */
const USUAL_MS = 4 * HOUR_MS
const LONGEST_MS = 12 * HOUR_MS

/** The stretch that somebody wants who is so far behind now. */
export function pastSpan(
  { from, lastsMs }: { readonly from: number; readonly lastsMs: number | null },
  behindMs: number,
): PastSpan {
  return { from, to: from + Math.min(lastsMs ?? Math.min(USUAL_MS, behindMs), LONGEST_MS) }
}

/** How far back a channel can be replayed at its sources, hours; 0: not at all. */
export const pastHoursOf = ({ streams }: Pick<Channel, 'streams'>): number =>
  streams.reduce((most, { pastHours = 0 }) => Math.max(most, pastHours), 0)

/** The most of all channels. */
export const mostPastHours = ({ channels }: Pick<Lineup, 'channels'>): number =>
  channels.reduce((most, channel) => Math.max(most, pastHoursOf(channel)), 0)

/** Whether a source keeps this instant of a stream now. */
export const keepsInstant = ({ pastHours = 0 }: Pick<Stream, 'pastHours'>, instant: number, now: number): boolean =>
  pastHours > 0 && instant >= now - pastHours * HOUR_MS && instant < now
