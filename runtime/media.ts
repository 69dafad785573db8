import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createEncoderLadder } from '../adapters/ffmpeg/encoder-ladder.ts'
import type { Ffmpeg } from '../adapters/ffmpeg/resolve.ts'
import { createSlates } from '../adapters/ffmpeg/slates.ts'
import type { FilePlayBook } from '../adapters/lan/file-plays.ts'
import { createHlsSessions } from '../adapters/lan/hls-sessions.ts'
import { createPastSessions } from '../adapters/lan/past/past-sessions.ts'
import { createQualities } from '../adapters/lan/qualities.ts'
import type { SourceRoster } from '../adapters/lan/source-roster.ts'
import { createVodSessions } from '../adapters/lan/vod-sessions.ts'
import { openTapeStore } from '../adapters/time-shift/tape-store.ts'
import type { Attendance } from '../core/live/attendance.ts'
import { WorkCounts } from '../core/live/counts/work-counts.ts'
import { createHub } from '../core/live/create-hub.ts'
import { precedenceBy } from '../core/live/slot-desk.ts'
import { createTimeShift } from '../core/live/time-shift.ts'
import type { TimeShift } from '../core/live/time-shift.ts'
import type { LineupReader } from '../core/lineup/lineup.ts'
import type { Log } from '../core/log.ts'
import type { HouseConfig } from './load-config.ts'

/** What carries pictures and sound through the house. */
export type Media = Awaited<ReturnType<typeof assembleMedia>>

/**
 * Everything that streams: the hub with its qualities, HLS, films and programmes that are over. Disposed as one, the
 * last made first.
 */
export async function assembleMedia({
  config,
  roster,
  lineup,
  ffmpeg,
  watched,
  wallNow,
  now,
  log,
}: {
  readonly config: HouseConfig
  readonly roster: Pick<SourceRoster, 'opener' | 'config' | 'driver'>
  readonly lineup: LineupReader
  readonly ffmpeg: Ffmpeg
  /** Who takes notes of who watches. */
  readonly watched: { readonly attendance: Attendance; readonly plays: FilePlayBook }
  /** Epoch milliseconds by the clock on the wall. */
  readonly wallNow: () => number
  /** Milliseconds that only go forward. */
  readonly now: () => number
  readonly log: Log
}) {
  await using stack = new AsyncDisposableStack()
  const timeShift = await createShift({ config, log, now })
  if (timeShift !== null) stack.use(timeShift)
  const hub = stack.use(
    createHub({
      attendance: watched.attendance,
      source: (id) => roster.opener(id),
      streams: (id) => lineup.current().byId.get(id)?.streams ?? null,
      log,
      now,
      lingerSeconds: config.live.lingerSeconds,
      bufferMs: (id) => (roster.config(id)?.bufferSeconds ?? 0) * 1000,
      precedence: precedenceBy(config.live.precedence),
      timeShift,
      ...(config.live.slates && {
        slates: createSlates({ ffmpeg, dir: join(config.dataDir, 'cache', 'slates'), log }),
      }),
    }),
  )
  const { attendance, plays } = watched
  const counts = new WorkCounts()
  const parts = { ffmpeg, audio: config.audio, timeShift, attendance, counts, log, now }
  const { transcode } = config
  const ladder = stack.use(createEncoderLadder({ ffmpeg, hardware: transcode.hardware, log, now }))
  const qualities = stack.use(createQualities({ ...parts, hub, ladder, transcode, cores: availableParallelism() }))
  const hls = stack.use(createHlsSessions({ ...parts, hub: qualities.hub, made: qualities.made, hls: config.hls }))
  const files = { hub, plays, lingerSeconds: config.live.lingerSeconds, now, log }
  const films = stack.use(createVodSessions({ ...files, opener: (id) => roster.driver(id)?.vod ?? null }))
  const past = stack.use(createPastSessions({ ...files, wallNow, opener: (id) => roster.driver(id)?.past ?? null }))
  const owned = stack.move()
  return {
    hub,
    ladder,
    qualities,
    hls,
    films,
    past,
    /** What all that has been doing. */
    counts,
    /** What the owner should know about encoders and the disk. */
    notices: () => [...ladder.notices(), ...(timeShift?.notices() ?? [])],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** What a dead process has left is deleted even if nothing is kept any more; null: nothing is kept. */
async function createShift({
  config,
  log,
  now,
}: {
  readonly config: HouseConfig
  readonly log: Log
  readonly now: () => number
}): Promise<TimeShift | null> {
  const { minutes, maxBytes, dir } = config.timeShift
  const store = await openTapeStore({ dir: dir ?? join(config.dataDir, 'cache', 'time-shift') })
  return minutes === 0 ? null : createTimeShift({ store, minutes, maxBytes, log, now })
}
