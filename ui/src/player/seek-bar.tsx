import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { formatSpan } from '../text/format.ts'
import { behindLive, landing } from './live-window.ts'
import { useLiveWindow } from './use-live-window.ts'
import { words } from './words.ts'

const STEP_SECONDS = 10

/** Goes back in a running channel, and live again; not there while there is nothing to go back to. */
export function SeekBar({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const window = useLiveWindow(video)
  /** Where the thumb is held; the picture follows when it is let go. */
  const held = useSignal<number | null>(null)
  if (window === null) return null
  const at = held.value ?? window.at
  const behind = behindLive(window, at)
  const go = (wish: number) => {
    held.value = null
    const element = video.current
    if (element !== null) element.currentTime = landing(window, wish)
  }
  return (
    <div class="seek">
      <span class="seek-oldest">−{formatSpan(window.end - window.start)}</span>
      <input
        type="range"
        min={window.start}
        max={window.end}
        step={STEP_SECONDS}
        value={behind === 0 ? window.end : at}
        aria-label={words().goBack}
        aria-valuetext={behind === 0 ? words().atLive : words().behindLive(behind)}
        onInput={({ currentTarget }) => {
          held.value = Number(currentTarget.value)
        }}
        onChange={({ currentTarget }) => go(Number(currentTarget.value))}
      />
      <button
        type="button"
        class="button button-glass seek-live"
        aria-pressed={behind === 0}
        onClick={() => {
          go(window.end)
          void video.current?.play().catch(() => {
            // Refused or overtaken by a new load: the play button is still there.
          })
        }}
      >
        {behind === 0 ? words().atLive : words().toLive(behind)}
      </button>
    </div>
  )
}
