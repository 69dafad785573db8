import * as v from 'valibot'
import { MAX_WHOLE_NUMBER } from './channel.ts'

const Id = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/))
const FilterText = v.pipe(v.string(), v.minLength(1), v.maxLength(2000))
const WholeNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_WHOLE_NUMBER))

/**
 * A standing wish of the owner, also for channels that come later. Filters see a channel as its sources name it.
 *
 * - `rename`: what `pattern` matches in the source's name is replaced (`$1` … `$9`: its groups); all such rules apply in order.
 * - `hide`, `show`: the first one whose filter matches decides, unless the owner decided for the channel itself.
 * - `numbers`: new channels get a number of the range while there is one.
 */
export const RuleSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('rename'),
    id: Id,
    filter: v.nullable(FilterText),
    pattern: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    replacement: v.pipe(v.string(), v.maxLength(200)),
  }),
  v.strictObject({ kind: v.picklist(['hide', 'show']), id: Id, filter: FilterText }),
  v.strictObject({ kind: v.literal('numbers'), id: Id, filter: FilterText, from: WholeNumber, to: WholeNumber }),
])

/** A standing wish of the owner. */
export type Rule = Readonly<v.InferOutput<typeof RuleSchema>>
