import { cellAt } from './cells.ts'
import type { Cell } from './cells.ts'

/** Where the keyboard stands: a row and an instant in it. */
export type Cursor = { readonly row: number; readonly at: number }

/** What a move has to know. */
export type MoveGround = {
  readonly total: number
  /** Rows that are a page. */
  readonly page: number
  /** Cells of a row as far as they are known. */
  readonly cells: (row: number) => readonly Cell[]
  readonly from: number
  readonly to: number
}

/** Where a key leads; null: it is no move. Up and down keep the instant, left and right go from programme to programme. */
export function move(key: string, { row, at }: Cursor, ground: MoveGround): Cursor | null {
  const onRow = (next: number): Cursor => ({ row: Math.max(0, Math.min(ground.total - 1, next)), at })
  const onTime = (next: number): Cursor => ({ row, at: Math.max(ground.from, Math.min(ground.to - 1, next)) })
  const cell = cellAt(ground.cells(row), at)
  switch (key) {
    case 'ArrowUp':
      return onRow(row - 1)
    case 'ArrowDown':
      return onRow(row + 1)
    case 'PageUp':
      return onRow(row - ground.page)
    case 'PageDown':
      return onRow(row + ground.page)
    case 'Home':
      return onRow(0)
    case 'End':
      return onRow(ground.total - 1)
    case 'ArrowLeft':
      return onTime((cell?.start ?? at) - 1)
    case 'ArrowRight':
      return onTime(cell?.stop ?? at)
    default:
      return null
  }
}
