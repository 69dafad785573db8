/** Where the active cell is; row -1 is the head. */
export type Place = { readonly row: number; readonly column: number }

/** What there is to move in. `page`: rows in view. */
export type Bounds = { readonly rows: number; readonly columns: number; readonly page: number }

/** Where a key moves the active cell; null: it moves nothing. */
export function moved(key: string, { row, column }: Place, { rows, columns, page }: Bounds): Place | null {
  const toRow = (to: number): Place => ({ row: Math.max(0, Math.min(rows - 1, to)), column })
  const toColumn = (to: number): Place => ({ row, column: Math.max(0, Math.min(columns - 1, to)) })
  switch (key) {
    case 'ArrowDown':
      return toRow(row + 1)
    case 'ArrowUp':
      return row <= 0 ? { row: -1, column } : toRow(row - 1)
    case 'PageDown':
      return toRow(row + page)
    case 'PageUp':
      return toRow(row - page)
    case 'Home':
      return toRow(0)
    case 'End':
      return toRow(rows - 1)
    case 'ArrowLeft':
      return toColumn(column - 1)
    case 'ArrowRight':
      return toColumn(column + 1)
    default:
      return null
  }
}
