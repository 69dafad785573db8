import type { HouseFormat } from '../../core/linear/house-format.ts'
import type { SlateRound } from '../../core/linear/joiner/slate-feed.ts'
import type { MediaShelf, ProgrammeLine, ShelvedFile } from '../../core/linear/line.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { EncoderLadder } from '../ffmpeg/encoder-ladder.ts'
import type { FfmpegEvents, FfmpegProcess } from '../ffmpeg/process.ts'
import type { VideoEncoder } from '../ffmpeg/video-encoder.ts'
import type { EncoderSeats } from './encoder-seats.ts'

/** One process that is to make a piece of a channel. */
export type ItemWork = {
  readonly item: PlanItem
  /** A file from this place on, or a live stream (MPEG-TS) that comes on standard input. */
  readonly input:
    | { readonly kind: 'file'; readonly file: ShelvedFile; readonly seekMs: number }
    | { readonly kind: 'pipe'; readonly hasSound: boolean }
  /** How long it is to be, ticks of 90 kHz: a multiple of the quantum. */
  readonly duration90k: number
  /** When its first picture is shown, epoch milliseconds. */
  readonly startsAt: number
  readonly encoder: VideoEncoder
  /** The last attempt: only picture and sound, nothing that could fail. */
  readonly isPlain: boolean
}

/** Port: FFmpeg's arguments for a piece: TS of the house format on standard output, beginning with a key frame. */
export type ItemArgs = (work: ItemWork, signal: AbortSignal) => Promise<readonly string[]>

/** Port: starts FFmpeg. */
export type StartProcess = (args: readonly string[], events: FfmpegEvents) => FfmpegProcess

/** What a slate says. */
export type SlateWords = { readonly headline: string; readonly text: string | null }

/** Port: slates in the channel's format. Null: it cannot be made here. */
export type MakeSlate = (words: SlateWords) => Promise<SlateRound | null>

/** Port: another channel of the house. Bytes of TS come until `leave`, or until `ended` says why no more do. */
export interface LiveChannels {
  join(
    channel: string,
    events: { readonly data: (bytes: Uint8Array) => void; readonly ended: (why: string) => void },
    signal: AbortSignal,
  ): Promise<{ leave(): void }>
}

/** What the playout of a channel is made of. */
export type PlayoutOptions = {
  /** How it is called in the log. */
  readonly channel: { readonly id: string; readonly name: string }
  readonly line: ProgrammeLine
  readonly shelf: MediaShelf
  readonly house: HouseFormat
  /** Of each sound track, ISO 639-2; null: not said. */
  readonly languages: readonly (string | null)[]
  readonly itemArgs: ItemArgs
  readonly startProcess: StartProcess
  readonly encoders: Pick<EncoderLadder, 'current' | 'failed' | 'worked'>
  readonly seats: EncoderSeats
  readonly makeSlate: MakeSlate
  readonly live: LiveChannels
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that never go back. */
  readonly steady: () => number
  readonly timers: Timers
}
