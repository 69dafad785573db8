import { LOOP_UNIT_SECONDS } from './recipe.ts'
import type { AudioRecipe, Recipe, VideoRecipe } from './recipe.ts'

const BEFORE_FILES = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y']
// One frame in a PES packet, so that each track can be cut at any frame.
const CONTAINER = ['-pes_payload_size', '0', '-muxdelay', '0', '-muxpreload', '0', '-f', 'mpegts']
const SPARE_SECONDS = 3 // the loop is cut out of the middle

/** The FFmpeg command line (without the program) that makes a clip; only options that FFmpeg 4.0 knows. */
export function clipArguments(recipe: Recipe, font: string | null, target: string): string[] {
  const seconds = (recipe.units * LOOP_UNIT_SECONDS + SPARE_SECONDS).toFixed(2)
  const sources = [
    ...(recipe.video ? [picture(recipe.video, seconds)] : []),
    ...recipe.audio.map((track) => tone(track, seconds)),
  ]
  const sound = recipe.audio.flatMap((track, index) => {
    return [`-c:a:${index}`, track.codec, `-b:a:${index}`, `${track.bitrateKbps}k`]
  })
  return [
    ...BEFORE_FILES,
    ...sources.flatMap((source) => ['-f', 'lavfi', '-i', source]),
    ...sources.flatMap((_, index) => ['-map', String(index)]),
    ...(recipe.video ? videoArguments(recipe.video, recipe.label, font) : []),
    ...sound,
    '-t',
    seconds,
    ...CONTAINER,
    target,
  ]
}

function picture(video: VideoRecipe, seconds: string): string {
  const fields = video.codec === 'h264-open-gop' ? 50 : video.framesPerSecond
  const source = video.pattern === 'test' ? 'testsrc2' : 'smptebars'
  return `${source}=size=${video.width}x${video.height}:rate=${fields}:duration=${seconds}`
}

function tone(track: AudioRecipe, seconds: string): string {
  // The loudness swells once in 0.96 s, which divides the loop.
  const wave = (level: number): string => `${level}*sin(2*PI*${track.toneHz}*t)*(0.7+0.3*sin(2*PI*t/0.96))`
  const levels = track.channels === 6 ? [0.2, 0.15, 0.1, 0.02, 0.05, 0.05] : [0.2, 0.15]
  const layout = track.channels === 6 ? '5.1' : 'stereo'
  return `aevalsrc=${levels.map(wave).join('|')}:s=48000:c=${layout}:d=${seconds}`
}

function videoArguments(video: VideoRecipe, label: string, font: string | null): string[] {
  const rate = `${video.bitrateKbps}k`
  const buffer = `${Math.round(video.bitrateKbps * 0.6)}k`
  const control = ['-b:v', rate, '-maxrate', rate, '-bufsize', buffer, '-aspect', '16:9']
  return ['-filter:v', filters(video, label, font), ...control, ...encoder(video)]
}

function filters(video: VideoRecipe, label: string, font: string | null): string {
  const size = Math.round(video.height / 9)
  const box = `crop=${size}:${size}:${size}:${size},negate`
  return [
    ...(video.hue ? [`hue=h=${video.hue}`] : []),
    ...(font ? [drawText(label, font, size)] : []),
    // Something that moves in every picture, also without fonts and on still bars.
    `split[s1][s2];[s2]${box}[box];[s1][box]overlay=x=mod(t*${video.width / 4}\\,W-w):y=H-h-8`,
    ...(video.codec === 'h264-open-gop' ? ['interlace=scan=tff'] : []),
    'format=yuv420p',
  ].join(',')
}

function encoder(video: VideoRecipe): string[] {
  const gop = String(video.framesPerSecond === 50 ? 48 : 24)
  const fixedGop = `keyint=${gop}:min-keyint=${gop}:scenecut=0:repeat-headers=1:aud=1`
  const x264 = `${fixedGop}:bframes=2:b-adapt=0:b-pyramid=none:weightp=0`
  const fast = ['-preset', 'ultrafast', '-g', gop]
  switch (video.codec) {
    case 'h264':
      return ['-c:v', 'libx264', ...fast, '-x264-params', `${x264}:open-gop=0`]
    case 'h264-open-gop':
      return ['-c:v', 'libx264', ...fast, '-flags', '+ilme+ildct', '-x264-params', `${x264}:open-gop=1:tff=1`]
    case 'mpeg2':
      return ['-c:v', 'mpeg2video', '-g', '12', '-bf', '2', '-sc_threshold', '1000000000']
    case 'hevc':
      return ['-c:v', 'libx265', ...fast, '-x265-params', `${fixedGop}:open-gop=0:bframes=0:log-level=error`]
    default:
      return video.codec satisfies never
  }
}

function drawText(label: string, font: string, size: number): string {
  // Letters, digits and blanks only: nothing in a name can become part of the filter.
  const text = label.replaceAll(/[^\p{L}\p{N} ]/gu, '').trim() || 'TV'
  const file = font.replaceAll(':', String.raw`\\:`)
  return `drawtext=fontfile=${file}:text=${text}:fontsize=${size}:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=8:x=24:y=24`
}
