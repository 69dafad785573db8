import { encoderDevice, encoderInput } from '../ffmpeg/video-encoder.ts'
import type { VideoEncoder } from '../ffmpeg/video-encoder.ts'
import type { ItemTools } from './item/filters.ts'
import {
  contentsOf,
  muxOptions,
  pictureOptions,
  rasterOf,
  soundCut,
  soundLayout,
  soundOptions,
} from './item/house-output.ts'
import type { HouseStyle } from './item/house-output.ts'

/** What FFmpeg looks at before it begins, microseconds and bytes: a channel that is passed on starts with a key frame. */
const LOOK = ['-analyzeduration', '500000', '-probesize', '1000000']
/** Times of a piece begin here, 90 kHz. */
const START_90K = 900_000

/**
 * Arguments that bring a live stream on standard input (MPEG-TS) into a channel's format. Its sizes and rates may change
 * while it runs; what it leaves out is a picture that stands, and silence.
 */
export function liveArgs(options: {
  readonly style: HouseStyle
  readonly encoder: VideoEncoder
  readonly tools: Pick<ItemTools, 'filters'>
  /** 90 kHz: a multiple of the quantum. */
  readonly duration90k: number
  readonly hasSound: boolean
}): readonly string[] {
  const { style, encoder, tools, duration90k, hasSound } = options
  const { house, looks } = style
  const { width, height } = rasterOf(house)
  const { pictures, samples } = contentsOf(duration90k, house)
  const whole = `${tools.filters.has('bwdif') ? 'bwdif' : 'yadif'}=mode=send_frame:deint=interlaced`
  const picture = [
    `[0:v:0]${whole},fps=${house.frameRate}:start_time=0`,
    `scale=w='trunc(min(${width},${height}*dar)/2)*2':h='trunc(min(${height},${width}/dar)/2)*2'`,
    `pad=${width}:${height}:-1:-1,setsar=1,trim=end_frame=${pictures},${encoderInput(encoder)}[v]`,
  ].join(',')
  const source = hasSound ? '[0:a:0]' : '[1:a:0]'
  const layout = `aformat=sample_fmts=fltp:channel_layouts=${soundLayout(house)}`
  const sound = (track: number): string =>
    `${source}aresample=48000:async=1000:first_pts=0,${layout},${soundCut(house, samples)}[a${track}]`
  const tracks = Array.from({ length: looks.audioTracks }, (_, track) => track)
  return [
    ['-hide_banner', '-nostats', '-loglevel', 'level+warning', ...encoderDevice(encoder)],
    ['-protocol_whitelist', 'pipe', '-fflags', '+genpts', ...LOOK, '-f', 'mpegts', '-i', 'pipe:0'],
    hasSound ? [] : ['-f', 'lavfi', '-i', `anullsrc=r=48000:cl=${soundLayout(house)}`],
    ['-filter_complex', picture],
    ...tracks.map((track) => ['-filter_complex', sound(track)]),
    ['-map', '[v]', ...pictureOptions(encoder, house)],
    ...tracks.map((track) => ['-map', `[a${track}]`]),
    soundOptions(style),
    muxOptions(style, START_90K),
  ].flat()
}
