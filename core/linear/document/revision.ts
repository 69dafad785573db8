import * as v from 'valibot'
import { breaksSchema, bumpersSchema, fillerSchema, NO_BREAKS, NO_BUMPERS } from './decoration.ts'
import { poolSchema } from './pool.ts'
import { slotSchema } from './slot.ts'
import type { Slot } from './slot.ts'
import { calendarDay, instant, listOf } from './values.ts'

/** What is planned, apart from when that begins to hold. */
export const planEntries = {
  /** None: the first pool all day. */
  slots: v.optional(v.pipe(listOf(slotSchema, 1000, 'slots'), v.readonly()), []),
  pools: v.optional(v.pipe(listOf(poolSchema, 200, 'pools'), v.readonly()), []),
  filler: v.optional(fillerSchema, []),
  breaks: v.optional(breaksSchema, NO_BREAKS),
  bumpers: v.optional(bumpersSchema, NO_BUMPERS),
}

/** What is planned from a day (or, for a change at once, an instant) on, until the next revision. */
export const revisionSchema = v.pipe(
  v.strictObject(
    { from: v.union([calendarDay, instant], 'a day, like "2026-12-24", or an instant'), ...planEntries },
    'a revision, like {"from": "2026-12-24", "pools": […]}',
  ),
  v.readonly(),
)

/** A revision, read. `from`: a day of the calendar, which begins at the channel's `dayStart`, or epoch milliseconds. */
export type Revision = Omit<v.InferOutput<typeof revisionSchema>, 'slots'> & { readonly slots: readonly Slot[] }
