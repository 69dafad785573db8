import type { Attendance } from '../../core/live/attendance.ts'
import type { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { Hub } from '../../core/live/hub.ts'
import { isTranscoded, QUALITIES } from '../../core/live/quality.ts'
import type { Quality, TranscodeQuality } from '../../core/live/quality.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import type { EncoderLadder } from '../ffmpeg/encoder-ladder.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import type { TranscodeGoal } from '../ffmpeg/transcoder.ts'
import { encoderTitle, PEAK } from '../ffmpeg/video-encoder.ts'
import { createAacRelay } from './aac-relay.ts'
import type { MadeRate } from './hls-variants.ts'
import { createTranscodeDesk } from './transcode-desk.ts'
import { createTranscodeRelay } from './transcode-relay.ts'

/** What the owner wrote down about converted pictures (`transcode.*`); `limit` null: by processor and hardware. */
export type TranscodeSettings = {
  readonly limit: number | null
  readonly bitrate720pKbps: number
  readonly bitrate480pKbps: number
}

/** Sound beside a small picture need not be better than this, kbit/s. */
const SMALL_AUDIO_KBPS = 128

/** The channels of a house in every quality. */
export interface Qualities extends AsyncDisposable {
  /** Where the channels are to be had in this quality. */
  readonly hub: (quality: Quality) => Hub
  /** Bit rates that the channels of a quality are made with; null: they depend on the channel. */
  readonly made: (quality: Quality) => MadeRate | null
  /** Qualities that can be had here now; which of them a channel needs a process for depends on the channel. */
  offered(): readonly Quality[]
  /** How pictures are converted, and how many now; `encoder` null: not at all. */
  transcode(): { readonly encoder: string | null; readonly running: number; readonly limit: number }
  /** Ends one viewer of raw TS; false if it is not here. */
  stopViewer(id: string): boolean
}

/** What the qualities are made of and with. */
export type QualitiesOptions = {
  /** The channels as they are sent. */
  readonly hub: Hub
  readonly ffmpeg: Ffmpeg
  readonly ladder: EncoderLadder
  readonly audio: AudioIntent
  readonly transcode: TranscodeSettings
  /** Counts the work; absent: nobody does. */
  readonly counts?: WorkCounts | undefined
  /** Processor cores of this machine. */
  readonly cores: number
  readonly log: Log
  readonly now: () => number
  /** Keeps the last minutes of what is made, for raw TS; absent: not at all. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance | undefined
  readonly timers?: Timers
}

/** The hubs of a house: the first one, and one behind it for each quality that is made of it. */
export function createQualities(options: QualitiesOptions): Qualities {
  const { hub, ffmpeg, ladder, audio, transcode } = options
  const desk = createTranscodeDesk({ ...options, limit: transcode.limit })
  const smallAudio = { channels: 2, bitrateKbps: Math.min(SMALL_AUDIO_KBPS, audio.bitrateKbps) }
  const goals: Readonly<Record<TranscodeQuality, TranscodeGoal>> = {
    '720p': { height: 720, bitrateKbps: transcode.bitrate720pKbps, audio: { ...audio, channels: 2 } },
    '480p': { height: 480, bitrateKbps: transcode.bitrate480pKbps, audio: smallAudio },
  }
  const transcoded = (quality: TranscodeQuality): Hub =>
    createTranscodeRelay({ ...options, desk, quality, goal: goals[quality] })
  const hubs: Readonly<Record<Quality, Hub>> = {
    original: hub,
    audio: createAacRelay(options),
    '720p': transcoded('720p'),
    '480p': transcoded('480p'),
    radio: createAacRelay({ ...options, soundOnly: true }),
  }
  const canTranscode = (): boolean => ffmpeg.encoders.has('aac') && desk.limit > 0

  return {
    hub: (quality) => hubs[quality],
    made(quality) {
      if (!isTranscoded(quality)) return null
      const { bitrateKbps } = goals[quality]
      const sound = goals[quality].audio.bitrateKbps
      return { averageKbps: bitrateKbps + sound, peakKbps: bitrateKbps * PEAK + sound }
    },
    offered: () => QUALITIES.filter((quality) => !isTranscoded(quality) || canTranscode()),
    transcode() {
      const encoder = ladder.current()
      return { encoder: encoder === null ? null : encoderTitle(encoder), running: desk.running, limit: desk.limit }
    },
    stopViewer: (id) => QUALITIES.some((quality) => hubs[quality].stopViewer(id)),
    async [Symbol.asyncDispose]() {
      // The first hub is not ours.
      const derived = QUALITIES.filter((quality) => quality !== 'original')
      await Promise.all(derived.map((quality) => hubs[quality][Symbol.asyncDispose]()))
    },
  }
}
