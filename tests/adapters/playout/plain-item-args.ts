import type { ItemArgs } from '../../../adapters/playout/ports.ts'
import { encoderInput } from '../../../adapters/ffmpeg/video-encoder.ts'
import { muxOptions, pictureOptions, soundOptions } from '../../../adapters/playout/item/house-output.ts'
import type { HouseStyle } from '../../../adapters/playout/item/house-output.ts'

/** The shortest arguments that make a piece of any file (protocols/linear-channels.md §6): no looks, no hardware. */
export const plainItemArgs =
  (style: HouseStyle): ItemArgs =>
  async ({ input, duration90k, encoder }) => {
    const { width, height, frameRate } = style.house
    const hasSound = input.kind === 'pipe' ? input.hasSound : input.file.facts.audio.length > 0
    const picture =
      `[0:v:0]fps=${frameRate}:start_time=0,scale=${width}:${height}:force_original_aspect_ratio=decrease:` +
      `force_divisible_by=2,pad=${width}:${height}:-1:-1,setsar=1,tpad=stop=-1:stop_mode=clone,${encoderInput(encoder)}[v]`
    const sound = `[${hasSound ? 0 : 1}:a:0]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,apad[a]`
    return [
      ['-hide_banner', '-nostats', '-loglevel', 'warning'],
      input.kind === 'pipe'
        ? ['-f', 'mpegts', '-analyzeduration', '500000', '-i', 'pipe:0']
        : ['-ss', (input.seekMs / 1000).toFixed(3), '-i', `file:${input.file.path}`],
      hasSound ? [] : ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo'],
      ['-filter_complex', `${picture};${sound}`, '-map', '[v]', '-map', '[a]', '-t', (duration90k / 90_000).toFixed(6)],
      pictureOptions(encoder, style.house),
      soundOptions(style),
      muxOptions(style, 900_000),
    ].flat()
  }
