import * as v from 'valibot'

const Problem = v.nullable(v.object({ code: v.string(), title: v.string() }))

/** `GET /api/v1/sources` as the dashboard needs it. */
export const SourceHealthAnswer = v.object({
  items: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      state: v.string(),
      slots: v.nullish(v.object({ total: v.number(), used: v.number() }), null),
      problem: v.nullish(Problem, null),
      health: v.object({ good: v.number(), bad: v.number() }),
    }),
  ),
})
/** A source, and how it did. */
export type SourceHealth = v.InferOutput<typeof SourceHealthAnswer>['items'][number]

/** `GET /api/v1/sources/{id}`: the last events, the newest first. */
export const SourceEventsAnswer = v.object({
  events: v.array(v.object({ at: v.string(), kind: v.string(), problem: Problem })),
})
/** What showed whether a source works. */
export type SourceBeat = v.InferOutput<typeof SourceEventsAnswer>['events'][number]

/** The event `source`: that something has changed is enough. */
export const SourceNews = v.object({ id: v.string() })
