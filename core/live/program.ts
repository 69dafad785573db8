/** Codecs that matter to us, named as FFmpeg names them. */
export type Codec =
  | 'h264'
  | 'hevc'
  | 'mpeg2video'
  | 'aac'
  | 'aac_latm'
  | 'ac3'
  | 'eac3'
  | 'mp2'
  | 'dvb_subtitle'
  | 'dvb_teletext'
  | 'other'

/** One elementary stream of the channel's output programme. */
export type ElementaryStream = {
  readonly pid: number
  readonly kind: 'video' | 'audio' | 'subtitle' | 'teletext' | 'data'
  readonly codec: Codec
  /** stream_type of the PMT, ISO/IEC 13818-1 table 2-34. */
  readonly streamType: number
  /** ISO 639-2 code of the first language descriptor, null if none. */
  readonly language: string | null
  /** Raw descriptor loop of the PMT entry. */
  readonly descriptors: Uint8Array
}

/** The programme as our own PMT announces it. `version` is the PMT version, 0 … 31. */
export type Program = {
  readonly programNumber: number
  readonly version: number
  readonly pmtPid: number
  readonly pcrPid: number
  readonly streams: readonly ElementaryStream[]
}

/** The sound tracks of a programme, in its order. */
export const audioStreams = (program: Program): readonly ElementaryStream[] =>
  program.streams.filter(({ kind }) => kind === 'audio')

/** Teletext and subtitles of a programme, in its order. */
export const textStreams = (program: Program): readonly ElementaryStream[] =>
  program.streams.filter(({ kind }) => kind === 'teletext' || kind === 'subtitle')

/**
 * Both have the same tracks, and differ at most in what descriptors of picture and sound tell beside codec and language.
 * FFmpeg's own muxer describes AC-3 twice: shortly in its first PMT, and in full once it has seen some.
 */
export const hasSameTracks = (a: Program, b: Program): boolean =>
  a.pcrPid === b.pcrPid &&
  a.streams.length === b.streams.length &&
  a.streams.every((stream, index) => {
    const other = b.streams[index]
    return (
      other !== undefined &&
      stream.pid === other.pid &&
      stream.streamType === other.streamType &&
      stream.codec === other.codec &&
      stream.language === other.language &&
      (stream.kind === 'video' || stream.kind === 'audio' || isSame(stream.descriptors, other.descriptors))
    )
  })

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
