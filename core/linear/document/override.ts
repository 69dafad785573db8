import * as v from 'valibot'
import { liveChannel } from './slot.ts'
import { instant, line, slug, whole } from './values.ts'

const SHOW = '{"text": "Back soon"}, {"media": "…"} or {"channel": "c12"}'

const showSchema = v.union(
  [
    v.pipe(
      v.strictObject({ text: line(500) }),
      v.transform(({ text }) => ({ kind: 'slate' as const, text })),
    ),
    v.pipe(
      v.strictObject({ media: v.string() }),
      v.transform(({ media }) => ({ kind: 'media' as const, media })),
    ),
    v.pipe(
      v.strictObject({ channel: liveChannel }),
      v.transform(({ channel }) => ({ kind: 'live' as const, channel })),
    ),
    v.strictObject({ kind: v.literal('slate'), text: line(500) }),
    v.strictObject({ kind: v.literal('media'), media: v.string() }),
    v.strictObject({ kind: v.literal('live'), channel: liveChannel }),
  ],
  SHOW,
)

/** Something above the whole plan for a while. It replaces time and never shifts it: what it covers goes on underneath. */
export const overrideSchema = v.pipe(
  v.strictObject(
    {
      id: slug,
      from: instant,
      /** Null: until it is taken back; the guide then does not know it. */
      until: v.optional(v.nullable(instant), null),
      show: showSchema,
      /** Of several at a time the one with the greatest number is seen, of equal ones the one that began last. */
      priority: v.optional(whole(-1000, 1000), 0),
      title: v.optional(v.nullable(line(200)), null),
      createdBy: v.optional(v.nullable(line(100)), null),
    },
    `something above the plan, like {"id": "storm", "from": "…", "show": ${SHOW.split(',', 1)[0] ?? ''}}`,
  ),
  v.check(({ from, until }) => until === null || from < until, 'an override with "until" after "from"'),
  v.readonly(),
)

/** Something above the plan, read. */
export type Override = v.InferOutput<typeof overrideSchema>
