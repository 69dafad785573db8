import type { PgsBox } from './pgs.ts'
import type { MediaFacts, PictureFacts, SoundFacts, SubtitleFacts } from '../../core/library/media-item.ts'

/** A step of making a clip: FFmpeg with these arguments, in the folder of the clips. */
export type FfmpegStep = { readonly kind: 'ffmpeg'; readonly args: readonly string[] }

/** A text that a later step reads. */
export type TextStep = { readonly kind: 'text'; readonly file: string; readonly text: string }

/** Subtitles as pictures that a later step reads. */
export type PgsStep = { readonly kind: 'pgs'; readonly file: string; readonly show: PgsBox }

/** The first part of another clip, as a download leaves it that broke off. */
export type CutStep = { readonly kind: 'cut'; readonly from: string; readonly share: number }

/** Another clip (MP4), marked to be shown turned by 90° clockwise, as telephones do. */
export type TurnStep = { readonly kind: 'turn'; readonly from: string }

/** A media file that is made once on each machine, with what a probe would say of it. */
export type Clip = {
  /** Also the file's name. */
  readonly file: string
  readonly steps: readonly (FfmpegStep | TextStep | CutStep | TurnStep | PgsStep)[]
  readonly facts: MediaFacts
}

/** Facts of a picture: H.264, 1280×720, 25 a second, unless said otherwise. */
export const picture = (other: Partial<PictureFacts> = {}): PictureFacts => ({
  codec: 'h264',
  profile: 'High',
  width: 1280,
  height: 720,
  frameRate: { num: 25, den: 1 },
  pixelAspect: { num: 1, den: 1 },
  pixelFormat: 'yuv420p',
  isInterlaced: false,
  isHdr: false,
  rotation: 0,
  ...other,
})

/** Facts of a sound track: AAC, stereo, 48 kHz, unless said otherwise. */
export const sound = (other: Partial<SoundFacts> = {}): SoundFacts => ({
  index: 0,
  codec: 'aac',
  channels: 2,
  sampleRate: 48_000,
  language: null,
  title: null,
  isDefault: true,
  ...other,
})

/** Facts of a subtitle track: SubRip, not forced, unless said otherwise. */
export const subtitle = (other: Partial<SubtitleFacts> = {}): SubtitleFacts => ({
  index: 0,
  codec: 'subrip',
  language: null,
  isText: true,
  isForced: false,
  ...other,
})

/** Facts of a whole file. */
export const facts = (seconds: number, container: string, other: Partial<MediaFacts> = {}): MediaFacts => ({
  durationMs: Math.round(seconds * 1000),
  container,
  video: picture(),
  audio: [sound()],
  subtitles: [],
  chaptersMs: [],
  ...other,
})

/** A step of FFmpeg that writes the clip itself. */
export const ffmpeg = (...args: readonly (string | readonly string[])[]): FfmpegStep => ({
  kind: 'ffmpeg',
  args: args.flat(),
})

/** A moving test picture as an input. */
export const film = (size: string, rate: string, seconds: number): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`,
]

/** A tone over a soft noise as an input: other than a pure tone it cannot be mistaken for silence by an encoder. */
export const tone = (hertz: number, seconds: number, rate = 48_000): readonly string[] => [
  '-f',
  'lavfi',
  '-i',
  `sine=frequency=${hertz}:sample_rate=${rate}:duration=${seconds}`,
]

/** H.264 that is quick to make, with two pictures in both directions. */
export const X264: readonly string[] = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-bf',
  '2',
  '-g',
  '50',
  '-pix_fmt',
  'yuv420p',
]

/** AAC in stereo. */
export const AAC: readonly string[] = ['-c:a', 'aac', '-b:a', '96k', '-ac', '2']

/** FFmpeg's names of the demuxers, as a probe tells them. */
export const MP4 = 'mov,mp4,m4a,3gp,3g2,mj2'
/** Matroska. */
export const MKV = 'matroska,webm'
