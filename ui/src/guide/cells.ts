import type { GuideProgramme } from './answers.ts'

/** What is drawn in the row of a channel: a programme, or a time of which nothing is known. */
export type Cell = { readonly start: number; readonly stop: number; readonly programme: GuideProgramme | null }

/**
 * The row of a channel from `from` to `to` without holes: programmes that begin twice (at the seam of two answers) once, and
 * cells without programme where nothing is told.
 */
export function cellsOf(programmes: readonly GuideProgramme[], from: number, to: number): readonly Cell[] {
  const cells: Cell[] = []
  let at = from
  for (const programme of programmes.toSorted((a, b) => a.start - b.start)) {
    const start = Math.max(programme.start, at)
    if (programme.stop <= start || start >= to) continue
    if (start > at) cells.push({ start: at, stop: start, programme: null })
    cells.push({ start: Math.min(start, Math.max(programme.start, at)), stop: programme.stop, programme })
    at = programme.stop
  }
  if (at < to) cells.push({ start: at, stop: to, programme: null })
  return cells
}

/** The cell that runs at an instant; the nearest one where none does. */
export function cellAt(cells: readonly Cell[], instant: number): Cell | null {
  const running = cells.find(({ start, stop }) => start <= instant && instant < stop)
  return running ?? (instant < (cells[0]?.start ?? 0) ? (cells[0] ?? null) : (cells.at(-1) ?? null))
}
