import { memo } from 'preact/compat'
import { useEffect, useRef } from 'preact/hooks'
import { CellEditor } from './cell-editor.tsx'
import type { EditEnd } from './cell-editor.tsx'
import type { Column } from './column.ts'
import { makeDraggable } from './drag.ts'

/** Id of a cell, by which the grid names the active one. */
export const cellId = (grid: string, row: number, column: number): string => `${grid}-${row}-${column}`

type RowProps<Row> = {
  grid: string
  /** Null: it is on its way. */
  row: Row | null
  index: number
  columns: readonly Column<Row>[]
  /** The active cell; -1: none in this row. */
  active: number
  /** Null: rows are not selected here. */
  isSelected: boolean | null
  /** Somebody else changed it a moment ago. */
  isMarked: boolean
  isEditing: boolean
  isDraggable: boolean
  onEditEnd: (end: EditEnd) => void
}

function RowView<Row>(props: RowProps<Row>) {
  const { grid, row, index, columns, active, isSelected, isMarked, isEditing, isDraggable, onEditEnd } = props
  const element = useRef<HTMLDivElement>(null)
  const isThere = row !== null
  useEffect(() => {
    if (isDraggable && isThere && element.current !== null) return makeDraggable(element.current, index)
  }, [isDraggable, isThere, index])
  return (
    <div
      ref={element}
      role="row"
      class={`grid-row${isSelected === true ? ' grid-selected' : ''}${isMarked ? ' grid-marked' : ''}`}
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isSelected ?? undefined}
      aria-busy={row === null ? true : undefined}
    >
      {columns.map((column, place) => (
        <div
          key={column.key}
          id={cellId(grid, index, place)}
          role="gridcell"
          class={`grid-cell${place === active ? ' grid-active' : ''}`}
          data-column={column.key}
          data-handle={column.isHandle}
          aria-colindex={place + 1}
        >
          {row !== null &&
            (isEditing && place === active && column.edit !== undefined ? (
              <CellEditor
                label={column.edit.label(row)}
                value={column.edit.value(row)}
                onEnd={onEditEnd}
                {...(column.edit.inputMode !== undefined && { inputMode: column.edit.inputMode })}
              />
            ) : (
              column.cell(row, index)
            ))}
        </div>
      ))}
    </div>
  )
}

/** A row of a grid, drawn again only when something of it changes: scrolling moves the others. */
export const GridRow = memo(RowView) as typeof RowView
