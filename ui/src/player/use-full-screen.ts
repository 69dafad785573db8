import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Whether the stage fills the screen, and the switch for it. */
export function useFullScreen(
  stage: RefObject<HTMLElement | null>,
  video: RefObject<HTMLVideoElement | null>,
): { readonly full: boolean; readonly toggleFull: () => void } {
  const full = useSignal(false)
  useEffect(() => {
    const follow = () => {
      full.value = document.fullscreenElement !== null
    }
    document.addEventListener('fullscreenchange', follow)
    return () => document.removeEventListener('fullscreenchange', follow)
  }, [full])
  const toggleFull = () => {
    if (document.fullscreenElement !== null) return void document.exitFullscreen()
    if (stage.current !== null && 'requestFullscreen' in stage.current) return void stage.current.requestFullscreen()
    // iPhone: only the video element itself may fill the screen.
    const element: (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null = video.current
    element?.webkitEnterFullscreen?.()
  }
  return { full: full.value, toggleFull }
}
