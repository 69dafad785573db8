import { Hono } from 'hono'
import { Failure } from '../core/errors.ts'
import type { StreamStatus } from '../core/live/hub.ts'
import type { Env } from './env.ts'
import type { Gateway, SourceStatus } from './gateway.ts'
import { problem, toProblem } from './problem.ts'

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
        streams: status.streams().map(printStream),
        transcode: status.transcode(),
        notices: status.notices(),
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

/** A running stream as the API shows it; instants in ISO 8601. */
export function printStream(stream: StreamStatus) {
  return {
    channelId: stream.channelId,
    channelName: stream.channelName,
    sourceId: stream.sourceId,
    streamId: stream.streamId,
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
    switches: stream.switches.map(({ at, ...change }) => ({ at: printInstant(at), ...change })),
    viewers: stream.viewers.map(
      ({ id, mode, user, address, bytesOut, delayMs = null, droppedBytes = null, quality = 'original' }) => ({
        id,
        mode,
        quality,
        user,
        address,
        bytesOut,
        delayMs,
        droppedBytes,
      }),
    ),
  }
}

/** ISO 8601 of epoch milliseconds. */
export const printInstant = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString()
