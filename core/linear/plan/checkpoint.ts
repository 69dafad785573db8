import * as v from 'valibot'

const cursor = v.object({ round: v.number(), last: v.nullable(v.string()), index: v.number() })

/**
 * All that the plan of a day needs to know of the days before. JSON; a few hundred bytes. A checkpoint belongs to one
 * document: after a new revision that holds from before it, it is worth nothing.
 */
export const checkpointSchema = v.object({
  v: v.literal(1),
  /** The day that it stands before (days since 1970). */
  day: v.number(),
  /** Where the last item ends, epoch milliseconds: the start of the day, or later if a programme runs into it. */
  at: v.number(),
  /** How far pools have come. `POOL/SERIES`: series of marathons; `POOL/`: which series are next. */
  pools: v.record(v.string(), cursor),
  /** The slot that goes on over the start of the day. */
  slot: v.nullable(v.object({ id: v.string(), shown: v.number(), series: v.nullable(v.string()) })),
  /** What slots that are shown again showed the last time. */
  shown: v.record(v.string(), v.array(v.string())),
})

/** A state of the plan between two days. */
export type Checkpoint = v.InferOutput<typeof checkpointSchema>

/** A checkpoint as it was printed; null: it is none. */
export function readCheckpoint(value: unknown): Checkpoint | null {
  const result = v.safeParse(checkpointSchema, value)
  return result.success ? result.output : null
}
