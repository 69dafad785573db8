import { useSignal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

/** What of a scrolled area is in view, pixels, and the sizes its style sheet gives it. */
export type GuideView = {
  readonly top: number
  readonly left: number
  /** Of the programmes: without the column of channels and the ruler. */
  readonly width: number
  readonly height: number
  readonly rowHeight: number
  readonly hourWidth: number
}

const FALLBACK = { rowHeight: 68, hourWidth: 240, headWidth: 200, rulerHeight: 36 }

/** Follows the scroll position and size of the guide. Null until it was measured. */
export function useGuideView(scroller: RefObject<HTMLElement | null>): ReadonlySignal<GuideView | null> {
  const view = useSignal<GuideView | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = () => {
      const style = getComputedStyle(element)
      const px = (name: string, otherwise: number) => Number.parseFloat(style.getPropertyValue(name)) || otherwise
      const next: GuideView = {
        top: element.scrollTop,
        left: element.scrollLeft,
        width: element.clientWidth - px('--guide-head', FALLBACK.headWidth),
        height: element.clientHeight - px('--guide-ruler', FALLBACK.rulerHeight),
        rowHeight: px('--guide-row', FALLBACK.rowHeight),
        hourWidth: px('--guide-hour', FALLBACK.hourWidth),
      }
      const old = view.peek()
      const isSame = old !== null && (Object.keys(next) as (keyof GuideView)[]).every((key) => next[key] === old[key])
      if (!isSame) view.value = next
    }
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [scroller, view])
  return view
}
