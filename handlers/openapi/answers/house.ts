import * as v from 'valibot'
import { JOB_KINDS, JOB_STATES } from '../../../core/jobs/job.ts'
import {
  channelId,
  count,
  countOrNull,
  facts,
  instant,
  instantOrNull,
  listOf,
  noticeAnswer,
  text,
  textOrNull,
} from './leaves.ts'
import { ProblemAnswer } from './problem.ts'

const problem = v.nullable(ProblemAnswer)
const sourceState = v.picklist(['starting', 'ready', 'refreshing', 'failing', 'disabled'])

/** A source as the status shows it. */
export const SourceStatusAnswer = v.strictObject({
  id: text('receiver'),
  kind: text('enigma2'),
  name: text('Receiver'),
  state: sourceState,
  slots: v.nullable(v.strictObject({ total: count(2), used: count(1) })),
  channels: count(120),
  lastRefresh: instantOrNull,
  problem,
})

/** Long work. */
export const JobAnswer = v.strictObject({
  id: text('j1a2b3'),
  kind: v.picklist(JOB_KINDS),
  subject: textOrNull('receiver'),
  name: text('Receiver'),
  askedBy: textOrNull('anna'),
  state: v.picklist(JOB_STATES),
  cancelling: v.boolean(),
  queuedAt: instant,
  startedAt: instantOrNull,
  endedAt: instantOrNull,
  progress: v.nullable(
    v.strictObject({
      step: text('fetching'),
      done: count(),
      total: countOrNull(10),
      unit: v.picklist(['bytes', 'channels', 'steps']),
    }),
  ),
  facts,
  problem,
})

/** Where an entry of the configuration is written, and its keys. */
export const entry = {
  managedBy: v.picklist(['file', 'environment', 'house', 'source']),
  revision: textOrNull('9f3c'),
  entry: v.nullable(v.record(v.string(), v.unknown())),
  hosts: v.record(v.string(), text('192.168.1.20')),
  entryProblem: problem,
}

const event = v.strictObject({ at: instant, kind: text('refresh'), ms: countOrNull(120), problem })

const health = {
  ...SourceStatusAnswer.entries,
  ...v.partial(v.strictObject(entry)).entries,
  health: v.strictObject({
    lastGood: instantOrNull,
    lastError: v.nullable(event),
    good: count(10),
    bad: count(0),
    since: instantOrNull,
  }),
}
const forViewers = v.strictObject({ id: text('receiver'), name: text('Receiver'), state: sourceState })

/** Sources: with health for admins, with state for viewers. */
export const SourcesAnswer = listOf(v.union([v.strictObject(health), forViewers]))

const seat = v.strictObject({
  place: count(1),
  inUse: count(0),
  limit: countOrNull(1),
  state: v.picklist(['ready', 'contested', 'refused']),
  until: instantOrNull,
  problem,
  expires: v.nullable(v.strictObject({ text: text('March 5, 2027'), at: instantOrNull })),
})

/** One source, with what happened to it. `seats`: accounts (MACs) that it takes turns with, by their places. */
export const SourceAnswer = v.union([
  v.strictObject({
    ...health,
    notices: v.array(noticeAnswer),
    seats: v.nullable(v.array(seat)),
    events: v.array(event),
  }),
  forViewers,
])

/** A source after an edit, and the refresh that came of it. */
export const SourceEditedAnswer = v.strictObject({
  ...v.partial(SourceStatusAnswer, ['kind', 'name', 'state', 'slots', 'channels', 'lastRefresh', 'problem']).entries,
  ...entry,
  job: v.nullable(JobAnswer),
})

/** A source and the job that asks it. */
export const SourceRefreshAnswer = v.strictObject({ ...SourceStatusAnswer.entries, job: v.nullable(JobAnswer) })

const steps = v.array(v.strictObject({ asked: text('list'), ms: count(80), facts, problem }))

/** What a source gives to each program that it was asked as. */
export const SourceTestAnswer = v.strictObject({
  sourceId: text('receiver'),
  answers: v.array(v.strictObject({ userAgent: textOrNull('VLC/3.0.20'), ok: v.boolean(), steps })),
})

/** What stands in the own network. */
export const SourceSearchAnswer = v.strictObject({
  tried: count(254),
  items: v.array(
    v.strictObject({
      kind: v.picklist(['enigma2', 'hdhomerun']),
      name: text('Vu+ Duo 4K'),
      model: textOrNull('Duo 4K'),
      host: text('192.168.1.20'),
      needsLogin: v.boolean(),
      tuners: countOrNull(2),
      known: v.boolean(),
    }),
  ),
})

/** What a source that is not kept would give. */
export const DraftAnswer = v.strictObject({
  ok: v.boolean(),
  channels: countOrNull(120),
  slots: countOrNull(2),
  notices: v.array(noticeAnswer),
  steps,
})

/** By which face a viewer came. */
export const viewerMode = v.picklist(['ts', 'hls', 'hdhr', 'xtream', 'file'])

/** A change from one stream of a channel to another. */
export const streamSwitch = v.strictObject({
  at: instant,
  from: text('s1k2x9'),
  to: text('s2m4q1'),
  fromName: textOrNull('Das Erste HD'),
  toName: textOrNull('DE: Das Erste FHD'),
  code: text('live/stalled'),
  gapMs: v.number(),
})

const viewer = v.strictObject({
  id: text('v1'),
  mode: viewerMode,
  quality: text('original'),
  user: textOrNull('anna'),
  address: text('192.168.1.20'),
  player: textOrNull('VLC/3.0.20'),
  bytesOut: count(2_000_000),
  delayMs: countOrNull(40),
  droppedBytes: countOrNull(0),
})

/** A running channel, or a film or replay that somebody watches (`id` is that of the channel, or its own). */
export const StreamAnswer = v.strictObject({
  id: text('c7'),
  kind: v.picklist(['live', 'past', 'film']),
  channelId: v.nullable(channelId),
  channelName: text('Das Erste HD'),
  sourceId: text('receiver'),
  streamId: textOrNull('s1k2x9'),
  state: v.picklist(['opening', 'live', 'switching', 'lingering']),
  startedAt: instant,
  bytesIn: count(4_000_000),
  bytesOut: count(8_000_000),
  bitrateKbps: v.number(),
  continuityErrors: count(0),
  clockJitterMs: v.nullable(v.number()),
  bufferedMs: v.number(),
  firstByteMs: v.nullable(v.number()),
  firstPictureMs: v.nullable(v.number()),
  slate: textOrNull('opening'),
  switchCount: count(0),
  switches: v.array(streamSwitch),
  viewers: v.array(viewer),
})

/** A stream that a channel can go on with. */
export const StreamChoiceAnswer = v.strictObject({
  id: text('s1k2x9'),
  name: text('Das Erste HD'),
  source: text('receiver'),
  sourceName: text('Living room'),
  isPlaying: v.boolean(),
  failure: v.nullable(v.strictObject({ code: text('live/stalled'), at: instant })),
  avoidedUntil: instantOrNull,
})

/** What runs: in full for admins and on this machine, version and age for others who may watch. */
export const StatusAnswer = v.union([
  v.strictObject({
    version: text('1.0.0'),
    runtime: text('Node 24'),
    uptimeSeconds: count(3600),
    sources: v.array(SourceStatusAnswer),
    streams: v.array(StreamAnswer),
    transcode: v.nullable(v.strictObject({ encoder: textOrNull('libx264'), running: count(0), limit: count(2) })),
    notices: v.array(noticeAnswer),
  }),
  v.strictObject({ version: text('1.0.0'), uptimeSeconds: count(3600) }),
])
