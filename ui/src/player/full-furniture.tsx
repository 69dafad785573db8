import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { at } from '../api/base.ts'
import type { ChannelDetailAnswer } from '../api/answers.ts'
import { useHouse } from '../api/house.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import { Controls } from './controls.tsx'
import { FactsPanel } from './facts-panel.tsx'
import { Glass } from './glass.tsx'
import { NeighbourCards } from './neighbour-cards.tsx'
import { NowAndNext } from './now-and-next.tsx'
import { SeekBar } from './seek-bar.tsx'
import { storedSmall, storeSmall } from './small-settings.ts'
import { SoundPanel } from './sound-panel.tsx'
import type { usePlayback } from './use-playback.ts'
import type { PlayerActions } from './use-player-keys.ts'
import { words } from './words.ts'

/** What stands around the whole picture: its name, what is on, the buttons, and the panel that is open. */
export function FullFurniture({
  channel,
  channelId,
  video,
  play,
  full,
  paused,
  panel,
  closePanel,
  actions,
}: {
  /** Null until its detail has arrived. */
  channel: ChannelDetailAnswer | null
  channelId: string
  video: RefObject<HTMLVideoElement | null>
  play: ReturnType<typeof usePlayback>
  full: boolean
  paused: boolean
  panel: 'facts' | 'tracks' | null
  closePanel: () => void
  actions: PlayerActions
}) {
  const goesOn = useSignal(storedSmall(localStorage))
  const isOwner = useHouse().session.value?.role === 'admin'
  const hasTracks = play.sound.value.tracks.length > 1
  return (
    <>
      <header class="player-top">
        <a class="button button-icon button-glass" href={at('/')} aria-label={words().backToChannels}>
          <Icon name="back" />
        </a>
        {channel !== null && (
          <div class="player-channel">
            <span class="channel-number">{channel.number}</span>
            <ChannelLogo channel={channel} />
            <span class="player-name">{channel.name}</span>
          </div>
        )}
        <span class="controls-gap" />
        <Glass
          icon="corner"
          label={words().small.keep}
          pressed={goesOn.value}
          onClick={() => {
            goesOn.value = !goesOn.peek()
            storeSmall(goesOn.value, localStorage)
          }}
        />
      </header>

      <section class="player-bottom" aria-label={words().controls}>
        {channel !== null && <NowAndNext channel={channel} />}
        <NeighbourCards neighbours={actions.neighbours} onZap={actions.zap} />
        <SeekBar key={channelId} video={video} />
        <Controls
          {...actions}
          video={video}
          full={full}
          paused={paused}
          facts={panel === 'facts'}
          tracks={panel === 'tracks' && hasTracks}
        />
      </section>

      {panel === 'tracks' && hasTracks && (
        <SoundPanel choice={play.sound.value} onChoose={play.chooseSound} onClose={closePanel} />
      )}
      {panel === 'facts' && video.current !== null && (
        <FactsPanel
          video={video.current}
          playback={play.playback.value}
          record={play.record.value}
          sound={play.sound.value}
          ownerOf={isOwner ? channelId : null}
        />
      )}
    </>
  )
}
