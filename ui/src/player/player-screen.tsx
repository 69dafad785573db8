import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { playerPath } from '../lineup/channel-row.tsx'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import { Controls } from './controls.tsx'
import { FactsPanel } from './facts-panel.tsx'
import { isWorthIt, landing, liveWindowOf, resumeAt } from './live-window.ts'
import { NeighbourCards } from './neighbour-cards.tsx'
import { NowAndNext } from './now-and-next.tsx'
import { SeekBar } from './seek-bar.tsx'
import { SoundPanel } from './sound-panel.tsx'
import { StageNotices } from './stage-notices.tsx'
import { useChannel } from './use-channel.ts'
import { useFullScreen } from './use-full-screen.ts'
import { useIdle } from './use-idle.ts'
import { usePlayback } from './use-playback.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import { at } from '../api/base.ts'
import { words } from './words.ts'

/** The whole screen of one channel: picture, what is on, controls that step aside. */
export function PlayerScreen({
  channelId,
  prefix,
  canConvert,
}: {
  channelId: string
  prefix: string
  /** The gateway can send a picture that every browser plays. */
  canConvert: boolean
}) {
  const { route } = useLocation()
  const stage = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const { channel, neighbours, problem, renew } = useChannel(channelId)
  const current = channel.value?.id === channelId ? channel.value : null
  const play = usePlayback({ channelId, channel: current, video, canConvert, renew })
  const { full, toggleFull } = useFullScreen(stage, video)
  const showFacts = useSignal(false)
  const showTracks = useSignal(false)
  const paused = useSignal(false)
  const { state } = play
  const idle = useIdle(stage, state?.kind === 'playing' && !paused.value && !showFacts.value && !showTracks.value)

  const zap = (to: { id: string; sources: string[] } | null | undefined) => {
    if (to != null) route(playerPath(to), true)
  }
  const togglePause = () => pauseOrGoOn(video.current)
  const toggleMute = () => {
    if (video.current !== null) video.current.muted = !video.current.muted
    play.soundBlocked.value = false
  }
  const toggleFacts = () => {
    showFacts.value = !showFacts.peek()
    showTracks.value = false
  }
  const hasTracks = play.sound.value.tracks.length > 1
  const toggleTracks = hasTracks
    ? () => {
        showTracks.value = !showTracks.peek()
        showFacts.value = false
      }
    : null
  const leave = () => {
    if (!full) route(at('/'))
  }
  const { typed, notFound } = usePlayerKeys({
    zap,
    toggleMute,
    toggleFull,
    togglePause,
    toggleFacts,
    toggleTracks,
    jump: (seconds) => jump(video.current, seconds),
    leave,
    neighbours: neighbours.value,
  })
  const onPictureClick = () => {
    if (play.soundBlocked.value) toggleMute()
    // A touch only brings the controls back; among them is the pause button.
    else if (!matchMedia('(pointer: coarse)').matches) togglePause()
  }

  useEffect(() => {
    document.title = `${current?.name ?? words().player} · downlink`
  }, [current?.name])

  return (
    <div ref={stage} class={`player${idle ? ' player-idle' : ''}`}>
      <main class="stage">
        <h1 class="visually-hidden">{current?.name ?? words().player}</h1>
        {/* The gateway sends no captions a browser could show; teletext and DVB subtitles stay in the raw stream. */}
        <video
          ref={video}
          playsInline
          data-channel={channelId}
          data-state={state?.kind ?? 'idle'}
          aria-label={current === null ? words().television : words().live(current.name)}
          onClick={onPictureClick}
          onDblClick={toggleFull}
          onPlay={() => {
            paused.value = false
          }}
          onPause={() => {
            paused.value = true
          }}
        />
        <StageNotices
          channel={current}
          problem={problem.value}
          state={state}
          undecodable={play.undecodable.value}
          soundBlocked={play.soundBlocked.value}
          prefix={prefix}
          onConvert={play.convert}
          onRetry={play.playback.value === null ? null : play.retryNow}
          onSound={toggleMute}
        />
        {(typed !== '' || notFound !== null) && (
          <div class="typed" role="status">
            {typed !== '' ? typed : words().noChannel(notFound ?? '')}
          </div>
        )}
      </main>

      <header class="player-top">
        <a class="button button-icon button-glass" href={at('/')} aria-label={words().backToChannels}>
          <Icon name="back" />
        </a>
        {current !== null && (
          <div class="player-channel">
            <span class="channel-number">{current.number}</span>
            <ChannelLogo channel={current} />
            <span class="player-name">{current.name}</span>
          </div>
        )}
      </header>

      <section class="player-bottom" aria-label={words().controls}>
        {current !== null && <NowAndNext channel={current} />}
        <NeighbourCards neighbours={neighbours.value} onZap={zap} />
        <SeekBar key={channelId} video={video} />
        <Controls
          video={video}
          full={full}
          zap={zap}
          toggleMute={toggleMute}
          toggleFull={toggleFull}
          togglePause={togglePause}
          toggleFacts={toggleFacts}
          toggleTracks={toggleTracks}
          tracks={showTracks.value && hasTracks}
          paused={paused.value}
          facts={showFacts.value}
          neighbours={neighbours.value}
        />
      </section>

      {showTracks.value && hasTracks && (
        <SoundPanel
          choice={play.sound.value}
          onChoose={play.chooseSound}
          onClose={() => {
            showTracks.value = false
          }}
        />
      )}
      {showFacts.value && video.current !== null && (
        <FactsPanel video={video.current} playback={play.playback.value} record={play.record.value} />
      )}
    </div>
  )
}

function pauseOrGoOn(video: HTMLVideoElement | null): void {
  if (video === null) return
  if (!video.paused) return video.pause()
  const at = resumeAt(liveWindowOf(video.seekable), video.currentTime)
  if (at !== null) video.currentTime = at
  void video.play().catch(() => {
    // Refused or overtaken by a new load: the button is still there.
  })
}

function jump(video: HTMLVideoElement | null, seconds: number): void {
  const window = video === null ? null : liveWindowOf(video.seekable)
  if (video !== null && isWorthIt(window)) video.currentTime = landing(window, video.currentTime + seconds)
}
