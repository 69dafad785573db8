import type { RefObject } from 'preact'
import { Glass } from './glass.tsx'
import type { PlayerActions } from './use-player-keys.ts'
import { VolumeControl } from './volume-control.tsx'
import { words } from './words.ts'

/** The buttons below the picture, and the keys that do the same. */
export function Controls({
  video,
  paused,
  full,
  facts,
  tracks,
  neighbours,
  ...actions
}: Omit<PlayerActions, 'leave' | 'jump'> & {
  video: RefObject<HTMLVideoElement | null>
  paused: boolean
  full: boolean
  facts: boolean
  /** The tracks of sound are shown. */
  tracks: boolean
}) {
  const previous = neighbours?.previous ?? null
  const next = neighbours?.next ?? null
  return (
    <>
      <div class="controls">
        <Glass
          icon={paused ? 'play' : 'pause'}
          label={paused ? words().play : words().pause}
          onClick={actions.togglePause}
        />
        <VolumeControl video={video} onMute={actions.toggleMute} />
        <span class="controls-gap" />
        <Glass
          icon="down"
          label={words().previousChannel(previous?.name ?? '')}
          disabled={previous === null}
          onClick={() => actions.zap(previous)}
        />
        <Glass
          icon="up"
          label={words().nextChannel(next?.name ?? '')}
          disabled={next === null}
          onClick={() => actions.zap(next)}
        />
        {actions.toggleTracks !== null && (
          <Glass icon="speech" label={words().sound.title} pressed={tracks} onClick={actions.toggleTracks} />
        )}
        <Glass icon="info" label={words().facts.title} pressed={facts} onClick={actions.toggleFacts} />
        {actions.toggleAbove !== null && (
          <span class="wide-only">
            <Glass icon="above" label={words().small.above} onClick={actions.toggleAbove} />
          </span>
        )}
        <Glass
          icon={full ? 'small' : 'full'}
          label={full ? words().leaveFullScreen : words().fullScreen}
          onClick={actions.toggleFull}
        />
      </div>
      <p class="keys">
        <Key names={['↑', '↓']} what={words().keys.zap} />
        <Key names={['0', '–', '9']} what={words().keys.number} />
        <Key names={['m']} what={words().keys.sound} />
        {actions.toggleTracks !== null && <Key names={['a']} what={words().keys.tracks} />}
        <Key names={['f']} what={words().keys.fullScreen} />
        {actions.toggleAbove !== null && <Key names={['p']} what={words().keys.above} />}
        <Key names={['i']} what={words().keys.facts} />
        <Key names={['Esc']} what={words().keys.back} />
      </p>
    </>
  )
}

function Key({ names, what }: { names: readonly string[]; what: string }) {
  return (
    <span>
      {names.map((name) => (name === '–' ? name : <kbd key={name}>{name}</kbd>))} {what}{' '}
    </span>
  )
}
