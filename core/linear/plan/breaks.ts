import type { CatalogueItem } from '../catalogue.ts'
import type { BreakRules } from '../document/decoration.ts'

const MINUTE_MS = 60_000

/**
 * Where a programme is interrupted, milliseconds into it, ascending: of its own points those nearest to even distances,
 * within the rules; of a file without points even distances, if the rules say so (protocols/linear-channels.md §11).
 */
export function breakPoints({ ms, breaksMs }: Pick<CatalogueItem, 'ms' | 'breaksMs'>, rules: BreakRules): number[] {
  if (rules.max === 0) return []
  const first = rules.firstAfterMinutes * MINUTE_MS
  const last = ms - rules.lastBeforeEndMinutes * MINUTE_MS
  const gap = rules.minGapMinutes * MINUTE_MS
  const allowed = breaksMs.filter((at) => at > 0 && at < ms && at >= first && at <= last)
  const most = Math.min(rules.max, Math.floor(Math.max(0, last - first) / gap) + 1)
  if (breaksMs.length === 0)
    return rules.computed ? ideals(ms, most).filter((at) => at >= Math.max(1, first) && at <= last) : []
  const chosen: number[] = []
  for (const ideal of ideals(ms, Math.min(most, allowed.length))) {
    const before = chosen.at(-1) ?? -Infinity
    const near = nearest(
      allowed.filter((at) => at - before >= gap),
      ideal,
    )
    if (near !== null) chosen.push(near)
  }
  return chosen
}

const ideals = (ms: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor((ms * (index + 1)) / (count + 1)))

/** Of two equally near the first. */
function nearest(points: readonly number[], ideal: number): number | null {
  let best: number | null = null
  for (const at of points) if (best === null || Math.abs(at - ideal) < Math.abs(best - ideal)) best = at
  return best
}
