import * as v from 'valibot'

/** Films or series. */
export const KINDS = ['film', 'series'] as const
/** One of them. */
export type Kind = (typeof KINDS)[number]

/** `GET /api/v1/vod`: the sources that have films or series. */
export const ShelvesAnswer = v.object({ items: v.array(v.object({ id: v.string(), name: v.string() })) })

/** `GET /api/v1/vod/{sourceId}/categories`. */
export const CategoriesAnswer = v.object({ items: v.array(v.object({ id: v.string(), name: v.string() })) })

const entry = {
  kind: v.picklist(KINDS),
  id: v.string(),
  name: v.string(),
  year: v.nullish(v.number(), null),
  rating: v.nullish(v.number(), null),
  /** Path below the viewer's root. */
  poster: v.nullish(v.string(), null),
  container: v.nullish(v.string(), null),
  play: v.nullish(v.string(), null),
}
/** A film or series in a list. */
export const Entry = v.object(entry)
export type Entry = v.InferOutput<typeof Entry>

/**
 * `GET /api/v1/vod/{sourceId}/entries`; `total` is null where the source does not say, or one sees but a part. `next`: where to
 * go on, null at the end.
 */
export const EntriesAnswer = v.object({
  total: v.nullable(v.number()),
  next: v.nullable(v.number()),
  items: v.array(Entry),
})

/** An episode of a series. */
const Episode = v.object({
  number: v.number(),
  title: v.string(),
  plot: v.nullish(v.string(), null),
  durationSeconds: v.nullish(v.number(), null),
  container: v.nullish(v.string(), null),
  play: v.string(),
})
export type Episode = v.InferOutput<typeof Episode>

/** One film or series with all that its source tells. */
export const DetailsAnswer = v.object({
  ...entry,
  plot: v.nullish(v.string(), null),
  genres: v.optional(v.array(v.string()), []),
  directors: v.optional(v.array(v.string()), []),
  cast: v.optional(v.array(v.string()), []),
  durationSeconds: v.nullish(v.number(), null),
  seasons: v.optional(
    v.array(v.object({ number: v.number(), name: v.nullish(v.string(), null), episodes: v.array(Episode) })),
    [],
  ),
})
export type DetailsAnswer = v.InferOutput<typeof DetailsAnswer>
