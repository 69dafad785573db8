import { gopPictures, HOUSE_SOUND_SAMPLES } from '../../../core/linear/house-format.ts'
import type { HouseFormat } from '../../../core/linear/house-format.ts'
import { CLOCK_MODULUS } from '../../../core/live/timestamps.ts'
import { ENCODER_NAMES } from '../../ffmpeg/video-encoder.ts'
import type { VideoEncoder } from '../../ffmpeg/video-encoder.ts'
import { languageOf } from './languages.ts'

/**
 * What every piece of one channel has in common, slates too: by it their tables are the same to the byte. `looks`: the part
 * of the channel's looks that the tables show.
 */
export type HouseStyle = {
  readonly house: HouseFormat
  readonly looks: { readonly audioTracks: number; readonly languages: readonly string[] }
  /** The channel's name in the service description table. */
  readonly serviceName: string
}

/** Times lie so far behind the clock of the stream (DTS − PCR), seconds: with 0 sound comes too late (`linear-channels.md` §4). */
const CLOCK_LEAD_SECONDS = 0.5
/** Below this a time of the clock would be negative, 90 kHz: one round of the 33 bits more is the same time on the wire. */
const LEAST_OFFSET_90K = 20 * 90_000

/**
 * Samples by which the encoder of each codec dates its first packet back. Those of `ac3` and `mp2` are no whole frame: the
 * sound begins so much later in the file, and its first packet falls on the start. AAC's whole one is dropped.
 */
const EARLY_SAMPLES = { aac: 0, ac3: 256, mp2: 481 } as const

/** Both sides as 4:2:0 wants them. */
export const rasterOf = ({ width, height }: Pick<HouseFormat, 'width' | 'height'>): Size => ({
  width: width - (width % 2),
  height: height - (height % 2),
})

/** A picture's size in pixels. */
export type Size = { readonly width: number; readonly height: number }

/** MPEG-1 layer II has no more than two channels. */
export const soundChannels = ({ audioCodec, audioChannels }: HouseFormat): number =>
  audioCodec === 'mp2' ? Math.min(2, audioChannels) : audioChannels

/** FFmpeg's name of the layout. */
export const soundLayout = (house: HouseFormat): string =>
  ({ 1: 'mono', 2: 'stereo', 6: '5.1' })[soundChannels(house)] ?? 'stereo'

/**
 * Options of the picture's encoder: H.264 high, a closed GOP of exactly `gopPictures`, no pictures in both directions, so
 * that DTS = PTS and every piece begins with an IDR picture at its very start. `isStill`: as good as it is small.
 */
export function pictureOptions(
  encoder: VideoEncoder,
  house: HouseFormat,
  { isStill = false }: { readonly isStill?: boolean } = {},
): readonly string[] {
  const gop = String(gopPictures(house))
  const rate = `${house.videoKbps}k`
  const isCrf = isStill && encoder.kind === 'software'
  return [
    ['-c:v', ENCODER_NAMES[encoder.kind], ...ownOptions(encoder, gop)],
    isCrf ? ['-crf', '24'] : ['-b:v', rate],
    ['-maxrate', rate, '-bufsize', rate, '-g', gop, '-bf', '0', '-flags:v', '+cgop'],
    // Every piece says the same of its colours, or a player changes them at the seam.
    ['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ].flat()
}

/** Hardware is asked for every key frame by its number; what one ignores, its own GOP length does. */
function ownOptions({ kind }: VideoEncoder, gop: string): readonly string[] {
  const forced = ['-force_key_frames', `expr:gte(n,n_forced*${gop})`]
  switch (kind) {
    case 'software':
      return [
        '-preset',
        'veryfast',
        '-tune',
        'zerolatency',
        '-profile:v',
        'high',
        '-keyint_min',
        gop,
        '-sc_threshold',
        '0',
      ]
    case 'nvenc':
      return ['-preset', 'p4', '-tune', 'll', '-rc', 'cbr', '-zerolatency', '1', '-delay', '0'].concat(
        ['-profile:v', 'high', '-no-scenecut', '1', '-forced-idr', '1'],
        forced,
      )
    case 'qsv':
      return ['-profile:v', 'high', '-look_ahead', '0', '-async_depth', '1', '-forced_idr', '1', ...forced]
    case 'vaapi':
      return ['-profile:v', 'high', ...forced]
    case 'videotoolbox':
      return ['-profile:v', 'high', '-realtime', '1', ...forced]
    case 'v4l2m2m':
      return forced
    default:
      return kind satisfies never
  }
}

/** End of the filter chain of sound: exactly so many samples, placed so that the first packet falls on the start. */
export function soundCut({ audioCodec }: Pick<HouseFormat, 'audioCodec'>, samples: number): string {
  const early = EARLY_SAMPLES[audioCodec]
  return `atrim=start_pts=${early}:end_pts=${early + samples}`
}

/**
 * Options of all sound tracks. The priming frame of AAC is dropped, otherwise every seam repeats one DTS; by an FFmpeg that
 * cannot do that it comes one frame before the start.
 */
export function soundOptions(
  { house, looks }: HouseStyle,
  { hasPacketDrop }: { readonly hasPacketDrop: boolean } = { hasPacketDrop: true },
): readonly string[] {
  const { audioCodec, audioKbps } = house
  return [
    ['-c:a', audioCodec, '-b:a', `${audioKbps}k`, '-ar', '48000', '-ac', String(soundChannels(house))],
    audioCodec === 'aac' && hasPacketDrop ? ['-bsf:a', 'noise=amount=0:drop=lt(pts\\,0)'] : [],
    looks.audioTracks > 1 ? trackLabels(looks) : [],
  ].flat()
}

/** A channel with one track does not say which language that speaks: it depends on the programme. */
export const trackLabels = ({ audioTracks, languages }: HouseStyle['looks']): readonly string[] =>
  Array.from({ length: audioTracks }, (_, track) => {
    const language = languageOf(languages[track] ?? null)
    return language === null ? [] : [`-metadata:s:a:${track}`, `language=${language}`]
  }).flat()

/**
 * Options of the multiplex, up to the standard output. The first picture and the first sound have exactly the time
 * `offset90k` (33 bits), the stream's clock comes with every picture, one frame of sound is in each PES packet.
 */
export function muxOptions({ serviceName }: HouseStyle, offset90k: number): readonly string[] {
  const offset = offset90k < LEAST_OFFSET_90K ? offset90k + CLOCK_MODULUS : offset90k
  return [
    ['-map_metadata', '-1', '-map_chapters', '-1', '-metadata', `service_name=${serviceName}`],
    ['-metadata', 'service_provider=downlink', '-output_ts_offset', seconds90k(offset), '-mpegts_copyts', '1'],
    ['-muxdelay', String(CLOCK_LEAD_SECONDS), '-muxpreload', '0', '-pcr_period', '20', '-pes_payload_size', '0'],
    ['-max_muxing_queue_size', '4096', '-flush_packets', '1', '-f', 'mpegts', 'pipe:1'],
  ].flat()
}

/** Ticks as FFmpeg's seconds; its microseconds are fine enough to come back to the same tick. */
export const seconds90k = (ticks: number): string => (ticks / 90_000).toFixed(6)

/** Pictures and samples of sound in a stretch that is a multiple of the quantum. */
export function contentsOf(
  duration90k: number,
  { frameRate, audioCodec }: HouseFormat,
): { pictures: number; samples: number } {
  const pictures = (duration90k * frameRate) / 90_000
  const samples = (duration90k * 48_000) / 90_000
  if (!Number.isInteger(pictures) || samples % HOUSE_SOUND_SAMPLES[audioCodec] !== 0 || pictures === 0)
    throw new RangeError(
      `The length of a piece is ${duration90k} ticks; it should be a multiple of the channel's quantum`,
    )
  return { pictures, samples }
}
