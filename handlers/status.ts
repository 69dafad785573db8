import { Hono } from 'hono'
import { Failure } from '../core/errors.ts'
import type { ChannelId } from '../core/lineup/channel.ts'
import { streamHandle } from '../core/lineup/stream.ts'
import type { WatchedKind } from '../core/live/attendance.ts'
import type { FilePlay } from '../core/live/file-play.ts'
import type { StreamStatus, StreamSwitch, ViewerStatus } from '../core/live/hub.ts'
import type { Env } from './env.ts'
import type { Gateway, SourceStatus, StatusReader } from './gateway.ts'
import { problem, toProblem } from './problem.ts'
import { printNotice } from './print-notice.ts'

/** `/api/status`: in full for admins and on loopback, version and age for others who may watch. */
export function statusRoutes(gateway: Pick<Gateway, 'status' | 'now'>): Hono<Env> {
  return new Hono<Env>().get('/api/status', (c) => {
    const { status } = gateway
    const caller = c.get('caller')
    const short = { version: status.version, uptimeSeconds: Math.floor((gateway.now() - status.startedAt) / 1000) }
    c.header('cache-control', 'no-store')
    if (caller.role === 'admin' || caller.loopback) {
      return c.json({
        version: short.version,
        runtime: status.runtime,
        uptimeSeconds: short.uptimeSeconds,
        sources: status.sources().map(printSource),
        streams: printRunning(status),
        transcode: status.transcode(),
        notices: status.notices().map(printNotice),
      })
    }
    if (caller.mayWatch || caller.role !== null) return c.json(short)
    return problem(c, new Failure('access/sign-in', 'The status is shown to people who may watch'))
  })
}

/** A source as the API shows it; instants in ISO 8601. */
export function printSource(source: SourceStatus) {
  return {
    id: source.id,
    kind: source.kind,
    name: source.name,
    state: source.state,
    slots: source.slots,
    channels: source.channels,
    lastRefresh: printInstant(source.lastRefresh),
    problem: source.problem === null ? null : toProblem(source.problem),
  }
}

/** Everything that runs, as the API shows it: channels first, then films and replays. */
export const printRunning = ({ streams, plays }: Pick<StatusReader, 'streams' | 'plays'>) => [
  ...streams().map(printStream),
  ...(plays?.() ?? []).map(printPlay),
]

/** A film or replay as the API shows it: a stream with one viewer. */
export function printPlay(play: FilePlay): ReturnType<typeof printStream> {
  const { id, kind, channelId, title, sourceId, streamId, state, startedAt, viewer } = play
  return {
    id,
    kind,
    channelId,
    channelName: title,
    sourceId,
    streamId: streamId && streamHandle(streamId),
    state,
    startedAt: printInstant(startedAt),
    bytesIn: viewer.bytesOut,
    bytesOut: viewer.bytesOut,
    bitrateKbps: 0,
    continuityErrors: 0,
    clockJitterMs: null,
    bufferedMs: 0,
    firstByteMs: null,
    firstPictureMs: null,
    slate: null,
    switchCount: 0,
    switches: [],
    viewers: [printViewer(viewer)],
  }
}

const printViewer = ({ id, mode, user, address, bytesOut, ...rest }: ViewerStatus) => ({
  id,
  mode,
  quality: rest.quality ?? 'original',
  user,
  address,
  player: rest.player ?? null,
  bytesOut,
  delayMs: rest.delayMs ?? null,
  droppedBytes: rest.droppedBytes ?? null,
})

/** A running channel as the API shows it; instants in ISO 8601. */
export function printStream(stream: StreamStatus) {
  return {
    id: stream.channelId as string,
    kind: 'live' as WatchedKind,
    channelId: stream.channelId as ChannelId | null,
    channelName: stream.channelName,
    sourceId: stream.sourceId,
    streamId: stream.streamId && streamHandle(stream.streamId),
    state: stream.state,
    startedAt: printInstant(stream.startedAt),
    bytesIn: stream.bytesIn,
    bytesOut: stream.bytesOut,
    bitrateKbps: stream.bitrateKbps,
    continuityErrors: stream.continuityErrors,
    clockJitterMs: stream.clockJitterMs,
    bufferedMs: stream.bufferedMs,
    firstByteMs: stream.firstByteMs,
    firstPictureMs: stream.firstPictureMs,
    slate: stream.slate,
    switchCount: stream.switchCount,
    switches: stream.switches.map(printSwitch),
    viewers: stream.viewers.map(printViewer),
  }
}

/** A change of stream as the API shows it: by handles, and names where they are known. */
export const printSwitch = ({ at, from, to, names, code, gapMs }: StreamSwitch) => ({
  at: printInstant(at),
  from: streamHandle(from),
  to: streamHandle(to),
  fromName: names?.[0] ?? null,
  toName: names?.[1] ?? null,
  code,
  gapMs,
})

/** ISO 8601 of epoch milliseconds. */
export const printInstant = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()
