import * as v from 'valibot'
import { listOf, slug, whole, yesOrNo } from './values.ts'

/** Pools that gaps and breaks are filled from, preferred ones first. */
export const fillerSchema = v.pipe(listOf(slug, 20, 'ids of pools'), v.readonly())

/**
 * Where programmes are interrupted (protocols/linear-channels.md §11). Points are those of the file: marks, chapters,
 * detected black. What a padded slot has too much of is shared out among the breaks; `seconds` are on top of that.
 */
export const breaksSchema = v.pipe(
  v.strictObject(
    {
      /** At most so many in a programme; 0: none. */
      max: v.optional(whole(0, 30), 0),
      seconds: v.optional(whole(0, 1200), 0),
      firstAfterMinutes: v.optional(whole(0, 600), 3),
      lastBeforeEndMinutes: v.optional(whole(0, 600), 3),
      minGapMinutes: v.optional(whole(1, 600), 8),
      /** Where a file has no points: at equal distances. */
      computed: v.optional(yesOrNo, false),
    },
    'how programmes are interrupted, like {"max": 3}',
  ),
  v.readonly(),
)

/** How programmes are interrupted, read. */
export type BreakRules = v.InferOutput<typeof breaksSchema>

/** No breaks. */
export const NO_BREAKS: BreakRules = {
  max: 0,
  seconds: 0,
  firstAfterMinutes: 3,
  lastBeforeEndMinutes: 3,
  minGapMinutes: 8,
  computed: false,
}

const pool = v.optional(v.nullable(slug), null)

/** Pools of short pieces of the station: before and after every programme, and into and out of every break. */
export const bumpersSchema = v.pipe(
  v.strictObject(
    { before: pool, after: pool, intoBreak: pool, outOfBreak: pool },
    'pools of bumpers, like {"before": "idents"}',
  ),
  v.readonly(),
)

/** Pools of bumpers, read. */
export type Bumpers = v.InferOutput<typeof bumpersSchema>

/** No bumpers. */
export const NO_BUMPERS: Bumpers = { before: null, after: null, intoBreak: null, outOfBreak: null }
