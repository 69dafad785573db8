import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { formatBytes, formatKbps, formatNumber, formatSeconds } from '../text/format.ts'
import { codecName } from './codecs.ts'
import type { ConvertedQuality } from './engine.ts'
import type { Rung } from './ladder.ts'
import type { Playback } from './playback.ts'
import { HouseRows } from './house-rows.tsx'
import { trackFormat, trackTitle } from './sound-track.ts'
import type { SoundChoice } from './sound-track.ts'
import { words } from './words.ts'

/** What the player collected about a channel so far. */
export type PlayRecord = {
  readonly rung: Rung | null
  readonly converted: ConvertedQuality | null
  readonly picture: string | null
  readonly sound: string | null
  /** From the wish to watch to the first picture; null: none yet. */
  readonly startMs: number | null
  readonly failures: number
  readonly lastFailure: string | null
}

type Row = { readonly name: string; readonly value: string; readonly id: string }

/** Numbers of the running playback, renewed every half second. */
export function FactsPanel({
  video,
  playback,
  record,
  sound,
  ownerOf,
}: {
  video: HTMLVideoElement
  playback: Playback | null
  record: PlayRecord
  sound: SoundChoice
  /** The channel, for the owner of the house, who may know how it comes in; null: somebody else looks. */
  ownerOf: string | null
}) {
  const rows = useSignal<readonly Row[]>([])
  useEffect(() => {
    const read = () => {
      rows.value = rowsOf(video, playback, record, sound)
    }
    read()
    const timer = setInterval(read, 500)
    return () => clearInterval(timer)
  }, [video, playback, record, sound, rows])
  return (
    // It scrolls where a phone has no room for all of it, by keyboard too.
    <aside class="facts" aria-label={words().facts.title} tabIndex={0}>
      <dl>
        {record.rung !== null && (
          <div class="facts-mode">
            <dt>{words().facts.mode}</dt>
            <dd>
              <strong>{words().modes[record.rung.mode]}</strong>
              <span>{words().why[record.rung.why]}</span>
            </dd>
          </div>
        )}
        {rows.value.map(({ id, name, value }) => (
          <div key={id} data-fact={id}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {ownerOf !== null && <HouseRows channelId={ownerOf} />}
      </dl>
    </aside>
  )
}

function rowsOf(
  video: HTMLVideoElement,
  playback: Playback | null,
  record: PlayRecord,
  sound: SoundChoice,
): readonly Row[] {
  const facts = playback?.facts()
  const say = words().facts
  const rows: Row[] = []
  const add = (id: string, name: string, value: string | null) => {
    if (value !== null) rows.push({ id, name, value })
  }
  const size = video.videoWidth > 0 ? `${video.videoWidth} × ${video.videoHeight}` : null
  const picture = record.picture === null ? null : codecName(record.picture)
  add(
    'picture',
    say.picture,
    picture !== null || size !== null ? [picture, size].filter((part) => part !== null).join(', ') : null,
  )
  add('quality', say.quality, record.converted === null ? null : say.converted(record.converted))
  add('sound', say.sound, soundOf(record, sound))
  add('decoded', say.decoded, decodedSound(video))
  add('bitrate', say.bitrate, facts?.bitrateKbps == null ? null : formatKbps(facts.bitrateKbps))
  add('latency', say.latency, facts?.latencySeconds == null ? null : formatSeconds(facts.latencySeconds))
  add('buffer', say.buffer, formatSeconds(bufferedAhead(video)))
  add('start', say.start, record.startMs === null ? null : formatSeconds(record.startMs / 1000, 2))
  if ('getVideoPlaybackQuality' in video) {
    const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality()
    add('frames', say.frames, say.framesCounted(formatNumber(totalVideoFrames), formatNumber(droppedVideoFrames)))
  }
  add(
    'errors',
    say.errors,
    record.failures === 0 ? say.none : say.failures(formatNumber(record.failures), record.lastFailure ?? say.unknown),
  )
  return rows
}

/** The track that is heard, and how it is coded: what the decoder was given counts before what a list promised. */
function soundOf({ sound: codec }: PlayRecord, { tracks, chosen }: SoundChoice): string | null {
  const track = tracks.find(({ id }) => id === chosen)
  if (track === undefined) return codec === null ? null : codecName(codec)
  const format = trackFormat({ codec: codec ?? track.codec, channels: track.channels })
  return [trackTitle(track), format].filter((part) => part !== '').join(': ')
}

/** Chromium counts decoded sound; others keep it to themselves. */
function decodedSound(video: HTMLVideoElement): string | null {
  const count: unknown = 'webkitAudioDecodedByteCount' in video ? video.webkitAudioDecodedByteCount : null
  return typeof count === 'number' ? formatBytes(count) : null
}

/** Seconds of media behind the playing position. */
export function bufferedAhead({ buffered, currentTime }: Pick<HTMLVideoElement, 'buffered' | 'currentTime'>): number {
  for (let range = 0; range < buffered.length; range += 1) {
    if (buffered.start(range) <= currentTime + 0.1 && buffered.end(range) > currentTime)
      return buffered.end(range) - currentTime
  }
  return 0
}
