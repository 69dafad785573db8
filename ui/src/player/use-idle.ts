import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

const IDLE_MS = 3000

/** True after three seconds without pointer, touch or key, while `allowed`: then the controls step aside. */
export function useIdle(area: RefObject<HTMLElement | null>, allowed: boolean): boolean {
  const idle = useSignal(false)
  useEffect(() => {
    const element = area.current
    if (element === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const wake = () => {
      idle.value = false
      clearTimeout(timer)
      if (allowed) {
        timer = setTimeout(() => {
          idle.value = true
        }, IDLE_MS)
      }
    }
    wake()
    element.addEventListener('pointermove', wake)
    element.addEventListener('pointerdown', wake)
    addEventListener('keydown', wake)
    return () => {
      clearTimeout(timer)
      element.removeEventListener('pointermove', wake)
      element.removeEventListener('pointerdown', wake)
      removeEventListener('keydown', wake)
    }
  }, [area, allowed, idle])
  return idle.value
}
