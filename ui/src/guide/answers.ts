import * as v from 'valibot'
import { Instant } from '../api/answers.ts'

/** A programme as the guide shows it. */
export const GuideProgramme = v.object({
  start: Instant,
  stop: Instant,
  title: v.string(),
  subtitle: v.nullish(v.string(), null),
  description: v.nullish(v.string(), null),
  categories: v.optional(v.array(v.string()), []),
  season: v.nullish(v.number(), null),
  episode: v.nullish(v.number(), null),
  repeat: v.optional(v.boolean(), false),
  canReplay: v.optional(v.boolean(), false),
})
export type GuideProgramme = v.InferOutput<typeof GuideProgramme>

const channel = { channelId: v.string(), number: v.string(), name: v.string() }

/** `GET /api/v1/guide/programmes`: some channels and their programmes in a window. */
export const GuideAnswer = v.object({
  revision: v.string(),
  total: v.number(),
  items: v.array(
    v.object({
      ...channel,
      hasLogo: v.optional(v.boolean(), false),
      ownLogo: v.optional(v.nullable(v.string()), null),
      programmes: v.array(GuideProgramme),
    }),
  ),
})
export type GuideAnswer = v.InferOutput<typeof GuideAnswer>

/** `GET /api/v1/guide/search`. */
export const GuideSearchAnswer = v.object({
  total: v.number(),
  isWhole: v.boolean(),
  items: v.array(v.object({ ...channel, programme: GuideProgramme })),
})
export type GuideSearchAnswer = v.InferOutput<typeof GuideSearchAnswer>

/** A programme and whose it is. */
export type Broadcast = {
  readonly channelId: string
  readonly number: string
  readonly name: string
  readonly programme: GuideProgramme
}
