import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { playerPath } from '../lineup/channel-row.tsx'
import { useWatching } from '../watching/watching.ts'
import { FullFurniture } from './full-furniture.tsx'
import { jump, pauseOrGoOn } from './live-window.ts'
import { SmallBar, SmallNotice } from './small-window.tsx'
import { storedCorner, storedSmall, storeCorner } from './small-settings.ts'
import { StageNotices } from './stage-notices.tsx'
import { useChannel } from './use-channel.ts'
import { useFullScreen } from './use-full-screen.ts'
import { useIdle } from './use-idle.ts'
import { usePictureInPicture } from './use-picture-in-picture.ts'
import { usePlayback } from './use-playback.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import { words } from './words.ts'

/**
 * One channel: the whole screen with controls that step aside, or `small` in a corner of another page. From one to the other
 * the video element stays where it is in the document; only what stands around it changes.
 */
export function PlayerScreen({ channelId, small }: { channelId: string; small: boolean }) {
  const { route } = useLocation()
  const session = useHouse().session.value
  const watching = useWatching()
  const stage = useRef<HTMLDivElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const { channel, neighbours, problem, renew } = useChannel(channelId)
  const current = channel.value?.id === channelId ? channel.value : null
  // The gateway can send a picture that every browser plays.
  const canConvert = session?.qualities.includes('720p') ?? false
  const play = usePlayback({ channelId, channel: current, video, canConvert, renew })
  const { full, toggleFull } = useFullScreen(stage, video)
  const above = usePictureInPicture(video)
  const panel = useSignal<'facts' | 'tracks' | null>(null)
  const paused = useSignal(false)
  const muted = useSignal(false)
  const corner = useSignal(storedCorner(localStorage))
  const { state } = play
  const idle = useIdle(stage, !small && state?.kind === 'playing' && !paused.value && panel.value === null)

  const zap = (to: { id: string; sources: string[] } | null | undefined) => {
    if (to == null) return
    if (small) watching.zap(to.id)
    else route(playerPath(to), true)
  }
  const togglePause = () => pauseOrGoOn(video.current)
  const toggleMute = () => {
    if (video.current !== null) video.current.muted = !video.current.muted
    play.soundBlocked.value = false
  }
  const toggle = (which: 'facts' | 'tracks') => () => {
    panel.value = panel.peek() === which ? null : which
  }
  const enlarge = () => {
    if (current !== null) route(playerPath(current))
  }
  const close = () => {
    watching.stop()
    document.getElementById('main')?.focus()
  }
  const actions = {
    zap,
    toggleMute,
    toggleFull,
    togglePause,
    toggleFacts: toggle('facts'),
    toggleTracks: play.sound.value.tracks.length > 1 ? toggle('tracks') : null,
    toggleAbove: above.toggle,
    jump: (seconds: number) => jump(video.current, seconds),
    leave: () => {
      if (!full) route(at('/'))
    },
    neighbours: neighbours.value,
  }
  const { typed, notFound } = usePlayerKeys(actions, !small)
  const onPictureClick = () => {
    if (play.soundBlocked.value) toggleMute()
    else if (small) enlarge()
    // A touch only brings the controls back; among them is the pause button.
    else if (!matchMedia('(pointer: coarse)').matches) togglePause()
  }

  useEffect(() => {
    if (!small) document.title = `${current?.name ?? words().player} · downlink`
  }, [current?.name, small])
  useLayoutEffect(() => {
    if (!small) return
    panel.value = null
    if (document.fullscreenElement !== null) void document.exitFullscreen()
    // Only what plays is worth a place on another page.
    if (!storedSmall(localStorage) || state === null || state.kind === 'failed' || state.kind === 'waiting')
      watching.stop()
    // Judged once, when the page is left: later trouble is shown.
  }, [small, watching, panel])

  return (
    <div
      ref={stage}
      class={`player${small ? ` player-small player-${corner.value}` : ''}${idle ? ' player-idle' : ''}`}
      role={small ? 'region' : undefined}
      aria-label={small ? words().small.region(current?.name ?? '') : undefined}
      onKeyDown={(event) => {
        if (small && event.key === 'Escape') close()
      }}
    >
      <div key="stage" class="stage" role={small ? undefined : 'main'}>
        {!small && <h1 class="visually-hidden">{current?.name ?? words().player}</h1>}
        {/* The gateway sends no captions a browser could show; teletext and DVB subtitles stay in the raw stream. */}
        <video
          key="video"
          ref={video}
          playsInline
          data-channel={channelId}
          data-state={state?.kind ?? 'idle'}
          aria-label={current === null ? words().television : words().live(current.name)}
          onClick={onPictureClick}
          onDblClick={small ? undefined : toggleFull}
          onPlay={() => {
            paused.value = false
          }}
          onPause={() => {
            paused.value = true
          }}
          onVolumeChange={({ currentTarget }) => {
            muted.value = currentTarget.muted || currentTarget.volume === 0
          }}
        />
        {small ? (
          <SmallNotice channel={current} state={state} undecodable={play.undecodable.value} />
        ) : (
          <StageNotices
            channel={current}
            problem={problem.value}
            state={state}
            undecodable={play.undecodable.value}
            soundBlocked={play.soundBlocked.value}
            prefix={session?.prefix ?? ''}
            onConvert={play.convert}
            onRetry={play.playback.value === null ? null : play.retryNow}
            onSound={toggleMute}
          />
        )}
        {!small && (typed !== '' || notFound !== null) && (
          <div class="typed" role="status">
            {typed !== '' ? typed : words().noChannel(notFound ?? '')}
          </div>
        )}
      </div>
      {small ? (
        <SmallBar
          channel={current}
          neighbours={neighbours.value}
          muted={muted.value}
          corner={corner.value}
          zap={zap}
          toggleMute={toggleMute}
          enlarge={enlarge}
          close={close}
          toggleAbove={above.toggle}
          move={() => {
            corner.value = corner.peek() === 'right' ? 'left' : 'right'
            storeCorner(corner.value, localStorage)
          }}
        />
      ) : (
        <FullFurniture
          channel={current}
          channelId={channelId}
          video={video}
          play={play}
          full={full}
          paused={paused.value}
          panel={panel.value}
          closePanel={() => {
            panel.value = null
          }}
          actions={actions}
        />
      )}
    </div>
  )
}
