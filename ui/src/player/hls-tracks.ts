import Hls from 'hls.js'
import type { MediaPlaylist } from 'hls.js'
import { codecOfRfc6381 } from './codecs.ts'
import { matchTrack, roleOfCharacteristics } from './sound-track.ts'
import type { SoundChoice, SoundTrack, SoundWish } from './sound-track.ts'

/** A track as hls.js read it. Names are unique within the group that plays. */
const trackOf = ({ name, lang, characteristics, audioCodec, channels }: MediaPlaylist): SoundTrack => ({
  id: name,
  name,
  language: lang ?? null,
  role: roleOfCharacteristics(characteristics ?? ''),
  codec: audioCodec === undefined ? null : codecOfRfc6381(audioCodec),
  channels: channels === undefined ? null : Number.parseInt(channels, 10),
})

/** Follows the tracks of sound in hls.js; begins with the wished one where there is such. */
export function hlsTracks(
  hls: Hls,
  { wish, changed }: { readonly wish: SoundWish | null; readonly changed: (choice: SoundChoice) => void },
): { choose(id: string): void } {
  const tell = (): void =>
    changed({ tracks: hls.audioTracks.map(trackOf), chosen: hls.audioTracks[hls.audioTrack]?.name ?? null })
  hls.on(Hls.Events.MANIFEST_PARSED, (_event, { audioTracks }) => {
    const found = wish === null ? null : matchTrack(audioTracks.map(trackOf), wish)
    // Nothing is loaded yet: the first sound that is fetched is the right one.
    if (found !== null) hls.config.audioPreference = { name: found.name }
  })
  hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, tell)
  hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, tell)
  return {
    choose(id) {
      const index = hls.audioTracks.findIndex(({ name }) => name === id)
      if (index >= 0) hls.audioTrack = index
    },
  }
}
