import * as v from 'valibot'
import { libraryFilterSchema } from '../../library/library-filter.ts'
import { listOf, slug } from './values.ts'

/**
 * How the items of a pool follow each other. `sequence`: as they stand; `shuffle`: each once a round, in an order drawn
 * for the round; `random`: drawn every time, never the same twice running; `rotate`: series take turns in proportion to
 * their length, each in order.
 */
export const POOL_MODES = ['sequence', 'shuffle', 'random', 'rotate'] as const

/**
 * Something to choose from: a list of media, or a smart filter over all libraries, whose finds are written into `items` at
 * publication (`resolvePools`): plans are made of `items` only.
 */
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
      query: v.optional(v.nullable(libraryFilterSchema), null),
      mode: v.optional(v.picklist(POOL_MODES, `one of ${POOL_MODES.join(', ')}`), 'shuffle'),
      /** `series`: in a shuffled pool the episodes of a series stay together and in order. */
      groupBy: v.optional(v.nullable(v.literal('series', '"series"')), null),
      /** When all have been shown: draw a new order, or the same one again. */
      onWrap: v.optional(v.picklist(['reshuffle', 'repeat'], '"reshuffle" or "repeat"'), 'reshuffle'),
    },
    'a pool, like {"id": "films", "query": {"kinds": ["film"]}}',
  ),
  v.check(({ items, query }) => items.length > 0 || query !== null, 'a pool with "items" or a "query"'),
  v.readonly(),
)

/** A pool, read. */
export type Pool = v.InferOutput<typeof poolSchema>
