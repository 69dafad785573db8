import type { Caller } from '../../core/access/caller.ts'
import { Failure } from '../../core/errors.ts'
import type { Channel, ChannelId } from '../../core/lineup/channel.ts'
import type { Hub } from '../../core/live/hub.ts'
import type { HlsAnswer, HlsRequest } from '../../core/live/link.ts'
import { systemTimers } from '../../core/live/timers.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import type { Ffmpeg } from '../ffmpeg/resolve.ts'
import type { AudioIntent } from '../ffmpeg/args.ts'
import { HlsSession } from './hls-session.ts'
import type { HlsTiming } from './hls-session.ts'
import { RecentlyStopped } from './hls-stopped.ts'

/** Viewers are looked over once a second. */
const SWEEP_MS = 1000

/** The HLS sessions of a house: one for each channel that somebody watches. */
export interface HlsSessions extends AsyncDisposable {
  /** Answers playlists and segments. Fails with `live/*`, `source/*`, `hls/*`. */
  hls(request: HlsRequest): Promise<HlsAnswer>
  /** Ends one viewer, and refuses it for a short while with `live/stopped`; false if it is not here. */
  stopViewer(id: string): boolean
}

/** What sessions need. */
export type HlsSessionsOptions = {
  readonly hub: Pick<Hub, 'consume'>
  readonly ffmpeg: Ffmpeg
  readonly audio: AudioIntent
  readonly hls: HlsTiming
  readonly log: Log
  readonly now: () => number
  readonly timers?: Timers
}

/** Opens sessions on demand; each leaves its relay when its last viewer has gone. */
export function createHlsSessions(options: HlsSessionsOptions): HlsSessions {
  const sessions = new Map<ChannelId, HlsSession>()
  const { timers = systemTimers } = options
  const stopped = new RecentlyStopped(options.now)
  let sweeper: unknown = null

  const sessionOf = (channel: Channel): HlsSession => {
    const running = sessions.get(channel.id)
    if (running && !running.isOver) return running
    if (running) forget(channel.id, running)
    const session = new HlsSession(channel, { ...options, timers })
    sessions.set(channel.id, session)
    sweeper ??= timers.every(sweep, SWEEP_MS)
    return session
  }

  const forget = (id: ChannelId, session: HlsSession): void => {
    if (session.failure?.code === 'live/stopped') stopped.add(session.name)
    if (sessions.get(id) === session) sessions.delete(id)
  }

  const sweep = (): void => {
    for (const [id, session] of sessions) {
      session.sweep()
      if (session.isOver) forget(id, session)
    }
    if (sessions.size > 0 || sweeper === null) return
    timers.clearEvery(sweeper)
    sweeper = null
  }

  const describe = ({ channel, caller, query, signal }: HlsRequest): Promise<HlsAnswer> => {
    // A request that nobody can answer opens no tuner.
    const delivery = deliveryOf(query.get('delivery'))
    const audio = audioOf(query.get('audio'))
    if (stopped.has(nameOf(channel.id, caller))) throw wasStopped()
    return sessionOf(channel).describe({ caller, delivery, audio, signal })
  }

  return {
    async hls(request) {
      if (request.path === '') return describe(request)
      const [name = '', viewer = '', ...rest] = request.path.split('/')
      const session = sessions.get(request.channel.id)
      if (session?.name === name && session.failure?.code === 'live/stopped') forget(request.channel.id, session)
      if (stopped.has(name) || stopped.has(viewer)) throw wasStopped()
      if (!session || session.isOver || session.name !== name) throw gone()
      if (request.leaves === true) {
        session.leave(viewer)
        return { kind: 'left' }
      }
      return session.file({ viewer, path: rest, query: request.query, signal: request.signal })
    },
    stopViewer(id) {
      for (const [channelId, session] of sessions) {
        const caller = session.stopViewer(id)
        if (caller === null) continue
        stopped.add(id)
        stopped.add(nameOf(channelId, caller))
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

/** Who asks for a channel, as far as anybody can tell one caller from another. */
const nameOf = (channelId: ChannelId, { kind, user, address }: Caller): string =>
  [channelId, kind, user ?? '', address].join(' ')

const wasStopped = (): Failure => new Failure('live/stopped', 'This was stopped here a short while ago')
const gone = (): Failure => new Failure('hls/gone', 'This session is over; ask for the channel again')

function deliveryOf(text: string | null): 'standard' | 'instant' {
  if (text === null || text === '' || text === 'standard') return 'standard'
  if (text === 'instant') return 'instant'
  if (text === 'll')
    throw new Failure('hls/unsupported', 'Low-latency HLS is not offered by this version; "standard" and "instant" are')
  throw new Failure('http/bad-request', 'Parameter "delivery" should be one of "standard", "instant"')
}

function audioOf(text: string | null): 'aac' | 'original' | null {
  if (text === null || text === '') return null
  if (text === 'aac' || text === 'original') return text
  throw new Failure('http/bad-request', 'Parameter "audio" should be one of "original", "aac"')
}
