import type { Caller } from '../../core/access/caller.ts'
import { Failure } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import type { Channel, ChannelId } from '../../core/lineup/channel.ts'
import type { Attendance } from '../../core/live/attendance.ts'
import type { WorkCounts } from '../../core/live/counts/work-counts.ts'
import type { Hub } from '../../core/live/hub.ts'
import type { Delivery, HlsAnswer, HlsRequest } from '../../core/live/link.ts'
import { systemTimers } from '../../core/live/timers.ts'
import { readQuality } from '../../core/live/quality.ts'
import type { Quality } from '../../core/live/quality.ts'
import type { TimeShift } from '../../core/live/time-shift.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import type { HlsAttendance } from './hls-audience.ts'
import { HlsSession } from './hls-session.ts'
import type { HlsTiming } from './hls-session.ts'
import type { AudioChoice, MadeRate } from './hls-variants.ts'
import { RecentlyStopped } from './hls-stopped.ts'

/** Viewers are looked over once a second. */
const SWEEP_MS = 1000

/** The HLS sessions of a house: one for each channel and quality that somebody watches. */
export interface HlsSessions extends AsyncDisposable {
  /** Answers playlists and segments. Fails with `live/*`, `source/*`, `hls/*`. */
  hls(request: HlsRequest): Promise<HlsAnswer>
  /** Ends one viewer, and refuses it for a short while with `live/stopped`; false if it is not here. */
  stopViewer(id: string): boolean
}

/** What sessions need. */
export type HlsSessionsOptions = {
  /** Where the channels are to be had in a quality. */
  readonly hub: (quality: SessionQuality) => Pick<Hub, 'consume'>
  /** Bit rates that the channels of a quality are made with; null: they are not made here. */
  readonly made: (quality: SessionQuality) => MadeRate | null
  /** Counts the work; absent: nobody does. */
  readonly counts?: WorkCounts | undefined
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly hls: HlsTiming
  /** Keeps what has left memory, for those who go back; absent: nothing is kept. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance
  readonly log: Log
  readonly now: () => number
  readonly timers?: Timers
}

/** Why sessions end when all is well: nobody watches any more, or somebody stopped it. */
const IN_ORDER: ReadonlySet<FailureCode> = new Set(['hls/gone', 'live/stopped', 'live/ended'])

/** A session of HLS makes AAC itself: `audio` is a choice of lists, and no quality of its own. */
type SessionQuality = Exclude<Quality, 'audio'>
type SessionKey = `${ChannelId}/${SessionQuality}`

/** Opens sessions on demand; each leaves its relay when its last viewer has gone. */
export function createHlsSessions(options: HlsSessionsOptions): HlsSessions {
  const sessions = new Map<SessionKey, HlsSession>()
  const { timers = systemTimers } = options
  const stopped = new RecentlyStopped(options.now)
  let sweeper: unknown = null

  const sessionOf = (channel: Channel, quality: SessionQuality): HlsSession => {
    const key: SessionKey = `${channel.id}/${quality}`
    const running = sessions.get(key)
    if (running && !running.isOver) return running
    if (running) forget(key, running)
    const ended = options.counts?.hlsSessions.begin()
    const session = new HlsSession(channel, {
      ...options,
      ended: (failure) => {
        ended?.()
        if (!IN_ORDER.has(failure.code)) options.counts?.hlsSessions.fail()
      },
      hub: options.hub(quality),
      made: options.made(quality),
      attendance: attendanceOf(channel, quality, options.attendance),
      timers,
    })
    sessions.set(key, session)
    sweeper ??= timers.every(sweep, SWEEP_MS)
    return session
  }

  const forget = (key: SessionKey, session: HlsSession): void => {
    if (session.failure?.code === 'live/stopped') stopped.add(session.name)
    if (sessions.get(key) === session) sessions.delete(key)
  }

  const sweep = (): void => {
    for (const [key, session] of sessions) {
      session.sweep()
      if (session.isOver) forget(key, session)
    }
    if (sessions.size > 0 || sweeper === null) return
    timers.clearEvery(sweeper)
    sweeper = null
  }

  const describe = ({ channel, caller, query, mode = 'hls', signal }: HlsRequest): Promise<HlsAnswer> => {
    // A request that nobody can answer opens no tuner.
    const delivery = deliveryOf(query.get('delivery'))
    const { quality, audio } = choiceOf(query)
    if (stopped.has(nameOf(channel.id, caller))) throw wasStopped()
    return sessionOf(channel, quality).describe({ caller, mode, delivery, audio, signal })
  }

  return {
    async hls(request) {
      if (request.path === '') return describe(request)
      const [name = '', viewer = '', ...rest] = request.path.split('/')
      const { id } = request.channel
      const [key, session] =
        [...sessions].find((entry) => entry[0].startsWith(`${id}/`) && entry[1].name === name) ?? []
      if (key !== undefined && session?.failure?.code === 'live/stopped') forget(key, session)
      if (stopped.has(name) || stopped.has(viewer)) throw wasStopped()
      if (!session || session.isOver) throw gone()
      if (request.leaves === true) {
        session.leave(viewer)
        return { kind: 'left' }
      }
      return session.file({ viewer, path: rest, query: request.query, signal: request.signal })
    },
    stopViewer(id) {
      for (const [key, session] of sessions) {
        const caller = session.stopViewer(id)
        if (caller === null) continue
        stopped.add(id)
        stopped.add(nameOf(key.slice(0, key.indexOf('/')), caller))
        return true
      }
      return false
    },
    async [Symbol.asyncDispose]() {
      if (sweeper !== null) timers.clearEvery(sweeper)
      sweeper = null
      await Promise.all([...sessions.values()].map((session) => session.close()))
      sessions.clear()
    },
  }
}

/** Notes of a session's viewers, who watch this channel in this quality. */
const attendanceOf = (
  { id: channelId, name: title }: Channel,
  quality: SessionQuality,
  attendance: Attendance | undefined,
): HlsAttendance | null =>
  attendance === undefined
    ? null
    : {
        came: (viewer) =>
          attendance.came({
            ...viewer,
            ...(quality !== 'original' && { quality }),
            kind: 'live',
            channelId,
            title,
            sourceId: null,
            streamId: null,
          }),
        left: (id, departure) => attendance.left(id, departure),
      }

/** Who asks for a channel, as far as anybody can tell one caller from another. */
const nameOf = (channelId: string, { kind, user, address }: Caller): string =>
  [channelId, kind, user ?? '', address].join(' ')

const wasStopped = (): Failure => new Failure('live/stopped', 'This was stopped here a short while ago')
const gone = (): Failure => new Failure('hls/gone', 'This session is over; ask for the channel again')

function deliveryOf(text: string | null): Delivery {
  if (text === null || text === '') return 'standard'
  if (text === 'standard' || text === 'instant' || text === 'll') return text
  throw new Failure('http/bad-request', 'Parameter "delivery" should be one of "standard", "instant", "ll"')
}

/** What `quality=` and `audio=` ask for: the session's quality, and which of its variants; null: all. */
function choiceOf(query: URLSearchParams): { quality: SessionQuality; audio: AudioChoice | null } {
  const quality = readQuality({ quality: query.get('quality'), audio: query.get('audio') }, 'original')
  if (quality === 'audio') return { quality: 'original', audio: 'aac' }
  // What is made here has one variant.
  if (quality !== 'original') return { quality, audio: 'aac' }
  return { quality, audio: query.get('audio') === 'original' ? 'original' : null }
}
