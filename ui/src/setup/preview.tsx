import { useRef } from 'preact/hooks'
import { useHouse } from '../api/house.ts'
import { playerPath } from '../lineup/channel-row.tsx'
import { useChannel } from '../player/use-channel.ts'
import { usePlayback } from '../player/use-playback.ts'
import { usePlaysAlone } from '../watching/use-plays-alone.ts'
import { words } from './words.ts'

/** A channel that plays inside of a page, small and without sound: the proof that all of it works. */
export function Preview({ channelId }: { channelId: string }) {
  usePlaysAlone()
  const video = useRef<HTMLVideoElement>(null)
  const { channel, renew } = useChannel(channelId)
  const canConvert = useHouse().session.value?.qualities.includes('720p') ?? false
  const { state } = usePlayback({ channelId, channel: channel.value, video, canConvert, renew })
  const name = channel.value?.name ?? ''
  return (
    <figure class="preview">
      <video
        ref={video}
        muted
        playsInline
        data-channel={channelId}
        data-state={state?.kind ?? 'idle'}
        aria-label={words().watch.playing(name)}
      />
      <figcaption>
        <span>
          {words().watch.playing(name)}, <small>{words().watch.soundOff}</small>
        </span>
        {channel.value !== null && <a href={playerPath(channel.value)}>{words().watch.toPlayer}</a>}
      </figcaption>
    </figure>
  )
}
