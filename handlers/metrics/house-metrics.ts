import { isOver, JOB_KINDS } from '../../core/jobs/job.ts'
import type { Gateway } from '../gateway.ts'
import { metric } from './exposition.ts'
import { workMetrics } from './work-metrics.ts'

/** What of the gateway the metrics of the whole house need. */
export type HouseMetricsPorts = Pick<Gateway, 'status' | 'now' | 'jobs' | 'guideDesk' | 'meter'>

const MODES = ['ts', 'hls', 'hdhr', 'xtream'] as const

/**
 * Metrics of the house as a whole. Their labels come from closed lists and from sources and guides that the owner named,
 * so that a day of zapping makes no new series.
 */
export function houseMetrics({ status, now, jobs, guideDesk, meter }: HouseMetricsPorts): string {
  const viewers = status.streams().flatMap((stream) => stream.viewers)
  const open = (jobs?.list() ?? []).filter((job) => !isOver(job))
  const traffic = meter?.traffic() ?? null
  const load = meter?.load() ?? null
  const transcode = status.transcode()
  const work = status.work?.() ?? null
  const feeds = guideDesk?.feeds() ?? []
  return [
    metric(
      'downlink_viewers_by_mode',
      'gauge',
      'Viewers of channels by the way they watch',
      MODES.map((mode) => ({ labels: { mode }, value: viewers.filter((viewer) => viewer.mode === mode).length })),
    ),
    ...(traffic === null
      ? []
      : [
          metric('downlink_received_bytes_total', 'counter', 'Bytes received from sources for channels', [
            { value: traffic.bytesIn },
          ]),
          metric('downlink_sent_bytes_total', 'counter', 'Bytes sent to viewers of channels', [
            { value: traffic.bytesOut },
          ]),
          metric('downlink_continuity_errors_total', 'counter', 'Lost packets seen in streams', [
            { value: traffic.errors },
          ]),
          metric(
            'downlink_stream_switches_total',
            'counter',
            'Changes to another stream of a channel by reason',
            [...traffic.switches].map(([reason, value]) => ({ labels: { reason }, value })),
          ),
        ]),
    ...(transcode === null
      ? []
      : [
          metric('downlink_transcodes', 'gauge', 'FFmpeg processes that convert pictures now', [
            { value: transcode.running },
          ]),
          metric('downlink_transcodes_limit', 'gauge', 'FFmpeg processes that may convert pictures at a time', [
            { value: transcode.limit },
          ]),
        ]),
    ...(work === null ? [] : workMetrics(work)),
    metric(
      'downlink_jobs',
      'gauge',
      'Long work that waits or runs',
      jobs == null
        ? []
        : JOB_KINDS.flatMap((kind) =>
            (['queued', 'running'] as const).map((state) => ({
              labels: { kind, state },
              value: open.filter((job) => job.kind === kind && job.state === state).length,
            })),
          ),
    ),
    metric(
      'downlink_guide_age_seconds',
      'gauge',
      'Since the guide was last known to be the newest',
      feeds.flatMap(({ id, imported }) =>
        imported === null
          ? []
          : [{ labels: { guide: id }, value: Math.max(0, Math.round((now() - imported.fetchedAt) / 1000)) }],
      ),
    ),
    metric(
      'downlink_guide_up',
      'gauge',
      '1 when the last refresh of the guide went well',
      feeds.map(({ id, problem }) => ({ labels: { guide: id }, value: problem === null ? 1 : 0 })),
    ),
    metric(
      'downlink_source_refresh_age_seconds',
      'gauge',
      'Since the last good refresh of the source',
      status
        .sources()
        .flatMap(({ id, kind, lastRefresh }) =>
          lastRefresh === null
            ? []
            : [{ labels: { source: id, kind }, value: Math.max(0, Math.round((now() - lastRefresh) / 1000)) }],
        ),
    ),
    ...(load === null
      ? []
      : [
          metric('process_cpu_seconds_total', 'counter', 'Processor time of this process', [
            { value: load.cpuSeconds },
          ]),
          metric('process_resident_memory_bytes', 'gauge', 'Memory that this process holds', [
            { value: load.memoryBytes },
          ]),
          metric(
            'downlink_event_loop_delay_seconds',
            'gauge',
            'How late timers were at worst within the last second',
            load.loopDelayMs === null ? [] : [{ value: load.loopDelayMs / 1000 }],
          ),
        ]),
  ].join('')
}
