import { Icon } from '../parts/icon.tsx'
import type { Column, Sort } from './column.ts'
import { SELECT_COLUMN } from './column.ts'
import { cellId } from './grid-row.tsx'

/** The titles of the columns; the ones that order the list say so. */
export function GridHead<Row>({
  grid,
  columns,
  sort,
  active,
  isAll,
}: {
  grid: string
  columns: readonly Column<Row>[]
  sort: Sort
  /** The active cell; -1: none in the head. */
  active: number
  /** All rows are selected. */
  isAll: boolean
}) {
  return (
    <div role="row" class={`grid-row grid-head${isAll ? ' grid-all' : ''}`} aria-rowindex={1} data-row={-1}>
      {columns.map((column, place) => {
        const isSorted = column.sort !== undefined && column.sort === sort.by
        const order = sort.isDescending ? 'descending' : 'ascending'
        return (
          <div
            key={column.key}
            id={cellId(grid, -1, place)}
            role="columnheader"
            class={`grid-cell${place === active ? ' grid-active' : ''}${column.sort === undefined ? '' : ' grid-sorts'}`}
            data-column={column.key}
            aria-colindex={place + 1}
            aria-sort={column.sort === undefined ? undefined : isSorted ? order : 'none'}
          >
            <span class={column.isQuiet === true ? 'visually-hidden' : 'grid-title'}>{column.title}</span>
            {column.key === SELECT_COLUMN && <span class="row-check" aria-hidden="true" />}
            {isSorted && <Icon name={sort.isDescending ? 'down' : 'up'} />}
          </div>
        )
      })}
    </div>
  )
}
