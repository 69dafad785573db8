import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { acceptRows } from './drag.ts'

/** A row that is dragged, and the row before which it would land; `gap` null: nowhere. */
export type RowDrag = { readonly from: number; readonly gap: number | null }

/**
 * Rows that are dragged over a grid; null: none. `gapAt`: the gap nearest to a height in the window; `onMove` null: rows
 * cannot be moved.
 */
export function useRowDrag(
  element: { readonly current: HTMLElement | null },
  ports: {
    readonly gapAt: (clientY: number) => number
    readonly onMove: ((from: number, gap: number) => void) | null
  },
): ReadonlySignal<RowDrag | null> {
  const drag = useSignal<RowDrag | null>(null)
  const latest = useRef(ports)
  latest.current = ports
  const canMove = ports.onMove !== null
  useEffect(() => {
    const grid = element.current
    if (grid === null || !canMove) return
    return acceptRows(grid, {
      gapAt: (clientY) => latest.current.gapAt(clientY),
      onStart: (from) => {
        drag.value = { from, gap: null }
      },
      onGap: (gap) => {
        const now = drag.peek()
        if (now !== null && now.gap !== gap) drag.value = { ...now, gap }
      },
      onDrop: (from, gap) => {
        drag.value = null
        if (gap !== from && gap !== from + 1) latest.current.onMove?.(from, gap)
      },
      onEnd: () => {
        drag.value = null
      },
    })
  }, [element, canMove, drag])
  return drag
}
