import type { Failure } from '../errors.ts'
import type { Codec, Program } from './program.ts'

/** What a slate says. */
export type SlateKind = 'opening' | 'switching' | 'no-slot' | 'refused' | 'off-air'

/** What a slate looks and sounds like, so that a player needs no other decoder than the one it has. */
export type SlateFormat = {
  /** Null: radio. */
  readonly video: {
    readonly codec: Extract<Codec, 'h264' | 'hevc' | 'mpeg2video'>
    readonly width: number
    readonly height: number
    /** Pictures a second. */
    readonly frameRate: number
  } | null
  /** Null: without sound. */
  readonly audio: { readonly codec: Extract<Codec, 'aac' | 'ac3' | 'eac3' | 'mp2'> } | null
}

/**
 * A few seconds of a transport stream that may be played over and over: one programme, picture on one PID and sound on
 * another, the same times for both, one frame of sound in each PES packet. `durationMs` is where it begins again.
 */
export type SlateLoop = { readonly bytes: Uint8Array; readonly durationMs: number }

/** Port: makes slates, each once. */
export interface SlateMaker {
  /** The loop for this text and format; null: it cannot be made here. Later calls give the same one at once. */
  slate(kind: SlateKind, format: SlateFormat, signal: AbortSignal): Promise<SlateLoop | null>
}

/** What those get who want a slate before anything is known of the channel: every player decodes it. */
export const FIRST_FORMAT: SlateFormat = {
  video: { codec: 'h264', width: 1280, height: 720, frameRate: 25 },
  audio: { codec: 'aac' },
}

const AUDIO: ReadonlySet<string> = new Set(['aac', 'ac3', 'eac3', 'mp2'] satisfies Codec[])
const VIDEO: ReadonlySet<string> = new Set(['h264', 'hevc', 'mpeg2video'] satisfies Codec[])

/** The format of a slate within a programme whose picture has this size. */
export function slateFormat(
  program: Program,
  picture: { readonly width: number; readonly height: number; readonly frameRate: number | null } | null,
): SlateFormat {
  const video = program.streams.find(({ kind }) => kind === 'video')
  const audio = program.streams.find(({ kind }) => kind === 'audio')
  const codec = video?.codec
  return {
    video:
      video === undefined
        ? null
        : {
            codec: codec !== undefined && isVideo(codec) ? codec : 'h264',
            width: picture?.width ?? 1280,
            height: picture?.height ?? 720,
            frameRate: wholeRate(picture?.frameRate ?? null),
          },
    audio: audio === undefined ? null : { codec: isAudio(audio.codec) ? audio.codec : 'aac' },
  }
}

const isVideo = (codec: Codec): codec is NonNullable<SlateFormat['video']>['codec'] => VIDEO.has(codec)
const isAudio = (codec: Codec): codec is NonNullable<SlateFormat['audio']>['codec'] => AUDIO.has(codec)

/** A still picture needs no more than 30 pictures a second; 50 and 59.94 fields look alike at half of it. */
function wholeRate(rate: number | null): number {
  if (rate === null || rate <= 0) return 25
  return rate > 30 ? Math.round(rate / 2) : Math.max(10, Math.round(rate))
}

/** What a channel that cannot be opened shows to those who asked for a slate. */
export function slateFor({ code }: Failure): SlateKind {
  if (code === 'live/no-slot' || code === 'live/recording') return 'no-slot'
  return code === 'live/no-signal' || code === 'source/unreachable' || code === 'source/timeout' ? 'off-air' : 'refused'
}
