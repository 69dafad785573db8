import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import type { Place, Wish } from './slot-edits.ts'

const KIND = 'schedule'
/** Times that are dropped to snap to so many minutes. */
const SNAP = 5

/** What is dragged over the week: a slot that is in it (`grab`: minutes below its begin where it is held), or a wish. */
export type Load =
  | { readonly kind: 'slot'; readonly slot: string; readonly day: number; readonly grab: number }
  | { readonly kind: 'wish'; readonly wish: Wish }

/** Lets something be dragged into or inside the week; `load` is asked when it is grabbed. Gives the function that ends it. */
export const makeLoad = (element: HTMLElement, load: (clientY: number) => Load): (() => void) =>
  draggable({ element, getInitialData: ({ input }) => ({ kind: KIND, load: load(input.clientY) }) })

/** The place in the week below a pointer; `body` is the drawing of its seven days. */
export function placeAt(
  body: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
  grab = 0,
): Place {
  const { left, top, width, height } = body.getBoundingClientRect()
  // A phone shows one day only.
  const shown = [...body.children].flatMap((day, index) => (day.clientWidth > 0 ? [index] : []))
  const column = Math.floor(((clientX - left) / width) * shown.length)
  const day = shown[Math.max(0, Math.min(shown.length - 1, column))] ?? 0
  const minute = ((clientY - top) / height) * 1440 - grab
  return { day, minute: Math.max(0, Math.min(1440 - SNAP, Math.round(minute / SNAP) * SNAP)) }
}

/** What a week hears of what is dragged over it. */
export type WeekDragPorts = {
  /** Null: nothing is over it any more. */
  readonly onOver: (place: Place | null) => void
  /** `alone`: only for this one day (Shift). */
  readonly onDrop: (load: Load, place: Place, alone: boolean) => void
}

/** Lets loads be dropped on the week; `scroller` scrolls by itself near its edges. Gives the function that ends it. */
export function acceptLoads(body: HTMLElement, scroller: HTMLElement, { onOver, onDrop }: WeekDragPorts): () => void {
  const grabOf = (load: Load): number => (load.kind === 'slot' ? load.grab : 0)
  return combine(
    dropTargetForElements({
      element: body,
      canDrop: ({ source }) => loadOf(source.data) !== null,
      onDrag: ({ source, location }) => {
        const load = loadOf(source.data)
        if (load !== null) onOver(placeAt(body, location.current.input, grabOf(load)))
      },
      onDragLeave: () => onOver(null),
      onDrop: ({ source, location }) => {
        onOver(null)
        const load = loadOf(source.data)
        const { input } = location.current
        if (load !== null) onDrop(load, placeAt(body, input, grabOf(load)), input.shiftKey)
      },
    }),
    autoScrollForElements({ element: scroller, canScroll: ({ source }) => loadOf(source.data) !== null }),
  )
}

const loadOf = (data: Record<string | symbol, unknown>): Load | null =>
  // Only `makeLoad` writes this kind.
  data['kind'] === KIND ? (data['load'] as Load) : null
