import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { playerPath } from '../lineup/channel-row.tsx'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { FactsPanel } from './facts-panel.tsx'
import { FailureCard } from './failure-card.tsx'
import { NeighbourCards } from './neighbour-cards.tsx'
import { NowAndNext } from './now-and-next.tsx'
import { useChannel } from './use-channel.ts'
import { useIdle } from './use-idle.ts'
import { usePlayback } from './use-playback.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import { VolumeControl } from './volume-control.tsx'

/** The whole screen of one channel: picture, what is on, controls that step aside. */
export function PlayerScreen({ channelId, prefix }: { channelId: string; prefix: string }) {
  const { route } = useLocation()
  const stage = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const { channel, neighbours, problem, renew } = useChannel(channelId)
  const current = channel.value?.id === channelId ? channel.value : null
  const play = usePlayback({ channelId, channel: current, video, renew })
  const showFacts = useSignal(false)
  const paused = useSignal(false)
  const full = useSignal(false)
  const state = play.state.value
  const idle = useIdle(stage, state?.kind === 'playing' && !paused.value && !showFacts.value)

  const zap = (to: { id: string; sources: readonly string[] } | null | undefined) => {
    if (to != null) route(playerPath({ id: to.id, sources: [...to.sources] }), true)
  }
  const togglePause = () => {
    const element = video.current
    if (element === null) return
    if (!element.paused) return element.pause()
    // Live television goes on meanwhile: continue where it is now.
    const { seekable } = element
    if (seekable.length > 0 && seekable.end(seekable.length - 1) - element.currentTime > 10) {
      element.currentTime = seekable.end(seekable.length - 1) - 2
    }
    void element.play().catch(() => undefined)
  }
  const toggleFull = () => {
    if (document.fullscreenElement !== null) return void document.exitFullscreen()
    if (stage.current !== null && 'requestFullscreen' in stage.current) return void stage.current.requestFullscreen()
    // iPhone: only the video element itself may fill the screen.
    const element: (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null = video.current
    element?.webkitEnterFullscreen?.()
  }
  const toggleMute = () => {
    if (video.current !== null) video.current.muted = !video.current.muted
    play.soundBlocked.value = false
  }
  const { typed, notFound } = usePlayerKeys({
    zap,
    neighbours: neighbours.value,
    toggleMute,
    toggleFull,
    togglePause,
    toggleFacts: () => {
      showFacts.value = !showFacts.peek()
    },
    leave: () => {
      if (document.fullscreenElement === null) route('/')
    },
  })

  useEffect(() => {
    document.title = `${current === null ? 'Player' : current.name} · downlink`
  }, [current?.name])
  useEffect(() => {
    const follow = () => {
      full.value = document.fullscreenElement !== null
    }
    document.addEventListener('fullscreenchange', follow)
    return () => document.removeEventListener('fullscreenchange', follow)
  }, [full])

  const failed = state?.kind === 'failed' || state?.kind === 'waiting' ? state : null
  return (
    <div ref={stage} class={`player${idle ? ' player-idle' : ''}`}>
      <main class="stage">
        <h1 class="visually-hidden">{current?.name ?? 'Player'}</h1>
        {/* The gateway sends no captions a browser could show; teletext and DVB subtitles stay in the raw stream. */}
        <video
          ref={video}
          playsInline
          data-channel={channelId}
          data-state={state?.kind ?? 'idle'}
          aria-label={current === null ? 'Live television' : `Live: ${current.name}`}
          onClick={togglePause}
          onDblClick={toggleFull}
          onPlay={() => {
            paused.value = false
          }}
          onPause={() => {
            paused.value = true
          }}
        />
        {current?.media === 'radio' && state?.kind === 'playing' && (
          <div class="radio-face">
            <ChannelLogo channel={current} />
          </div>
        )}
        {problem.value !== null && current === null && (
          <div class="stage-center">
            <ProblemNote problem={problem.value}>
              <a class="button" href="/">
                Other channels
              </a>
            </ProblemNote>
          </div>
        )}
        {problem.value === null && (state === null || state.kind === 'opening') && (
          <div class="stage-center">
            <Waiting what={current === null ? 'Tuning' : `Tuning ${current.name}`} />
          </div>
        )}
        {failed !== null && current !== null && (
          <div class="stage-center">
            <FailureCard
              failure={failed.failure}
              picture={play.undecodable.value}
              until={failed.kind === 'waiting' ? failed.until : null}
              channel={current}
              prefix={prefix}
              onRetry={play.playback.value === null ? null : play.retryNow}
            />
          </div>
        )}
        {play.soundBlocked.value && state?.kind === 'playing' && (
          <button type="button" class="sound-pill" onClick={toggleMute}>
            <Icon name="mute" />
            Tap for sound
          </button>
        )}
        {(typed !== '' || notFound !== null) && (
          <div class="typed" role="status">
            {typed !== '' ? typed : `No channel ${notFound}`}
          </div>
        )}
      </main>

      <header class="player-top">
        <a class="button button-icon button-glass" href="/" aria-label="Back to the channels">
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

      <section class="player-bottom" aria-label="Controls">
        {current !== null && <NowAndNext channel={current} />}
        <NeighbourCards neighbours={neighbours.value} onZap={zap} />
        <div class="controls">
          <button
            type="button"
            class="button button-icon button-glass"
            aria-label={paused.value ? 'Play' : 'Pause'}
            onClick={togglePause}
          >
            <Icon name={paused.value ? 'play' : 'pause'} />
          </button>
          <VolumeControl video={video} onMute={toggleMute} />
          <span class="controls-gap" />
          <button
            type="button"
            class="button button-icon button-glass"
            aria-label={
              neighbours.value?.previous == null
                ? 'Previous channel'
                : `Previous channel: ${neighbours.value.previous.name}`
            }
            disabled={neighbours.value?.previous == null}
            onClick={() => zap(neighbours.value?.previous)}
          >
            <Icon name="down" />
          </button>
          <button
            type="button"
            class="button button-icon button-glass"
            aria-label={neighbours.value?.next == null ? 'Next channel' : `Next channel: ${neighbours.value.next.name}`}
            disabled={neighbours.value?.next == null}
            onClick={() => zap(neighbours.value?.next)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="button button-icon button-glass"
            aria-label="Playback facts"
            aria-pressed={showFacts.value}
            onClick={() => {
              showFacts.value = !showFacts.value
            }}
          >
            <Icon name="info" />
          </button>
          <button
            type="button"
            class="button button-icon button-glass"
            aria-label={full.value ? 'Leave full screen' : 'Full screen'}
            onClick={toggleFull}
          >
            <Icon name={full.value ? 'small' : 'full'} />
          </button>
        </div>
        <p class="keys">
          <kbd>↑</kbd>
          <kbd>↓</kbd> zap <kbd>0</kbd>–<kbd>9</kbd> number <kbd>m</kbd> sound <kbd>f</kbd> full screen <kbd>i</kbd>{' '}
          facts <kbd>Esc</kbd> back
        </p>
      </section>

      {showFacts.value && video.current !== null && (
        <FactsPanel video={video.current} playback={play.playback.value} record={play.record.value} />
      )}
    </div>
  )
}
