import type { MediaFacts } from '../../../core/library/media-item.ts'
import type { ShelvedFile } from '../../../core/linear/line.ts'
import type { Looks } from '../../../core/linear/looks.ts'
import type { VideoEncoder } from '../../ffmpeg/video-encoder.ts'
import type { ItemTools } from './filters.ts'
import type { HouseStyle, Size } from './house-output.ts'

/** Pixels in a file, without any header: `yuva420p`, or `yuv420p` for what fills the screen. `path` is absolute. */
export type RawPicture = Size & { readonly path: string }

/** What was made ready for an item, as files. Null: it has none, or could not be made. */
export type ItemProps = {
  /** The logo in its size and with its opacity. */
  readonly logo: RawPicture | null
  /** The whole text of the crawl in one line. */
  readonly crawl: RawPicture | null
  /** What is on the screen while there is only sound; as large as the channel's picture. */
  readonly title: RawPicture | null
  /** Text subtitles, as ASS. `path` is absolute. */
  readonly subtitles: string | null
}

/** Nothing of all that. */
export const NO_PROPS: ItemProps = { logo: null, crawl: null, title: null, subtitles: null }

/** A live stream on the standard input instead of a file: nothing is known of it before it comes. */
export type LiveInput = { readonly path: null; readonly facts: MediaFacts; readonly loudness: null }

/** What a live stream is taken for: a picture that may be interlaced, and one sound track if it has any. */
export const liveInput = (hasSound: boolean): LiveInput => ({
  path: null,
  loudness: null,
  facts: {
    durationMs: 0,
    container: 'mpegts',
    video: {
      codec: 'h264',
      profile: null,
      width: 0,
      height: 0,
      frameRate: null,
      pixelAspect: { num: 1, den: 1 },
      pixelFormat: null,
      isInterlaced: true,
      isHdr: false,
      rotation: 0,
    },
    audio: hasSound
      ? [{ index: 0, codec: 'ac3', channels: 2, sampleRate: 48_000, language: null, title: null, isDefault: true }]
      : [],
    subtitles: [],
    chaptersMs: [],
  },
})

/** What one piece of a channel should be: a stretch of a file in the channel's format, at a time of its clock. */
export type ItemIntent = Omit<HouseStyle, 'looks'> & {
  readonly looks: Looks
  readonly file: ShelvedFile | LiveInput
  /** Where in the file it begins, milliseconds. */
  readonly inMs: number
  /** Its length, 90 kHz: a multiple of the channel's quantum. A file that is shorter stands still in silence. */
  readonly duration90k: number
  /** Time of its first picture and sound on the channel's clock, modulo 2³³. */
  readonly offset90k: number
  /** Instant at which that is on air, epoch milliseconds (fractions allowed): crawl and logo are in step by it. */
  readonly wallStart: number
  readonly encoder: VideoEncoder
  readonly tools: ItemTools
  readonly props: ItemProps
  /** An advert, an ident: logo and crawl may stay away. */
  readonly isFiller: boolean
  /** In the modes that copy: the file has a key frame exactly at `inMs` (`keyFrameBefore`), or begins there. */
  readonly isAtKeyFrame: boolean
  /** The last attempt: only picture and sound, nothing that could fail. */
  readonly isPlain: boolean
}
