import * as v from 'valibot'
import { END_REASONS } from '../../../core/live/attendance.ts'
import { streamSwitch, viewerMode } from './house.ts'
import { channelId, count, instant, instantOrNull, text, textOrNull } from './leaves.ts'

const viewing = v.strictObject({
  id: text('0b7c5c2e-6a1f-4f0e-9d38-6d1b0a4e7f10'),
  viewerId: text('v1'),
  kind: v.picklist(['live', 'past', 'film']),
  channelId: v.nullable(channelId),
  title: text('Das Erste HD'),
  sourceId: textOrNull('receiver'),
  streamId: textOrNull('s1k2x9'),
  mode: viewerMode,
  quality: text('original'),
  user: textOrNull('anna'),
  player: textOrNull('VLC/3.0.20'),
  address: textOrNull('192.168.1.20'),
  startedAt: instant,
  endedAt: instantOrNull,
  seconds: count(5400),
  bytes: count(4_000_000_000),
  reason: v.nullable(v.picklist(END_REASONS)),
  code: textOrNull('live/stalled'),
  switchCount: count(0),
  switches: v.array(streamSwitch),
  errors: count(0),
  errorMinutes: v.array(v.strictObject({ at: instant, count: count(12) })),
})

/** Who watched what, and for how many days that is kept. */
export const ViewingsAnswer = v.strictObject({ total: count(), days: count(30), items: v.array(viewing) })

/** By whom, what or from where there is history. */
export const ChoicesAnswer = v.strictObject({
  items: v.array(v.strictObject({ id: text('anna'), name: text('Anna'), viewings: count(12) })),
})

const sample = v.strictObject({
  at: instant,
  inKbps: v.number(),
  outKbps: v.number(),
  viewers: v.number(),
  streams: v.number(),
  errorsPerMinute: v.number(),
  cpuPercent: v.nullable(v.number()),
  rssBytes: v.nullable(v.number()),
  loopDelayMs: v.nullable(v.number()),
  slots: v.record(v.string(), v.number()),
})

/** How busy the house was. */
export const SamplesAnswer = v.strictObject({ stepSeconds: count(10), items: v.array(sample) })
