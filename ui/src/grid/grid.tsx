import { useSignal } from '@preact/signals'
import { useCallback, useEffect, useId, useMemo, useRef } from 'preact/hooks'
import type { EditEnd } from './cell-editor.tsx'
import { columnsFor, SELECT_COLUMN } from './column.ts'
import type { Column, Sort } from './column.ts'
import { GridHead } from './grid-head.tsx'
import { cellId, GridRow } from './grid-row.tsx'
import { moved } from './moves.ts'
import type { Place } from './moves.ts'
import type { Pages } from './pages.ts'
import { revealing, scrollScale } from './scroll-scale.ts'
import { isSelected } from './selection.ts'
import type { Selection } from './selection.ts'
import { useRowDrag } from './use-row-drag.ts'
import { useSelecting } from './use-selecting.ts'
import { useView } from './use-view.ts'
import { windowOf } from './window.ts'
import './grid.css'

/** What a grid can be told from outside. */
export type GridHandle = {
  focus(): void
  /** Makes a row the active one, and brings it into view. */
  goTo(row: number): void
}

/** What a grid shows, and what it tells of the people at it. */
export type GridProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: Pages<Row>
  total: number
  sort: Sort
  onSort: (by: string) => void
  selection: Selection
  /** Null: rows of this list are not selected. */
  onSelect: ((selection: Selection) => void) | null
  /** The row is to be shown whole. */
  onOpen: (row: Row, index: number) => void
  /** A row is to stand before another place of the list (`gap`: 0 … total); null: rows cannot be moved here. */
  onMove: ((from: number, gap: number) => void) | null
  /** Ctrl+Z. */
  onUndo?: () => void
  isMarked: (row: Row) => boolean
  handle: { current: GridHandle | null }
}

const OVERSCAN = 8

/**
 * Rows of equal height, of which only those in view exist: a list of any length is as fast as a short one.
 *
 * One stop in the tab order; arrows, Page, Home and End move the active cell, Shift with them selects, Space turns a
 * row's selection, Ctrl+A selects all, Enter or F2 edits or opens, Alt with ↑ and ↓ moves a row, Ctrl+Z undoes.
 */
export function Grid<Row extends { readonly id: string }>(props: GridProps<Row>) {
  const { label, rows, total, sort, onSort, selection, onSelect, onOpen, onMove, onUndo, isMarked, handle } = props
  const id = useId()
  const element = useRef<HTMLDivElement>(null)
  const view = useView(element)
  const active = useSignal<Place>({ row: 0, column: 1 })
  // What is edited as it was when that began; null: nothing is.
  const editing = useSignal<{ readonly row: Row; readonly revision: string } | null>(null)
  const version = rows.version.value // answers fill rows: draw again when one arrives

  const { scrollTop, height, width, rowHeight } = view.value
  const columns = useMemo(() => columnsFor(props.columns, width), [props.columns, width])
  const scale = scrollScale(total * rowHeight, height)
  const top = scale.toList(scrollTop)
  const { first, last } = windowOf({ top, height, rowHeight, total, overscan: OVERSCAN })
  useEffect(() => rows.look({ first, last }, Date.now()), [rows, first, last, version])

  const { toggle, extendTo, settle, toggleAll, clear } = useSelecting({ rows, total, selection, onSelect })
  const drag = useRowDrag(element, {
    onMove,
    gapAt: (clientY) => {
      const grid = element.current
      if (grid === null) return 0
      const y = clientY - grid.getBoundingClientRect().top - rowHeight + scale.toList(grid.scrollTop)
      return Math.max(0, Math.min(total, Math.round(y / rowHeight)))
    },
  })

  const goTo = (place: Place) => {
    const grid = element.current
    active.value = place
    if (grid === null || place.row < 0) return
    const to = revealing(place.row, { top: scale.toList(grid.scrollTop), viewHeight: height, rowHeight })
    grid.scrollTop = scale.toScroll(to)
  }
  const edit = (place: Place): boolean => {
    const row = place.row < 0 ? null : rows.row(place.row)
    if (row === null || columns[place.column]?.edit === undefined) return false
    goTo(place)
    editing.value = { row, revision: rows.revision.peek() }
    return true
  }
  const enter = (place: Place) => {
    const column = columns[place.column]
    if (column === undefined) return
    if (place.row < 0) {
      if (column.key === SELECT_COLUMN) toggleAll()
      else if (column.sort !== undefined) onSort(column.sort)
      return
    }
    const row = rows.row(place.row)
    if (row === null) return
    if (column.key === SELECT_COLUMN) toggle(place.row)
    else if (!edit(place)) (column.act ?? column.open ?? onOpen)(row, place.row)
  }
  const current = useRef({ edit, columns })
  current.current = { edit, columns }
  const onEditEnd = useCallback(
    ({ value, goOn }: EditEnd) => {
      const { row: index, column } = active.peek()
      const { columns: now } = current.current
      const begun = editing.peek()
      editing.value = null
      element.current?.focus({ preventScroll: true })
      if (begun !== null && value !== null) now[column]?.edit?.save(begun.row, value, begun.revision)
      if (goOn === 'stay') return
      const step = goOn === 'next' ? 1 : -1
      for (let next = column + step; next >= 0 && next < now.length; next += step)
        if (current.current.edit({ row: index, column: next })) return
    },
    [active, editing],
  )

  handle.current = {
    focus: () => element.current?.focus({ preventScroll: true }),
    goTo: (row) => goTo({ row: Math.max(0, Math.min(total - 1, row)), column: active.peek().column }),
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const place = active.peek()
    const isCommand = event.ctrlKey || event.metaKey
    if (isCommand && event.key.toLowerCase() === 'a') toggleAll()
    else if (isCommand && event.key.toLowerCase() === 'z' && onUndo !== undefined) onUndo()
    else if (event.altKey && /^Arrow(Up|Down)$/.test(event.key)) {
      if (onMove === null || place.row < 0) return
      const gap = event.key === 'ArrowUp' ? place.row - 1 : place.row + 2
      if (gap >= 0 && gap <= total) onMove(place.row, gap)
    } else if (event.altKey) return
    else if (event.key === 'Enter' || event.key === 'F2') enter(place)
    else if (event.key === ' ' && place.row >= 0) {
      if (event.shiftKey) extendTo(place.row)
      else toggle(place.row)
    } else if (event.key === 'Escape') clear()
    else {
      const page = Math.max(1, Math.floor(height / rowHeight) - 1)
      const to = moved(event.key, place, { rows: total, columns: columns.length, page })
      if (to === null) return
      goTo(to)
      if (event.shiftKey && to.row >= 0 && to.row !== place.row) extendTo(to.row, Math.max(0, place.row))
    }
    event.preventDefault()
  }

  const placeOf = (target: EventTarget | null): Place | null => {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[data-column]') : null
    const line = cell?.closest<HTMLElement>('[data-row]')
    if (cell == null || line == null) return null
    return { row: Number(line.dataset['row']), column: columns.findIndex(({ key }) => key === cell.dataset['column']) }
  }
  const onClick = (event: MouseEvent) => {
    const place = placeOf(event.target)
    if (place === null) return
    const row = place.row < 0 ? null : rows.row(place.row)
    const column = columns[place.column]
    active.value = place
    if (place.row < 0) return enter(place)
    if (event.shiftKey) return extendTo(place.row)
    if (column?.key === SELECT_COLUMN || event.ctrlKey || event.metaKey) return toggle(place.row)
    settle(place.row)
    if (row === null) return
    if (column?.act !== undefined) column.act(row, place.row)
    // A finger has no second click that would not also zoom the page.
    else if (matchMedia('(pointer: coarse)').matches) onOpen(row, place.row)
  }
  const onDblClick = (event: MouseEvent) => {
    const place = placeOf(event.target)
    const isPlain = place !== null && columns[place.column]?.act === undefined
    if (isPlain && place.row >= 0 && columns[place.column]?.key !== SELECT_COLUMN) enter(place)
  }

  const indexes = Array.from({ length: last - first }, (_, place) => first + place)
  // A row that is dragged or edited has to exist as long as that goes on.
  const kept = drag.value?.from ?? (editing.value === null ? null : active.value.row)
  const extra = kept !== null && (kept < first || kept >= last) ? kept : null
  const offset = scrollTop + first * rowHeight - top
  const gap = drag.value?.gap ?? null
  const { row: activeRow, column: activeColumn } = active.value
  const draw = (index: number) => {
    const row = rows.row(index)
    return (
      <GridRow
        key={index}
        grid={id}
        row={row}
        index={index}
        columns={columns}
        active={index === activeRow ? activeColumn : -1}
        isSelected={onSelect === null ? null : isSelected(selection, index, row?.id ?? null)}
        isMarked={row !== null && isMarked(row)}
        isEditing={editing.value !== null && index === activeRow}
        isDraggable={onMove !== null}
        onEditEnd={onEditEnd}
      />
    )
  }
  const isActiveThere = activeRow === -1 || (first <= activeRow && activeRow < last) || activeRow === extra
  return (
    <div
      ref={element}
      id={id}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable={onSelect !== null}
      aria-activedescendant={isActiveThere ? cellId(id, activeRow, activeColumn) : undefined}
      style={{ '--grid-columns': columns.map((column) => column.width).join(' ') }}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDblClick={onDblClick}
    >
      <GridHead
        grid={id}
        columns={columns}
        sort={sort}
        active={activeRow === -1 ? activeColumn : -1}
        isAll={selection.kind === 'all'}
      />
      <div class="grid-body" role="rowgroup" style={{ height: `${scale.height}px` }}>
        <div class="grid-window" role="presentation" style={{ transform: `translateY(${offset}px)` }}>
          {indexes.map(draw)}
        </div>
        {extra !== null && (
          <div class="grid-kept" role="presentation">
            {draw(extra)}
          </div>
        )}
        {gap !== null && (
          <div
            class="grid-gap"
            role="presentation"
            style={{ transform: `translateY(${scrollTop + gap * rowHeight - top}px)` }}
          />
        )}
      </div>
    </div>
  )
}
