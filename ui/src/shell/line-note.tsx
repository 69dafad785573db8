import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLineState } from '../live/use-events.ts'
import { words } from './words.ts'

// A hiccup that mends itself is no news.
const CALM_MS = 3000

/** Says calmly that what is shown may be old: only when the line has been lost for a while. */
export function LineNote() {
  const state = useLineState().value
  const shown = useSignal(false)
  useEffect(() => {
    if (state !== 'lost') {
      shown.value = false
      return
    }
    const timer = setTimeout(() => {
      shown.value = true
    }, CALM_MS)
    return () => clearTimeout(timer)
  }, [state, shown])
  return (
    <p class="line-note" role="status">
      {shown.value ? words().lost : ''}
    </p>
  )
}
