import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'

/** What is in view of a grid, pixels. `height`: without its head. */
export type View = {
  readonly scrollTop: number
  readonly height: number
  readonly width: number
  readonly rowHeight: number
}

const USUAL_ROW_HEIGHT = 40

/** Follows what is in view of a grid: its size, the height of its rows (`--grid-row`) and how far it is scrolled. */
export function useView(element: { readonly current: HTMLElement | null }): Signal<View> {
  const view = useSignal<View>({ scrollTop: 0, height: 600, width: 1200, rowHeight: USUAL_ROW_HEIGHT })
  useLayoutEffect(() => {
    const grid = element.current
    if (grid === null) return
    const measure = () => {
      const rowHeight = Number.parseFloat(getComputedStyle(grid).getPropertyValue('--grid-row')) || USUAL_ROW_HEIGHT
      const height = Math.max(0, grid.clientHeight - rowHeight)
      const next = { scrollTop: grid.scrollTop, height, width: grid.clientWidth, rowHeight }
      if (JSON.stringify(next) !== JSON.stringify(view.peek())) view.value = next
    }
    const onScroll = () => {
      view.value = { ...view.peek(), scrollTop: grid.scrollTop }
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(grid)
    grid.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      observer.disconnect()
      grid.removeEventListener('scroll', onScroll)
    }
  }, [element, view])
  return view
}
