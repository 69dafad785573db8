import { Hono } from 'hono'
import { Failure } from '../core/errors.ts'
import type { Env } from './env.ts'
import type { Gateway } from './gateway.ts'
import { metric } from './metrics/exposition.ts'
import type { Sample } from './metrics/exposition.ts'
import { houseMetrics } from './metrics/house-metrics.ts'
import type { HouseMetricsPorts } from './metrics/house-metrics.ts'
import { problem } from './problem.ts'

/** What of the gateway metrics need. */
export type MetricsPorts = HouseMetricsPorts & Pick<Gateway, 'links'>

/** `/metrics` as Prometheus text (exposition format 0.0.4): loopback, an admin's session, or an API token. */
export function metricsRoutes(gateway: MetricsPorts): Hono<Env> {
  return new Hono<Env>().get('/metrics', (c) => {
    const caller = c.get('caller')
    if (!caller.loopback && caller.kind !== 'api-token' && caller.role !== 'admin') {
      return problem(
        c,
        new Failure('access/sign-in', 'Metrics are shown on this machine itself or to the holder of an API token'),
      )
    }
    return c.body(printMetrics(gateway), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
    })
  })
}

function printMetrics(gateway: MetricsPorts): string {
  const { status, now, links } = gateway
  const sources = status.sources()
  const streams = status.streams()
  const ofStream = (value: (stream: (typeof streams)[number]) => number): Sample[] =>
    streams.map((stream) => ({ labels: { channel: stream.channelId, source: stream.sourceId }, value: value(stream) }))
  const ofSource = (value: (source: (typeof sources)[number]) => number): Sample[] =>
    sources.map((source) => ({ labels: { source: source.id, kind: source.kind }, value: value(source) }))
  const slots = (pick: 'total' | 'used'): Sample[] =>
    sources.flatMap(({ id, kind, slots: some }) =>
      some === null ? [] : [{ labels: { source: id, kind }, value: some[pick] }],
    )

  return [
    metric('downlink_build_info', 'gauge', 'Version and runtime of this process', [
      { labels: { version: status.version, runtime: status.runtime }, value: 1 },
    ]),
    metric('downlink_start_time_seconds', 'gauge', 'Start of this process, Unix time', [
      { value: status.startedAt / 1000 },
    ]),
    metric('downlink_uptime_seconds', 'gauge', 'Age of this process', [
      { value: Math.floor((now() - status.startedAt) / 1000) },
    ]),
    metric('downlink_ready', 'gauge', '1 when /readyz says ok', [{ value: status.ready() ? 1 : 0 }]),
    metric(
      'downlink_source_up',
      'gauge',
      '1 when the source has no problem',
      ofSource((source) => (source.problem === null ? 1 : 0)),
    ),
    metric(
      'downlink_source_channels',
      'gauge',
      'Channels of the source',
      ofSource((source) => source.channels),
    ),
    metric('downlink_source_slots', 'gauge', 'Streams the source can give at a time', slots('total')),
    metric('downlink_source_slots_used', 'gauge', 'Streams the source gives now, lingering included', slots('used')),
    metric('downlink_streams', 'gauge', 'Upstream connections open now', [{ value: streams.length }]),
    metric(
      'downlink_viewers',
      'gauge',
      'Viewers of the stream',
      ofStream((stream) => stream.viewers.length),
    ),
    metric(
      'downlink_stream_in_bytes',
      'gauge',
      'Bytes received for the running stream',
      ofStream((stream) => stream.bytesIn),
    ),
    metric(
      'downlink_stream_out_bytes',
      'gauge',
      'Bytes sent to viewers of the running stream',
      ofStream((stream) => stream.bytesOut),
    ),
    metric(
      'downlink_stream_bitrate_kbps',
      'gauge',
      'Rate of the running stream',
      ofStream((stream) => stream.bitrateKbps),
    ),
    metric(
      'downlink_stream_continuity_errors',
      'gauge',
      'Lost packets seen in the running stream',
      ofStream((stream) => stream.continuityErrors),
    ),
    metric(
      'downlink_stream_damaged_packets',
      'gauge',
      'Packets that came marked as damaged in the running stream',
      ofStream((stream) => stream.damagedPackets ?? 0),
    ),
    metric(
      'downlink_stream_clock_jitter_seconds',
      'gauge',
      'Spread of the arrival of the running stream against its own clock, over 5 s',
      ofStream((stream) => (stream.clockJitterMs ?? 0) / 1000),
    ),
    metric(
      'downlink_stream_buffered_seconds',
      'gauge',
      'What the jitter buffer of the running stream holds back',
      ofStream((stream) => stream.bufferedMs / 1000),
    ),
    metric(
      'downlink_stream_first_byte_seconds',
      'gauge',
      'From asking the source to its first byte, last time',
      ofStream((stream) => (stream.firstByteMs ?? 0) / 1000),
    ),
    metric(
      'downlink_stream_first_picture_seconds',
      'gauge',
      'From asking the source to the first picture that was sent, last time',
      ofStream((stream) => (stream.firstPictureMs ?? 0) / 1000),
    ),
    metric(
      'downlink_stream_switches',
      'gauge',
      'Changes to another stream of the channel since it was opened',
      ofStream((stream) => stream.switchCount),
    ),
    metric(
      'downlink_stream_slate',
      'gauge',
      '1 while a slate stands in for the picture',
      ofStream((stream) => (stream.slate === null ? 0 : 1)),
    ),
    metric(
      'downlink_viewer_delay_seconds',
      'gauge',
      'How far the slowest viewer of the running stream is behind',
      ofStream((stream) => Math.max(0, ...stream.viewers.map(({ delayMs = 0 }) => delayMs)) / 1000),
    ),
    metric(
      'downlink_viewer_dropped_bytes',
      'gauge',
      'Bytes that slow viewers of the running stream have lost who watch now',
      ofStream((stream) => stream.viewers.reduce((sum, { droppedBytes = 0 }) => sum + droppedBytes, 0)),
    ),
    ...(links === null
      ? []
      : [metric('downlink_link_sessions', 'gauge', 'Sessions of signed links', [{ value: links.size }])]),
    houseMetrics(gateway),
  ].join('')
}
