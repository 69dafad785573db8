import { plainText } from '../../../core/plain-text.ts'
import type { MediaFacts, PictureFacts, SoundFacts, SubtitleFacts } from '../../../core/library/media-item.ts'
import { frameRateOf } from './frame-rate.ts'
import type { ProbeResult } from './media-probe.ts'

/** A stream as FFmpeg knows it, whichever program told it; '' and null: not told. */
export type ToldStream = {
  readonly type: 'video' | 'audio' | 'subtitle' | 'other'
  readonly codec: string
  readonly profile: string | null
  readonly language: string | null
  readonly title: string | null
  readonly isDefault: boolean
  readonly isForced: boolean
  readonly isCover: boolean
  readonly width: number
  readonly height: number
  readonly pixelFormat: string | null
  readonly pixelAspect: { readonly num: number; readonly den: number } | null
  /** Pictures a second on average, and the rate that all time stamps fit; null: not told. */
  readonly averageRate: number | null
  readonly baseRate: number | null
  readonly isInterlaced: boolean
  readonly isHdr: boolean
  /** Clockwise degrees. */
  readonly rotation: number
  readonly channels: number
  readonly sampleRate: number
}

/** A file as FFmpeg knows it. */
export type ToldFile = {
  readonly container: string
  readonly durationMs: number | null
  readonly startMs: number
  readonly chapterStartsMs: readonly number[]
  readonly streams: readonly ToldStream[]
}

const TEXT_SUBTITLES: ReadonlySet<string> = new Set(
  'subrip srt ass ssa mov_text webvtt text ttml sami microdvd subviewer subviewer1 jacosub realtext stl mpl2 pjs vplayer'.split(
    ' ',
  ),
)
/** Lists and texts that FFmpeg can open as well: what they name is none of ours. */
const NO_MEDIA = /^(?:tty|concat|hls|dash|applehttp|lavfi|sdp|image2|\w+_pipe|srt|ass|webvtt|ffmetadata|mpsub)(?:,|$)/
const MOST_CHAPTERS = 1000
const LONGEST_TITLE = 200
/** Nothing that is shown lasts longer; what says so has broken time stamps. */
const LONGEST_MS = 48 * 3_600_000

/** The facts of the house about a file, or why it is nothing to show. */
export function factsOf(file: ToldFile): ProbeResult {
  if (NO_MEDIA.test(file.container)) return problem('The file holds a list or a text, and no video')
  const pictures = file.streams.filter((stream) => stream.type === 'video' && !isCover(stream) && stream.width > 0)
  const sounds = file.streams.filter(({ type, channels }) => type === 'audio' && channels > 0)
  const [picture] = pictures
  if (picture === undefined && sounds.length === 0)
    return problem('The file has neither a picture nor a sound that FFmpeg can decode')
  const { durationMs } = file
  if (durationMs === null || durationMs <= 0) return problem('The file does not say how long it is')
  if (durationMs > LONGEST_MS)
    return problem('The file claims to last longer than two days: its time stamps are broken')
  const subtitles = file.streams.filter(({ type }) => type === 'subtitle')
  const facts: MediaFacts = {
    durationMs,
    container: file.container,
    video: picture === undefined ? null : toPicture(picture),
    audio: sounds.map(toSound),
    subtitles: subtitles.map(toSubtitle),
    chaptersMs: chaptersOf(file, durationMs),
  }
  return { kind: 'facts', facts, hasCover: file.streams.some(isCover) }
}

/** A picture without a rate; old versions of FFmpeg do not say that it is a cover. */
const isCover = (stream: ToldStream): boolean =>
  stream.isCover || (/^(?:mjpeg|png|bmp|webp|tiff)$/.test(stream.codec) && stream.averageRate === null)

const problem = (reason: string): ProbeResult => ({ kind: 'problem', reason, isPassing: false })

const toPicture = (stream: ToldStream): PictureFacts => ({
  codec: stream.codec,
  profile: stream.profile,
  width: stream.width,
  height: stream.height,
  frameRate: frameRateOf(stream.averageRate, stream.baseRate),
  pixelAspect: stream.pixelAspect ?? { num: 1, den: 1 },
  pixelFormat: stream.pixelFormat,
  isInterlaced: stream.isInterlaced,
  isHdr: stream.isHdr,
  rotation: (((Math.round(stream.rotation / 90) * 90) % 360) + 360) % 360,
})

const toSound = (stream: ToldStream, index: number): SoundFacts => ({
  index,
  codec: stream.codec,
  channels: stream.channels,
  sampleRate: stream.sampleRate,
  language: languageOf(stream),
  title: titleOf(stream),
  isDefault: stream.isDefault,
})

const toSubtitle = (stream: ToldStream, index: number): SubtitleFacts => ({
  index,
  codec: stream.codec,
  language: languageOf(stream),
  isText: TEXT_SUBTITLES.has(stream.codec),
  isForced: stream.isForced,
})

/** `und` is how containers write that nobody said. */
const languageOf = ({ language }: ToldStream): string | null =>
  language !== null && /^[a-z]{2,3}(?:-[a-z0-9-]{1,20})?$/i.test(language) && language !== 'und'
    ? language.toLowerCase()
    : null

const titleOf = ({ title }: ToldStream): string | null => plainText(title ?? '').slice(0, LONGEST_TITLE) || null

function chaptersOf({ chapterStartsMs, startMs }: ToldFile, durationMs: number): readonly number[] {
  const starts = chapterStartsMs.map((start) => start - startMs).filter((start) => start > 0 && start < durationMs)
  return [...new Set(starts)].toSorted((a, b) => a - b).slice(0, MOST_CHAPTERS)
}
