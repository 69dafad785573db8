import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { isWorthIt, liveWindowOf } from './live-window.ts'
import type { LiveWindow } from './live-window.ts'

const LOOK_EVERY_MS = 500

/** Where the video stands in what one can go back to; null where there is nothing to go back to. */
export function useLiveWindow(
  video: RefObject<HTMLVideoElement | null>,
): (LiveWindow & { readonly at: number }) | null {
  const shown = useSignal<(LiveWindow & { readonly at: number }) | null>(null)
  useEffect(() => {
    const look = () => {
      const element = video.current
      const window = element === null ? null : liveWindowOf(element.seekable)
      shown.value = isWorthIt(window) && element !== null ? { ...window, at: element.currentTime } : null
    }
    const looking = setInterval(look, LOOK_EVERY_MS)
    return () => clearInterval(looking)
  }, [video, shown])
  return shown.value
}
