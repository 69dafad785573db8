import type { SlateFormat } from '../../core/live/slate.ts'

/** What the audio sidecar has to make. */
export type AudioIntent = { readonly bitrateKbps: number; readonly channels: number }

/**
 * Arguments of the audio sidecar: TS with one audio PID on stdin, TS with AAC on stdout, one frame in each PES packet.
 *
 * Measured in `hls-ffmpeg.md` §5: the short analysis because FFmpeg reads on for 5 s otherwise, `pes_payload_size 0` because
 * sound is held back until 2930 bytes are full otherwise. No protocol but the pipes is open to it.
 */
export const audioSidecarArgs = ({ bitrateKbps, channels }: AudioIntent): readonly string[] =>
  [
    ['-hide_banner', '-loglevel', 'level+warning', '-protocol_whitelist', 'pipe'],
    ['-f', 'mpegts', '-analyzeduration', '150000', '-probesize', '500000', '-copyts', '-i', 'pipe:0'],
    ['-map', '0:a:0', '-c:a', 'aac', '-aac_coder', 'fast', '-b:a', `${bitrateKbps}k`],
    ['-ac', String(channels), '-ar', '48000', '-threads', '1'],
    ['-muxdelay', '0', '-muxpreload', '0', '-pes_payload_size', '0', '-flush_packets', '1'],
    ['-f', 'mpegts', 'pipe:1'],
  ].flat()

/**
 * Length of a slate's loop, seconds: whole pictures at 10, 25 and 30 a second, whole frames of AAC, AC-3 and MP2 at 48 kHz
 * (`linear-channels.md` §10).
 */
export const SLATE_SECONDS = 4.8

/**
 * Arguments that make a slate: one raw picture on stdin (none in radio), a loop of TS on stdout. The sound is a noise at
 * −90 dB: decoders of real silence switch amplifiers off.
 */
export function slateArgs(
  { video, audio }: SlateFormat,
  encoders: Readonly<Record<string, string>>,
): readonly string[] {
  const length = String(SLATE_SECONDS)
  const args = ['-hide_banner', '-loglevel', 'level+warning', '-protocol_whitelist', 'pipe']
  if (video !== null) {
    const { width, height, frameRate } = video
    args.push('-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width - (width % 2)}x${height - (height % 2)}`)
    args.push('-framerate', String(frameRate), '-i', 'pipe:0')
  }
  if (audio !== null) args.push('-f', 'lavfi', '-i', `anoisesrc=amplitude=0.00003:sample_rate=48000:duration=${length}`)
  if (video !== null) {
    const gop = String(video.frameRate)
    args.push('-map', '0:v:0', '-vf', `loop=loop=-1:size=1:start=0,setpts=N/(${video.frameRate}*TB)`)
    args.push(
      '-c:v',
      encoders[video.codec] ?? video.codec,
      '-g',
      gop,
      '-keyint_min',
      gop,
      '-bf',
      '0',
      '-pix_fmt',
      'yuv420p',
    )
    if (video.codec === 'h264')
      args.push(
        '-preset',
        'veryfast',
        '-tune',
        'stillimage',
        '-crf',
        '26',
        '-x264-params',
        'scenecut=0:aud=1:open-gop=0',
      )
    if (video.codec === 'hevc')
      args.push('-preset', 'ultrafast', '-x265-params', 'scenecut=0:aud=1:open-gop=0:repeat-headers=1:log-level=none')
    if (video.codec === 'mpeg2video') args.push('-q:v', '4')
  }
  if (audio !== null) {
    args.push('-map', video === null ? '0:a:0' : '1:a:0', '-c:a', encoders[audio.codec] ?? audio.codec)
    args.push('-ac', '2', '-ar', '48000', '-b:a', '128k')
  }
  args.push('-t', length, '-muxdelay', '0', '-muxpreload', '0', '-output_ts_offset', '10')
  return [...args, '-pes_payload_size', '0', '-flush_packets', '1', '-f', 'mpegts', 'pipe:1']
}
