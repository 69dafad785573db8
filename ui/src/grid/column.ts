import type { ComponentChildren } from 'preact'

/** How a cell is edited in its place. */
export type CellEdit<Row> = {
  /** Name of the field, for people who do not see where it stands. */
  readonly label: (row: Row) => string
  readonly value: (row: Row) => string
  readonly inputMode?: 'decimal' | 'text'
  /** `row` and `revision`: as they were when the edit began, so that an edit of somebody else in between is noticed. */
  readonly save: (row: Row, value: string, revision: string) => void
}

/** The key of the column whose cells say whether their row is selected. */
export const SELECT_COLUMN = 'select'

/** A column of a grid. */
export type Column<Row> = {
  readonly key: string
  readonly title: string
  /** The title is for those who do not see the column. */
  readonly isQuiet?: boolean
  /** Track of a CSS grid: `5rem`, `minmax(12rem, 2fr)`. */
  readonly width: string
  /** Shown from this width of the grid on, in pixels; absent: always. */
  readonly from?: number
  /** What the list is ordered by through this column; absent: by nothing. */
  readonly sort?: string
  readonly cell: (row: Row, index: number) => ComponentChildren
  readonly edit?: CellEdit<Row>
  /** What Enter and a click do that is not editing; absent: the row is opened. */
  readonly act?: (row: Row, index: number) => void
  /** What Enter and a double click open here; absent: the row as a whole. */
  readonly open?: (row: Row) => void
  /** Rows are taken hold of here. */
  readonly isHandle?: boolean
}

/** The order of a list. */
export type Sort = { readonly by: string; readonly isDescending: boolean }

/** Columns that there is room for. */
export const columnsFor = <Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] =>
  columns.filter(({ from = 0 }) => width >= from)
