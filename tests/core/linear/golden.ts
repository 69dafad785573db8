import type { Catalogue } from '../../../core/linear/catalogue.ts'
import { hash32 } from '../../../core/linear/hash.ts'
import type { PlanItem } from '../../../core/linear/plan-item.ts'
import { medium } from './any-doc.ts'

/** What the published plans know of a medium. */
export type GoldenMedium = { readonly ms: number; readonly breaksMs?: readonly number[]; readonly series?: string }

/** The catalogue of the published plans. */
export const catalogueOf = (media: Readonly<Record<string, GoldenMedium>>): Catalogue => ({
  revision: 'golden',
  media: Object.fromEntries(Object.entries(media).map(([id, { ms, ...more }]) => [id, medium(ms, more)])),
})

/** One number for a whole plan: the hash of its items, a line for each (docs/linear-plan.md). */
export const signature = (items: readonly PlanItem[]): number =>
  hash32(
    items
      .map(({ id, start, stop, kind, media, channel, inMs }) =>
        [id, start, stop, kind, media ?? channel ?? '', inMs].join(' '),
      )
      .join('\n'),
  )
