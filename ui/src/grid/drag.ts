import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'

const KIND = 'grid-row'

/** Lets a row be dragged by its handle. Gives the function that ends it. */
export const makeDraggable = (element: HTMLElement, index: number): (() => void) => {
  const dragHandle = element.querySelector('[data-handle]')
  return draggable({
    element,
    ...(dragHandle !== null && { dragHandle }),
    getInitialData: () => ({ kind: KIND, index }),
  })
}

/** What a grid hears of rows that are dragged over it. `gap`: the row before which it would land, null: nowhere. */
export type DragPorts = {
  readonly gapAt: (clientY: number) => number
  readonly onStart: (from: number) => void
  readonly onGap: (gap: number | null) => void
  readonly onDrop: (from: number, gap: number) => void
  /** It is over, wherever it was let go. */
  readonly onEnd?: () => void
}

/** Lets rows be dropped between rows of a grid, which scrolls by itself near its edges. Gives the function that ends it. */
export function acceptRows(grid: HTMLElement, { gapAt, onStart, onGap, onDrop, onEnd }: DragPorts): () => void {
  const indexOf = (data: Record<string | symbol, unknown>): number | null =>
    data['kind'] === KIND && typeof data['index'] === 'number' ? data['index'] : null
  return combine(
    dropTargetForElements({
      element: grid,
      canDrop: ({ source }) => source.data['kind'] === KIND && grid.contains(source.element),
      onDragStart: ({ source }) => onStart(indexOf(source.data) ?? 0),
      onDrag: ({ location }) => onGap(gapAt(location.current.input.clientY)),
      onDragLeave: () => onGap(null),
      onDrop: ({ source, location }) => {
        const from = indexOf(source.data)
        onGap(null)
        if (from !== null) onDrop(from, gapAt(location.current.input.clientY))
      },
    }),
    monitorForElements({
      canMonitor: ({ source }) => grid.contains(source.element),
      onDrop: () => onEnd?.(),
    }),
    autoScrollForElements({ element: grid, canScroll: ({ source }) => source.data['kind'] === KIND }),
  )
}
