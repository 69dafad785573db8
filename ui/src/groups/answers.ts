import * as v from 'valibot'
import { Instant } from '../api/answers.ts'
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

/** `GET /api/v1/short-links?selection=`. */
export const ShortLinksAnswer = v.object({
  items: v.array(
    v.object({
      tokenId: v.string(),
      name: v.string(),
      client: v.nullable(v.string()),
      expiresAt: v.nullable(Instant),
      lastSeen: v.nullable(Instant),
    }),
  ),
})
/** A short link of a selection, without its code. */
export type ShortLinkRow = v.InferOutput<typeof ShortLinksAnswer>['items'][number]

/** `POST /api/v1/tokens/{id}/short-link`. */
export const ShortLinkAnswer = v.object({ code: v.string() })
