import type { TallyReading } from '../../core/live/counts/tally.ts'
import type { WorkReading } from '../../core/live/counts/work-counts.ts'
import { metric } from './exposition.ts'

/** Metrics of the work on pictures and sound: how much runs, how much was begun, how much of that failed. */
export function workMetrics({ sidecars, transcoders, hlsSessions, decoderErrors }: WorkReading): readonly string[] {
  return [
    ...tally('downlink_sidecar', 'FFmpeg processes that make AAC', sidecars),
    // How many run is `downlink_transcodes`, beside how many may.
    ...tally('downlink_transcoder', 'FFmpeg processes that convert pictures', transcoders).slice(1),
    ...tally('downlink_hls_session', 'HLS sessions', hlsSessions),
    metric('downlink_decoder_errors_total', 'counter', 'Broken frames that FFmpeg met in what it decoded', [
      { value: decoderErrors },
    ]),
  ]
}

const tally = (name: string, what: string, { running, started, failed }: TallyReading): readonly string[] => [
  metric(`${name}s`, 'gauge', `${what}, now`, [{ value: running }]),
  metric(`${name}_starts_total`, 'counter', `${what} that were started`, [{ value: started }]),
  metric(`${name}_failures_total`, 'counter', `${what} that ended as they should not`, [{ value: failed }]),
]
