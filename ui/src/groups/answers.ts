import * as v from 'valibot'
import { RuleSchema } from '../../../core/lineup/rule.ts'

/** `GET /api/v1/selections`. */
export const SelectionsAnswer = v.object({
  items: v.array(v.object({ id: v.string(), name: v.string(), channels: v.number() })),
})
/** A selection in the list. */
export type SelectionRow = v.InferOutput<typeof SelectionsAnswer>['items'][number]

/** `GET /api/v1/selections/{id}`: how it is made. */
export const SelectionAnswer = v.object({
  id: v.string(),
  name: v.string(),
  filter: v.nullable(v.string()),
  channels: v.array(v.string()),
  sort: v.picklist(['number', 'name', 'group']),
  total: v.number(),
})
/** How a selection is made. */
export type SelectionMade = v.InferOutput<typeof SelectionAnswer>

/** `GET /api/v1/rules`. */
export const RulesAnswer = v.object({ revision: v.string(), items: v.array(RuleSchema) })
