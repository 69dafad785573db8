import * as v from 'valibot'
import { Secret } from '../secret.ts'

const texts = v.optional(v.array(v.pipe(v.string(), v.nonEmpty())))

/** The keys of a person, as the configuration and the pages write them. */
export const PersonKeys = v.strictObject({
  name: v.string(),
  password: v.pipe(
    v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
    v.minLength(8, 'a text of at least 8 characters'),
    v.maxLength(256, 'a text of at most 256 characters'),
    v.transform((text) => new Secret(text)),
  ),
  role: v.optional(v.picklist(['admin', 'viewer']), 'viewer'),
  maxStreams: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  groups: texts,
  selections: texts,
  adultLock: v.optional(v.boolean(), false),
  expires: v.optional(
    v.pipe(
      v.union([v.string(), v.date()]),
      v.transform((at) => new Date(at).getTime()),
      v.check((at) => Number.isFinite(at), 'an instant like "2027-01-31" or "2027-01-31T20:00:00Z"'),
    ),
  ),
})
