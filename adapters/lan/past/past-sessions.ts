import { Failure } from '../../../core/errors.ts'
import { keepsInstant } from '../../../core/lineup/past.ts'
import type { PastDesk, PastOpener, PastPlay, PastRequest } from '../../../core/lineup/past.ts'
import { streamId } from '../../../core/lineup/stream.ts'
import type { SourceId, Stream, StreamId } from '../../../core/lineup/stream.ts'
import type { VodFile } from '../../../core/lineup/vod.ts'
import type { Hub } from '../../../core/live/hub.ts'
import { systemTimers } from '../../../core/live/timers.ts'
import type { Timers } from '../../../core/live/timers.ts'
import type { Log } from '../../../core/log.ts'
import type { FilePlayBook } from '../file-plays.ts'
import { VodSession } from '../vod-session.ts'

/** What is being replayed. Disposing it ends it all. */
export interface PastSessions extends PastDesk, AsyncDisposable {}

/** What the sessions need. */
export type PastSessionsOptions = {
  /** The archive of a source; null: there is no such source, or it keeps nothing. */
  readonly opener: (source: SourceId) => PastOpener | null
  /** Where seats at sources are had: the past takes one as a channel does. */
  readonly hub: Pick<Hub, 'borrow'>
  /** The book of what is watched. */
  readonly plays: Pick<FilePlayBook, 'open' | 'changed' | 'close'>
  readonly lingerSeconds: number
  /** Epoch milliseconds of the wall clock: archives go by it. */
  readonly wallNow: () => number
  /** A clock that is never set. */
  readonly now: () => number
  readonly log: Log
  readonly timers?: Timers
}

type Wish = Pick<PastRequest, 'span' | 'range'>
type Running = { readonly streamId: StreamId; readonly session: VodSession<Wish> }

/**
 * Sessions over the archives of all sources. A viewer has one upstream for the past of a channel at a time, also when it
 * jumps to another instant or the stream changes: the streams of the channel that have kept the instant are tried in
 * their order, the one that played last first.
 */
export function createPastSessions(options: PastSessionsOptions): PastSessions {
  const { opener, hub, plays, lingerSeconds, wallNow, now, log, timers = systemTimers } = options
  const sessions = new Map<string, Running>()
  let isOver = false

  const keepers = ({ streams }: Pick<PastPlay['channel'], 'streams'>, instant: number): readonly Stream[] =>
    streams.filter((stream) => keepsInstant(stream, instant, wallNow()) && opener(stream.sourceId) !== null)

  const sessionOf = (key: string, stream: Stream, { channel, viewer }: PastPlay): VodSession<Wish> => {
    const running = sessions.get(key)
    if (running?.streamId === stream.id) return running.session
    running?.session.close()
    const past = opener(stream.sourceId)
    if (isOver || past === null) throw new Failure('live/stopped', 'The source was switched off')
    const { sourceId } = stream
    const id = streamId(sourceId, `past/${stream.item}`)
    const session = new VodSession<Wish>({
      openFile: (wish, signal) => past.openPast({ stream, ...wish, signal }),
      async reserve(signal) {
        const slot = await hub.borrow({ id, sourceId, slotKey: key }, holder, signal)
        signal.throwIfAborted()
        if (slot !== null) return slot
        throw new Failure('live/no-slot', `Every connection of source "${sourceId}" is busy`, { sourceId })
      },
      lingerMs: lingerSeconds * 1000,
      timers,
      now,
      onChange: () => plays.changed(playId),
      onClosed(reason) {
        plays.close(playId, reason)
        if (sessions.get(key)?.session === session) sessions.delete(key)
        log('info', 'past-closed', { channelId: channel.id, streamId: stream.id })
      },
    })
    const { id: channelId, name: title } = channel
    const playId = plays.open({ kind: 'past', channelId, title, sourceId, streamId: stream.id, viewer, session })
    const holder = {
      channel: { id },
      stream: { sourceId, slotKey: key },
      viewers: [viewer],
      get state() {
        return session.state
      },
      get lingeringSince() {
        return session.lingeringSince
      },
      close: (failure: Failure | null) => session.close(failure === null ? undefined : 'preempted'),
    }
    sessions.set(key, { streamId: stream.id, session })
    log('info', 'past-opening', { channelId: channel.id, streamId: stream.id })
    return session
  }

  return {
    reaches: (channel, instant) => keepers(channel, instant).length > 0,
    async open(play): Promise<VodFile> {
      const { channel, span, range, viewer, signal } = play
      const key = JSON.stringify([channel.id, viewer.user, viewer.address, viewer.player])
      const last = sessions.get(key)?.streamId
      const streams = keepers(channel, span.from).toSorted((a, b) => Number(b.id === last) - Number(a.id === last))
      let problem: Failure | null = null
      for (const stream of streams) {
        try {
          return await sessionOf(key, stream, play).open({ span, range }, signal)
        } catch (error) {
          signal.throwIfAborted()
          // The viewer has asked for something else, or for a part that there is not: the next stream knows no better.
          if (!(error instanceof Failure) || error.code === 'live/stopped' || error.code === 'vod/range') throw error
          log('warn', 'past-failed', {
            channelId: channel.id,
            streamId: stream.id,
            code: error.code,
            detail: error.message,
          })
          problem ??= error
        }
      }
      throw problem ?? new Failure('live/no-past', `No source of "${channel.name}" has kept this instant`)
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      for (const { session } of sessions.values()) session.close()
    },
  }
}
