import type { Catalogue } from './catalogue.ts'
import type { ChannelDoc } from './document.ts'
import { nothing } from './plan/block.ts'
import type { Checkpoint } from './plan/checkpoint.ts'
import { createEmitter } from './plan/emitter.ts'
import { createFold } from './plan/fold.ts'
import type { Fold, RunReport } from './plan/fold.ts'
import { withOverrides } from './plan/overrides.ts'
import type { PlanItem } from './plan-item.ts'

/** What plays in a window, and the state from which what follows can be planned at once. */
export type Plan = { readonly items: readonly PlanItem[]; readonly checkpoint: Checkpoint }

/**
 * What a channel plays between two instants (epoch milliseconds): the items that overlap the window, whole, in order and
 * without holes. The same document, catalogue and window give the same items on every runtime; no clock, no history.
 *
 * Days are planned one after the other from the anchor day, or from a checkpoint that lies before the window; another one
 * is passed over. The checkpoint that comes back is the last one that a window beginning at `to` can start from.
 */
export function plan(
  doc: ChannelDoc,
  catalogue: Catalogue,
  from: number,
  to: number,
  checkpoint: Checkpoint | null = null,
): Plan {
  return planOn(createFold(doc, catalogue), { doc, catalogue }, { from, to, checkpoint })
}

/**
 * The same on what has been made ready before. `onDay` hears of the state before every day that is planned, `onRun` of every
 * stretch of a slot in them.
 */
export function planOn(
  fold: Fold,
  { doc, catalogue }: { readonly doc: ChannelDoc; readonly catalogue: Catalogue },
  window: {
    readonly from: number
    readonly to: number
    readonly checkpoint: Checkpoint | null
    readonly onDay?: (before: Checkpoint) => void
    readonly onRun?: (report: RunReport) => void
  },
): Plan {
  const { from, to } = window
  const line = createEmitter(doc.id, from, to)
  if (from < fold.anchor)
    line.emit({ start: Math.min(0, from), stop: fold.anchor, kind: 'off', guide: nothing(doc.name, 0) })
  const given = window.checkpoint
  const start = given !== null && given.at <= Math.max(from, fold.anchor) ? given : fold.first()
  let last = start
  fold.run(start, {
    line,
    onRun: window.onRun,
    goesOn(before) {
      window.onDay?.(before)
      if (before.at <= to) last = before
      return before.at < to
    },
  })
  return { items: withOverrides(line.items, doc, catalogue).filter(overlaps(from, to)), checkpoint: last }
}

const overlaps =
  (from: number, to: number) =>
  ({ start, stop }: PlanItem): boolean =>
    start < to && stop > from

/** What plays at an instant, and how far in, milliseconds from the item's start. */
export function planAt(
  doc: ChannelDoc,
  catalogue: Catalogue,
  instant: number,
  checkpoint: Checkpoint | null = null,
): { readonly item: PlanItem; readonly sinceMs: number } {
  const item = plan(doc, catalogue, instant, instant + 1, checkpoint).items[0]
  if (item !== undefined) return { item, sinceMs: instant - item.start }
  // The line has no holes; this is for instants that are no numbers.
  throw new RangeError(`Cannot plan the instant ${instant}: should be epoch milliseconds`)
}
