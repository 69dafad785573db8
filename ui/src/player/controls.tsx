import type { RefObject } from 'preact'
import { Icon } from '../parts/icon.tsx'
import type { IconName } from '../parts/icon.tsx'
import type { PlayerActions } from './use-player-keys.ts'
import { VolumeControl } from './volume-control.tsx'

/** The buttons below the picture, and the keys that do the same. */
export function Controls({
  video,
  paused,
  full,
  facts,
  neighbours,
  ...actions
}: Omit<PlayerActions, 'leave' | 'jump'> & {
  video: RefObject<HTMLVideoElement | null>
  paused: boolean
  full: boolean
  facts: boolean
}) {
  const previous = neighbours?.previous ?? null
  const next = neighbours?.next ?? null
  return (
    <>
      <div class="controls">
        <Glass icon={paused ? 'play' : 'pause'} label={paused ? 'Play' : 'Pause'} onClick={actions.togglePause} />
        <VolumeControl video={video} onMute={actions.toggleMute} />
        <span class="controls-gap" />
        <Glass
          icon="down"
          label={previous === null ? 'Previous channel' : `Previous channel: ${previous.name}`}
          disabled={previous === null}
          onClick={() => actions.zap(previous)}
        />
        <Glass
          icon="up"
          label={next === null ? 'Next channel' : `Next channel: ${next.name}`}
          disabled={next === null}
          onClick={() => actions.zap(next)}
        />
        <Glass icon="info" label="Playback facts" pressed={facts} onClick={actions.toggleFacts} />
        <Glass
          icon={full ? 'small' : 'full'}
          label={full ? 'Leave full screen' : 'Full screen'}
          onClick={actions.toggleFull}
        />
      </div>
      <p class="keys">
        <kbd>↑</kbd>
        <kbd>↓</kbd> zap <kbd>0</kbd>–<kbd>9</kbd> number <kbd>m</kbd> sound <kbd>f</kbd> full screen <kbd>i</kbd> facts{' '}
        <kbd>Esc</kbd> back
      </p>
    </>
  )
}

function Glass(props: {
  icon: IconName
  label: string
  disabled?: boolean
  /** For buttons that stay down. */
  pressed?: boolean
  onClick: () => void
}) {
  const { icon, label, disabled = false, pressed, onClick } = props
  return (
    <button
      type="button"
      class="button button-icon button-glass"
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
