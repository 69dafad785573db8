import { useMemo, useRef } from 'preact/hooks'
import type { Pages } from './pages.ts'
import { isSelected, NOTHING, select } from './selection.ts'
import type { Selection, SelectionList } from './selection.ts'

/** What people do to select rows. */
export type Selecting = {
  /** Turns one row's selection; ranges begin there from now on. */
  toggle(row: number): void
  /** Selects from where the range begins to this row; `from`: where it begins unless it was extended to there before. */
  extendTo(row: number, from?: number): void
  /** Ranges begin here from now on. */
  settle(row: number): void
  /** All rows, or none if they are all selected. */
  toggleAll(): void
  clear(): void
}

/** Selecting in a list; `onSelect` null: rows are not selected here. */
export function useSelecting<Row extends { readonly id: string }>({
  rows,
  total,
  selection,
  onSelect,
}: {
  rows: Pages<Row>
  total: number
  selection: Selection
  onSelect: ((selection: Selection) => void) | null
}): Selecting {
  // Where a range begins and ends, and what was selected before it.
  const range = useRef<{ anchor: number; end: number; base: Selection | null }>({ anchor: 0, end: 0, base: null })
  const list = useMemo<SelectionList>(
    () => ({
      total,
      idAt: (index) => rows.row(index)?.id ?? null,
      placeOf: (wanted) => {
        for (const [index, row] of rows.known()) if (row.id === wanted) return index
        return null
      },
    }),
    [rows, total],
  )
  return {
    toggle: (row) => {
      const isIn = isSelected(selection, row, rows.row(row)?.id ?? null)
      range.current = { anchor: row, end: row, base: null }
      onSelect?.(select(selection, { from: row, to: row + 1 }, !isIn, list))
    },
    extendTo: (row, from) => {
      const isNew = from !== undefined && from !== range.current.end
      const { anchor, base } = isNew ? { anchor: from, base: null } : range.current
      const before = base ?? selection
      range.current = { anchor, end: row, base: before }
      onSelect?.(select(before, { from: Math.min(anchor, row), to: Math.max(anchor, row) + 1 }, true, list))
    },
    settle: (row) => {
      range.current = { anchor: row, end: row, base: null }
    },
    toggleAll: () => onSelect?.(selection.kind === 'all' ? NOTHING : { kind: 'all' }),
    clear: () => {
      if (selection !== NOTHING) onSelect?.(NOTHING)
    },
  }
}
