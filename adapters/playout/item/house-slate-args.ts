import { gopPictures } from '../../../core/linear/house-format.ts'
import { encoderDevice, encoderInput } from '../../ffmpeg/video-encoder.ts'
import type { VideoEncoder } from '../../ffmpeg/video-encoder.ts'
import type { ItemTools } from './filters.ts'
import {
  contentsOf,
  muxOptions,
  pictureOptions,
  rasterOf,
  soundCut,
  soundLayout,
  soundOptions,
} from './house-output.ts'
import type { HouseStyle } from './house-output.ts'

/** Times of a loop begin here, 90 kHz. */
export const SLATE_START_90K = 10 * 90_000

/** Length of a loop: one GOP, so that a viewer who joins has a place to start in each round. */
export const slateLength90k = ({ house }: HouseStyle): number => (gopPictures(house) * 90_000) / house.frameRate

/**
 * Arguments that make a slate's loop in the channel's format: one raw picture (`yuv420p`) on stdin, TS on stdout.
 *
 * The sound is a noise at −90 dB: decoders of real silence switch amplifiers off, and frames of silence are so small that
 * the multiplexer packs several of them into one PES packet.
 */
export function houseSlateArgs(
  style: HouseStyle,
  encoder: VideoEncoder,
  tools: Pick<ItemTools, 'hasPacketDrop'>,
): readonly string[] {
  const { house, looks } = style
  const { width, height } = rasterOf(house)
  const { pictures, samples } = contentsOf(slateLength90k(style), house)
  const noise = 'anoisesrc=amplitude=0.00003:sample_rate=48000'
  return [
    ['-hide_banner', '-loglevel', 'level+warning', ...encoderDevice(encoder)],
    ['-protocol_whitelist', 'pipe', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`],
    ['-framerate', String(house.frameRate), '-i', 'pipe:0', '-f', 'lavfi', '-i', noise],
    [
      '-vf',
      `loop=loop=-1:size=1:start=0,setpts=N/(${house.frameRate}*TB),trim=end_frame=${pictures},${encoderInput(encoder)}`,
    ],
    ['-af', `aformat=channel_layouts=${soundLayout(house)},${soundCut(house, samples)}`],
    ['-map', '0:v:0', ...Array.from({ length: looks.audioTracks }, () => ['-map', '1:a:0']).flat()],
    pictureOptions(encoder, house, { isStill: true }),
    soundOptions(style, tools),
    muxOptions(style, SLATE_START_90K),
  ].flat()
}
