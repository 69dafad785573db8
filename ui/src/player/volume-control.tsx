import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { words } from './words.ts'

const KEY = 'downlink.volume'

/** Sound on and off, and how loud; remembered on this device. */
export function VolumeControl({ video, onMute }: { video: RefObject<HTMLVideoElement | null>; onMute: () => void }) {
  const sound = useSignal({ volume: 1, muted: false })
  useEffect(() => {
    const element = video.current
    if (element === null) return
    const stored = Number.parseFloat(localStorage.getItem(KEY) ?? '')
    if (stored >= 0 && stored <= 1) element.volume = stored
    const follow = () => {
      sound.value = { volume: element.volume, muted: element.muted }
      localStorage.setItem(KEY, String(element.volume))
    }
    follow()
    element.addEventListener('volumechange', follow)
    return () => element.removeEventListener('volumechange', follow)
  }, [video, sound])
  const silent = sound.value.muted || sound.value.volume === 0
  return (
    <>
      <button
        type="button"
        class="button button-icon button-glass"
        aria-label={silent ? words().soundOn : words().soundOff}
        onClick={onMute}
      >
        <Icon name={silent ? 'mute' : 'sound'} />
      </button>
      <input
        class="volume"
        type="range"
        min="0"
        max="1"
        step="0.05"
        aria-label={words().volume}
        value={sound.value.muted ? 0 : sound.value.volume}
        onInput={(event) => {
          const element = video.current
          if (element === null) return
          element.volume = Number(event.currentTarget.value)
          element.muted = false
        }}
      />
    </>
  )
}
