import type { Block } from './week.ts'

/**
 * The block that an arrow goes to: the one before or after on the same day, or, to the sides, the one of the next day that
 * has any whose begin is nearest; null: there is none.
 */
export function nearestBlock(starts: readonly Block[], from: Block, arrow: string): Block | null {
  const step = arrow === 'ArrowUp' || arrow === 'ArrowLeft' ? -1 : 1
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const sameDay = starts.filter(({ day }) => day === from.day)
    return (
      sameDay[sameDay.findIndex(({ slot, from: minute }) => slot === from.slot && minute === from.from) + step] ?? null
    )
  }
  for (let day = from.day + step; day >= 0 && day <= 6; day += step) {
    const there = starts.filter((block) => block.day === day)
    const [nearest] = there.toSorted((a, b) => Math.abs(a.from - from.from) - Math.abs(b.from - from.from))
    if (nearest !== undefined) return nearest
  }
  return null
}
