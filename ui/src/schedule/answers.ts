import * as v from 'valibot'
import { MEDIA_KINDS } from '../../../core/library/media-item.ts'
import { Instant } from '../api/answers.ts'

const ProblemShape = v.object({ title: v.string(), detail: v.optional(v.nullable(v.string())) })

/** A schedule: the document of a channel of one's own. */
export const ScheduleAnswer = v.object({
  id: v.string(),
  library: v.string(),
  managedBy: v.picklist(['file', 'house']),
  revision: v.nullable(v.string()),
  document: v.record(v.string(), v.unknown()),
  /** What is shown in place of the plan, beside those of the document. */
  overrides: v.array(v.record(v.string(), v.unknown())),
  channelId: v.nullable(v.string()),
  problem: v.nullable(ProblemShape),
})
/** A schedule: the document of a channel of one's own. */
export type ScheduleAnswer = v.InferOutput<typeof ScheduleAnswer>

/** `GET /api/v1/schedules`. */
export const SchedulesAnswer = v.object({ total: v.number(), items: v.array(ScheduleAnswer) })

const MediaItemAnswer = v.object({
  id: v.string(),
  library: v.string(),
  kind: v.picklist(MEDIA_KINDS),
  title: v.string(),
  series: v.nullable(v.string()),
  season: v.nullable(v.number()),
  episode: v.nullable(v.number()),
  year: v.nullable(v.number()),
  durationMs: v.nullable(v.number()),
  artwork: v.nullable(v.string()),
  problem: v.nullable(v.string()),
  isMissing: v.boolean(),
})
/** A file of a library, as lists show it. */
export type MediaAnswer = v.InferOutput<typeof MediaItemAnswer>

/** `GET /api/v1/media`. */
export const MediaListAnswer = v.object({ total: v.number(), items: v.array(MediaItemAnswer) })

/** `GET /api/v1/media/series`. */
export const SeriesListAnswer = v.object({
  total: v.number(),
  items: v.array(
    v.object({
      library: v.string(),
      name: v.string(),
      seasons: v.array(v.number()),
      episodes: v.number(),
      artwork: v.nullable(v.string()),
    }),
  ),
})
/** A series of a library. */
export type SeriesAnswer = v.InferOutput<typeof SeriesListAnswer>['items'][number]

/** `GET /api/v1/media/libraries`. */
export const LibrariesAnswer = v.object({
  total: v.number(),
  items: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      isThere: v.boolean(),
      counts: v.object({
        films: v.number(),
        episodes: v.number(),
        fillers: v.number(),
        others: v.number(),
        broken: v.number(),
        missing: v.number(),
      }),
    }),
  ),
})
/** A folder of films, series and fillers. */
export type LibraryAnswer = v.InferOutput<typeof LibrariesAnswer>['items'][number]

/** What is on now and next, of `GET /api/v1/schedules/{id}/plan`. */
export const ProgrammesAnswer = v.object({
  programmes: v.array(v.object({ start: Instant, stop: Instant, title: v.string(), subtitle: v.nullable(v.string()) })),
})
/** What is on now and next. */
export type ProgrammesAnswer = v.InferOutput<typeof ProgrammesAnswer>

/** `POST /api/v1/schedules/catalogue`: the document with the finds of its pools, and the media that they name. */
export const CatalogueAnswer = v.object({
  document: v.unknown(),
  catalogue: v.object({ revision: v.string(), media: v.record(v.string(), v.unknown()) }),
})

/** The event `media`: files of a library have come or gone. */
export const MediaEvent = v.object({ library: v.string() })
