import { onGrid90k } from './house-format.ts'
import type { PlanItem } from './plan-item.ts'

/** An item on the line of a running channel: ticks of 90 kHz, both ends on the grid of quanta. */
export type Stretch = { readonly item: PlanItem; readonly from: number; readonly to: number }

/**
 * Puts items on the grid. Each boundary is rounded by itself, so that nothing adds up over a day; what is shorter than half a
 * quantum vanishes. `shift`: ticks from the time of the plan to the line, a multiple of the quantum.
 */
export function stretchesOf(
  items: readonly PlanItem[],
  { quantum, shift }: { readonly quantum: number; readonly shift: number },
): readonly Stretch[] {
  return items
    .map((item) => ({
      item,
      from: onGrid90k(item.start, quantum) + shift,
      to: onGrid90k(item.stop, quantum) + shift,
    }))
    .filter(({ from, to }) => from < to)
}

/** Where in its file a stretch is at this time of the line, milliseconds. */
export const mediaMsAt = ({ item, from }: Stretch, at: number): number => item.inMs + Math.max(0, at - from) / 90
