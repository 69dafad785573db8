import * as v from 'valibot'
import { Instant } from '../api/answers.ts'

const textOrNull = v.nullish(v.string(), null)

/** A change from one stream of a channel to another. */
const SwitchAnswer = v.object({
  at: Instant,
  from: v.string(),
  to: v.string(),
  fromName: textOrNull,
  toName: textOrNull,
  code: v.string(),
  gapMs: v.number(),
})

/** Somebody who watches now. */
const ViewerAnswer = v.object({
  id: v.string(),
  mode: v.string(),
  quality: v.optional(v.string(), 'original'),
  user: textOrNull,
  player: textOrNull,
  address: v.optional(v.string(), ''),
  bytesOut: v.optional(v.number(), 0),
  delayMs: v.nullish(v.number(), null),
  droppedBytes: v.nullish(v.number(), null),
})
/** Somebody who watches now. */
export type Viewer = v.InferOutput<typeof ViewerAnswer>

/** A running channel, or a film or replay that somebody watches. */
export const RunningAnswer = v.object({
  id: v.string(),
  kind: v.picklist(['live', 'past', 'film']),
  channelId: textOrNull,
  channelName: v.string(),
  sourceId: v.string(),
  streamId: textOrNull,
  state: v.string(),
  startedAt: Instant,
  bytesIn: v.number(),
  bytesOut: v.number(),
  bitrateKbps: v.number(),
  continuityErrors: v.number(),
  bufferedMs: v.optional(v.number(), 0),
  firstPictureMs: v.nullish(v.number(), null),
  slate: textOrNull,
  switches: v.array(SwitchAnswer),
  viewers: v.array(ViewerAnswer),
})
/** A running channel, or a film or replay that somebody watches. */
export type Running = v.InferOutput<typeof RunningAnswer>

/** `GET /api/v1/streams`. */
export const RunningListAnswer = v.object({ items: v.array(RunningAnswer) })

/** `GET /api/v1/streams/{id}/choices`. */
export const ChoicesAnswer = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      sourceName: v.string(),
      isPlaying: v.boolean(),
      failure: v.nullable(v.object({ code: v.string(), at: Instant })),
      avoidedUntil: v.nullable(Instant),
    }),
  ),
})
/** A stream that a running channel can go on with. */
export type StreamChoice = v.InferOutput<typeof ChoicesAnswer>['items'][number]

/** The event `stream-closed`. */
export const ClosedAnswer = v.object({ id: v.string() })

const sampleFields = {
  at: Instant,
  inKbps: v.number(),
  outKbps: v.number(),
  viewers: v.number(),
  streams: v.number(),
  errorsPerMinute: v.number(),
  cpuPercent: v.nullable(v.number()),
  rssBytes: v.nullable(v.number()),
  loopDelayMs: v.nullable(v.number()),
  slots: v.record(v.string(), v.number()),
}
/** How busy the house was. */
const SampleAnswer = v.object(sampleFields)
/** How busy the house was. */
export type Sample = v.InferOutput<typeof SampleAnswer>

/** `GET /api/v1/history/samples`. */
export const SamplesAnswer = v.object({ stepSeconds: v.number(), items: v.array(SampleAnswer) })

/** The event `figures`: what flows now. */
export const FiguresAnswer = v.object({
  ...sampleFields,
  perStream: v.array(
    v.object({ id: v.string(), inKbps: v.number(), outKbps: v.number(), viewers: v.number(), errors: v.number() }),
  ),
})
/** What flows now. */
export type Figures = v.InferOutput<typeof FiguresAnswer>

/** `GET /api/v1/history/choices`: by whom, what or from where there is history. */
export const HistoryChoicesAnswer = v.object({
  items: v.array(v.object({ id: v.string(), name: v.string(), viewings: v.number() })),
})

/** `GET /api/v1/history/streams`: who watched what. */
export const ViewingsAnswer = v.object({
  total: v.number(),
  days: v.number(),
  items: v.array(
    v.object({
      id: v.string(),
      kind: v.picklist(['live', 'past', 'film']),
      channelId: textOrNull,
      title: v.string(),
      sourceId: textOrNull,
      mode: v.string(),
      quality: v.string(),
      user: textOrNull,
      player: textOrNull,
      address: textOrNull,
      startedAt: Instant,
      endedAt: v.nullable(Instant),
      seconds: v.number(),
      bytes: v.number(),
      reason: textOrNull,
      code: textOrNull,
      switchCount: v.number(),
      errors: v.number(),
    }),
  ),
})
/** Somebody's watching, as it was. */
export type Viewing = v.InferOutput<typeof ViewingsAnswer>['items'][number]
