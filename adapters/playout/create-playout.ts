import { Failure } from '../../core/errors.ts'
import type { Upstream, UpstreamSink } from '../../core/live/upstream.ts'
import { ChannelRun } from './channel-run.ts'
import type { PlayoutOptions } from './ports.ts'

/** A channel that starts takes this long for its first picture at the worst: a disk that sleeps, a slate that is drawn first. */
const FIRST_MS = 30_000

/** The playout of one channel. */
export interface Playout {
  /**
   * Plays from now on, without end: paced MPEG-TS of the channel's house format, where the plan is at this moment. Resolves
   * when the first bytes were sent. Fails with `live/silent` if nothing at all can be shown, `live/stopped` when aborted.
   */
  open(sink: UpstreamSink, signal: AbortSignal): Promise<Upstream>
}

/** Nothing runs until it is opened, and nothing is left when what was opened is closed. */
export function createPlayout(options: PlayoutOptions): Playout {
  const { channel, log, timers } = options
  return {
    async open(sink, signal) {
      const stopped = (): Failure => new Failure('live/stopped', `"${channel.name}" was stopped`)
      if (signal.aborted) throw stopped()
      const first = Promise.withResolvers<void>()
      const run = new ChannelRun(
        options,
        (bytes) => {
          sink.data(bytes)
          first.resolve()
        },
        (error) => {
          log('error', 'playout-broke', { channelId: channel.id, error: String(error) })
          const failure = new Failure('live/ended', `The playout of "${channel.name}" broke off`)
          first.reject(failure)
          sink.end(failure)
        },
      )
      const late = timers.set(
        () => first.reject(new Failure('live/silent', `Nothing can be shown on "${channel.name}"`)),
        FIRST_MS,
      )
      const abort = (): void => first.reject(stopped())
      signal.addEventListener('abort', abort, { once: true })
      try {
        await first.promise
      } catch (error) {
        run.close()
        throw error
      } finally {
        timers.clear(late)
        signal.removeEventListener('abort', abort)
      }
      return { programNumber: null, clearWithinMs: 0, close: () => run.close() }
    },
  }
}
