import * as v from 'valibot'

const text = v.pipe(v.string(), v.nonEmpty())

/** The keys that every source has beside `id` and `kind`, whatever its kind (contract §2). */
export const commonKeys = v.strictObject({
  name: v.optional(text),
  enabled: v.optional(v.boolean(), true),
  maxStreams: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  priority: v.optional(v.pipe(v.number(), v.integer()), 0),
  bufferSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(30)), 0),
  allowHosts: v.optional(v.array(text), []),
})
