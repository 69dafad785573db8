import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** The browser's own small window above all programs; `toggle` null: this browser has none, or does not allow it. */
export function usePictureInPicture(video: RefObject<HTMLVideoElement | null>): {
  readonly on: boolean
  readonly toggle: (() => void) | null
} {
  const on = useSignal(false)
  useEffect(() => {
    const element = video.current
    if (element === null) return
    const follow = () => {
      on.value = document.pictureInPictureElement === element
    }
    element.addEventListener('enterpictureinpicture', follow)
    element.addEventListener('leavepictureinpicture', follow)
    return () => {
      element.removeEventListener('enterpictureinpicture', follow)
      element.removeEventListener('leavepictureinpicture', follow)
    }
  }, [video, on])
  const isThere = 'pictureInPictureEnabled' in document && document.pictureInPictureEnabled
  const toggle = () => {
    const change = on.peek() ? document.exitPictureInPicture() : video.current?.requestPictureInPicture()
    change?.catch(() => {
      // No picture yet, or the browser wants a touch first: the button is still there.
    })
  }
  return { on: on.value, toggle: isThere ? toggle : null }
}
