import { Failure } from '../../core/errors.ts'
import type { Attendance } from '../../core/live/attendance.ts'
import type { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { Hub } from '../../core/live/hub.ts'
import { audioStreams } from '../../core/live/program.ts'
import type { ElementaryStream, Program } from '../../core/live/program.ts'
import type { TranscodeQuality } from '../../core/live/quality.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { EncoderLadder } from '../ffmpeg/encoder-ladder.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import type { FeedTracks } from '../ffmpeg/transcode-feed.ts'
import { Transcoder } from '../ffmpeg/transcoder.ts'
import type { TranscodeGoal } from '../ffmpeg/transcoder.ts'
import { createDerivedHub } from './derived-hub.ts'
import { readVariant } from './hls-variants.ts'
import type { TranscodeDesk } from './transcode-desk.ts'

/** What channels with a smaller picture need. */
export type TranscodeRelayOptions = {
  readonly quality: TranscodeQuality
  readonly goal: TranscodeGoal
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly ladder: Pick<EncoderLadder, 'current' | 'failed' | 'worked'>
  readonly desk: Pick<TranscodeDesk, 'reserve'>
  /** Counts the work; absent: nobody does. */
  readonly counts?: WorkCounts | undefined
  readonly log: Log
  readonly now: () => number
  /** Keeps the last minutes of what is made, for raw TS; absent: not at all. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance | undefined
  readonly timers?: Timers
}

/**
 * Channels with a smaller picture in H.264 and their default track as AAC, as a derived hub: one FFmpeg for each channel,
 * however many watch. Whoever finds no place for one more hears it before the source is opened.
 */
export function createTranscodeRelay(options: TranscodeRelayOptions): Hub {
  const { quality, goal, ffmpeg, ladder, desk, counts, log, now, timers = systemTimers } = options
  return createDerivedHub({
    ...options,
    async derive({ channel, sink, signal }) {
      const lease = await desk.reserve(signal)
      const { path } = ffmpeg
      if (path === null) {
        lease.release()
        throw new Failure('ffmpeg/missing', `There is no FFmpeg to convert "${channel.name}"`)
      }
      const transcoder = new Transcoder({
        path,
        goal,
        ladder,
        tracks: mainTracks,
        output: (packets) => sink.data(packets),
        failed: (failure) => sink.end(failure),
        tally: counts?.transcoders,
        complained: (count) => counts?.complaints.note(channel.id, count),
        log: (level, event, facts) => log(level, event, { channelId: channel.id, quality, ...facts }),
        now,
        timers,
      })
      return {
        program: (program) => transcoder.program(program),
        chunk: (chunk) => transcoder.chunk(chunk),
        close: () => transcoder.close().finally(() => lease.release()),
      }
    },
  })
}

const AAC = readVariant('aac')

/** The picture, and the track that plays if nobody chooses; if that does not come, another one that does. */
const mainTracks = (program: Program, comes: (stream: ElementaryStream) => boolean): FeedTracks => ({
  video: program.streams.find(({ kind }) => kind === 'video') ?? null,
  audio: [...(AAC?.audio(program) ?? []), ...audioStreams(program)].find(comes) ?? null,
})
