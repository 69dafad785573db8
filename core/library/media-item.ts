import type { Brand } from '../brand.ts'

/** Key of a file of one's own among all libraries: stable over scans, restarts and moves of the whole folder. `[a-z0-9-]`. */
export type MediaId = Brand<string, 'MediaId'>

/** What a file is taken for. `filler`: adverts, idents, trailers, bumpers; `other`: a video that no rule recognised. */
export const MEDIA_KINDS = ['film', 'episode', 'filler', 'other'] as const

/** One of them. */
export type MediaKind = (typeof MEDIA_KINDS)[number]

/** The picture of a file, as probed. */
export type PictureFacts = {
  /** FFmpeg's name of the codec (`h264`). */
  readonly codec: string
  /** FFmpeg's name of the profile (`High`); null: not told. */
  readonly profile: string | null
  readonly width: number
  readonly height: number
  /** Pictures a second, exact: 25/1, 30000/1001. Null: not told, or not constant. */
  readonly frameRate: { readonly num: number; readonly den: number } | null
  /** Width of a pixel over its height: 1/1, 64/45. */
  readonly pixelAspect: { readonly num: number; readonly den: number }
  /** FFmpeg's name (`yuv420p10le`). */
  readonly pixelFormat: string | null
  readonly isInterlaced: boolean
  /** Needs tone mapping: PQ or HLG. */
  readonly isHdr: boolean
  /** Clockwise degrees the picture has to be turned by: 0, 90, 180, 270. */
  readonly rotation: number
}

/** One sound track of a file. `index` counts the sound tracks only, from 0. */
export type SoundFacts = {
  readonly index: number
  readonly codec: string
  readonly channels: number
  readonly sampleRate: number
  /** ISO 639 as written in the file; null: not told. */
  readonly language: string | null
  readonly title: string | null
  readonly isDefault: boolean
}

/** One subtitle track of a file. `index` counts the subtitle tracks only, from 0. */
export type SubtitleFacts = {
  readonly index: number
  readonly codec: string
  readonly language: string | null
  /** Text (SRT, ASS, mov_text, WebVTT); false: pictures (PGS, VobSub, DVB). */
  readonly isText: boolean
  readonly isForced: boolean
}

/** What is inside a file. Times are milliseconds from its first picture. */
export type MediaFacts = {
  readonly durationMs: number
  /** FFmpeg's name of the demuxer (`matroska,webm`). */
  readonly container: string
  /** Null: sound only. */
  readonly video: PictureFacts | null
  readonly audio: readonly SoundFacts[]
  readonly subtitles: readonly SubtitleFacts[]
  /** Starts of chapters, the first one at 0 left out. */
  readonly chaptersMs: readonly number[]
}

/** How loud a file is as a whole (EBU R 128). */
export type Loudness = { readonly integratedLufs: number; readonly truePeakDb: number }

/** What a file is called and said to be, from its name, its folder and its NFO. Texts are clean (no control characters). */
export type MediaWords = {
  readonly kind: MediaKind
  /** Of the film or episode itself; a file without any other name: its name without ending. */
  readonly title: string
  /** Of an episode: the series. */
  readonly series: string | null
  readonly season: number | null
  /** First episode in the file. */
  readonly episode: number | null
  /** Last episode in the file, where it holds several; otherwise null. */
  readonly lastEpisode: number | null
  readonly year: number | null
  readonly plot: string | null
  readonly genres: readonly string[]
  readonly rating: { readonly system: string | null; readonly value: string } | null
  /** First shown: `YYYY-MM-DD`. */
  readonly airedOn: string | null
}

/** One file of a library. */
export type MediaItem = MediaWords & {
  readonly id: MediaId
  /** The library (source of kind `media`) that it belongs to. */
  readonly library: string
  /** Relative to the library's folder, with `/`. */
  readonly path: string
  readonly bytes: number
  /** When the file was last written, epoch milliseconds. */
  readonly modifiedAt: number
  readonly addedAt: number
  /** Null: not probed yet, or not readable (`problem`). */
  readonly facts: MediaFacts | null
  /** Where it may be broken for adverts, milliseconds: chapters, marks, or detected black with silence. */
  readonly breaksMs: readonly number[]
  /** Null: not measured yet. */
  readonly loudness: Loudness | null
  readonly hasArtwork: boolean
  /** Why it cannot be shown, one sentence; null: it can. */
  readonly problem: string | null
  /** It was there at an earlier scan and is not now (a network share that is away keeps its files). */
  readonly isMissing: boolean
}

/** A file that can be played now. `path` is absolute. */
export type ShelvedFile = {
  readonly path: string
  readonly facts: MediaFacts
  readonly loudness: Loudness | null
}
