import * as v from 'valibot'
import { MEDIA_KINDS } from '../../library/media-item.ts'
import { line, listOf, slug, whole } from './values.ts'

/** One value or several of them: any of them is meant. */
const anyOf = <const Schema extends v.GenericSchema>(schema: Schema, of: string) =>
  v.union(
    [
      v.pipe(
        schema,
        v.transform((one) => [one]),
      ),
      listOf(schema, 500, of),
    ],
    `one of, or a list of: ${of}`,
  )

const between = (what: string) =>
  v.pipe(
    v.strictObject(
      { min: v.optional(whole(0, 100_000)), max: v.optional(whole(0, 100_000)) },
      `${what}, like {"min": 1, "max": 99}`,
    ),
    v.check(({ min = 0, max = Infinity }) => min <= max, `${what} with "min" not above "max"`),
    v.readonly(),
  )

/** A smart filter over the library: all keys that are written must hold; of a list, any one value. Case counts nowhere. */
export const mediaQuerySchema = v.pipe(
  v.strictObject(
    {
      kind: v.optional(
        anyOf(v.picklist(MEDIA_KINDS, 'film, episode, filler or other'), 'kinds (film, episode, filler)'),
      ),
      /** Ids of libraries. */
      library: v.optional(anyOf(line(100), 'ids of libraries')),
      series: v.optional(anyOf(line(300), 'names of series')),
      season: v.optional(anyOf(whole(0, 10_000), 'numbers of seasons')),
      genre: v.optional(anyOf(line(100), 'genres')),
      rating: v.optional(anyOf(line(50), 'ratings')),
      /** None of these ratings. */
      notRating: v.optional(anyOf(line(50), 'ratings')),
      year: v.optional(between('years')),
      minutes: v.optional(between('minutes')),
      /** All of these words are in title, series or path. */
      words: v.optional(line(200)),
      /** The path lies in this folder of its library. */
      folder: v.optional(line(1000)),
    },
    'a filter over the library, like {"kind": "film", "genre": "Western"}',
  ),
  v.readonly(),
)

/** A smart filter, read. */
export type MediaQuery = v.InferOutput<typeof mediaQuerySchema>

/**
 * How the items of a pool follow each other. `sequence`: as they stand; `shuffle`: each once a round, in an order drawn
 * for the round; `random`: drawn every time, never the same twice running; `rotate`: series take turns in proportion to
 * their length, each in order.
 */
export const POOL_MODES = ['sequence', 'shuffle', 'random', 'rotate'] as const

/** Something to choose from: a list of media, or a smart filter whose finds are written into `items` at publication. */
export const poolSchema = v.pipe(
  v.strictObject(
    {
      id: slug,
      items: v.optional(
        v.pipe(
          listOf(
            v.pipe(v.string('ids of media'), v.regex(/^[a-z0-9-]{1,64}$/, 'an id of media')),
            50_000,
            'ids of media',
          ),
          v.readonly(),
        ),
        [],
      ),
      query: v.optional(v.nullable(mediaQuerySchema), null),
      mode: v.optional(v.picklist(POOL_MODES, `one of ${POOL_MODES.join(', ')}`), 'shuffle'),
      /** `series`: in a shuffled pool the episodes of a series stay together and in order. */
      groupBy: v.optional(v.nullable(v.literal('series', '"series"')), null),
      /** When all have been shown: draw a new order, or the same one again. */
      onWrap: v.optional(v.picklist(['reshuffle', 'repeat'], '"reshuffle" or "repeat"'), 'reshuffle'),
    },
    'a pool, like {"id": "films", "query": {"kind": "film"}}',
  ),
  v.check(({ items, query }) => items.length > 0 || query !== null, 'a pool with "items" or a "query"'),
  v.readonly(),
)

/** A pool, read. */
export type Pool = v.InferOutput<typeof poolSchema>
