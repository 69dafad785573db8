import * as v from 'valibot'
import { Instant, NoticeAnswer } from '../api/answers.ts'

/** What went wrong, inside of answers. */
const ProblemAnswer = v.object({
  code: v.nullish(v.string(), null),
  title: v.string(),
  detail: v.nullish(v.string(), null),
  advice: v.nullish(v.string(), null),
})
/** A problem as it stands inside of answers. */
export type ProblemAnswer = v.InferOutput<typeof ProblemAnswer>

/** Long work, as `GET /api/v1/jobs/{id}` and the event `job` tell it. */
export const JobAnswer = v.object({
  id: v.string(),
  kind: v.string(),
  subject: v.nullish(v.string(), null),
  state: v.string(),
  progress: v.nullish(
    v.object({ step: v.string(), done: v.number(), total: v.nullish(v.number(), null), unit: v.string() }),
    null,
  ),
  facts: v.optional(v.record(v.string(), v.unknown()), {}),
  problem: v.nullish(ProblemAnswer, null),
})
export type JobAnswer = v.InferOutput<typeof JobAnswer>

/** One of `events` of a source. */
const EventAnswer = v.object({
  at: Instant,
  kind: v.string(),
  ms: v.nullish(v.number(), null),
  problem: v.nullish(ProblemAnswer, null),
})
/** Something that showed whether a source works. */
export type EventAnswer = v.InferOutput<typeof EventAnswer>

const sourceFields = {
  id: v.string(),
  kind: v.string(),
  name: v.string(),
  state: v.string(),
  slots: v.nullish(v.object({ total: v.number(), used: v.number() }), null),
  channels: v.number(),
  lastRefresh: v.nullish(Instant, null),
  problem: v.nullish(ProblemAnswer, null),
}

/** What the event `source` tells: how it is, not how it is written down. */
export const SourceStateAnswer = v.object(sourceFields)

const entryFields = {
  managedBy: v.optional(v.string(), 'file'),
  revision: v.nullish(v.string(), null),
  entry: v.nullish(v.record(v.string(), v.unknown()), null),
  hosts: v.optional(v.record(v.string(), v.string()), {}),
  entryProblem: v.nullish(ProblemAnswer, null),
}

/** A source with where it is written. */
export const SourceAnswer = v.object({
  ...sourceFields,
  ...entryFields,
  health: v.nullish(v.object({ good: v.number(), bad: v.number(), lastGood: v.nullish(Instant, null) }), null),
})
export type SourceAnswer = v.InferOutput<typeof SourceAnswer>

/** `GET /api/v1/sources`. */
export const SourcesAnswer = v.object({ items: v.array(SourceAnswer) })

/** One of the accounts that a source takes turns with. */
const SeatAnswer = v.object({
  place: v.number(),
  inUse: v.number(),
  limit: v.nullable(v.number()),
  state: v.picklist(['ready', 'contested', 'refused']),
  until: v.nullable(Instant),
  problem: v.nullable(ProblemAnswer),
  expires: v.nullable(v.object({ text: v.string(), at: v.nullable(Instant) })),
})
/** One of the accounts that a source takes turns with. */
export type SeatAnswer = v.InferOutput<typeof SeatAnswer>

/** `GET /api/v1/sources/{id}`: with what happened to it, the newest first. */
export const SourceDetailAnswer = v.object({
  ...SourceAnswer.entries,
  notices: v.optional(v.array(NoticeAnswer), []),
  seats: v.nullish(v.array(SeatAnswer), null),
  events: v.optional(v.array(EventAnswer), []),
})
export type SourceDetailAnswer = v.InferOutput<typeof SourceDetailAnswer>

/** `POST /api/v1/sources`: what was added, and the job that reads it. */
export const SourceAddedAnswer = v.object({ id: v.string(), job: v.nullish(JobAnswer, null) })

/** `POST /api/v1/sources/{id}/refresh`. */
export const RefreshAnswer = v.object({ job: v.nullish(JobAnswer, null) })

/** `POST /api/v1/sources/test`. */
export const DraftAnswer = v.object({
  ok: v.boolean(),
  channels: v.nullish(v.number(), null),
  slots: v.nullish(v.number(), null),
  notices: v.optional(v.array(NoticeAnswer), []),
  steps: v.array(
    v.object({
      asked: v.string(),
      ms: v.number(),
      facts: v.optional(v.record(v.string(), v.unknown()), {}),
      problem: v.nullish(ProblemAnswer, null),
    }),
  ),
})
export type DraftAnswer = v.InferOutput<typeof DraftAnswer>

/** `POST /api/v1/sources/search`. */
export const SearchAnswer = v.object({
  tried: v.number(),
  items: v.array(
    v.object({
      kind: v.picklist(['enigma2', 'hdhomerun']),
      name: v.string(),
      model: v.nullish(v.string(), null),
      host: v.string(),
      needsLogin: v.boolean(),
      tuners: v.nullish(v.number(), null),
      known: v.boolean(),
    }),
  ),
})
export type SearchAnswer = v.InferOutput<typeof SearchAnswer>

/** A guide document with where it is written. */
export const FeedAnswer = v.object({
  id: v.string(),
  name: v.string(),
  state: v.string(),
  lastRefresh: v.nullish(Instant, null),
  channels: v.optional(v.number(), 0),
  programmes: v.optional(v.number(), 0),
  from: v.nullish(Instant, null),
  to: v.nullish(Instant, null),
  problem: v.nullish(ProblemAnswer, null),
  ...entryFields,
})
export type FeedAnswer = v.InferOutput<typeof FeedAnswer>

/** `GET /api/v1/guide/feeds`. */
export const FeedsAnswer = v.object({ items: v.array(FeedAnswer) })
