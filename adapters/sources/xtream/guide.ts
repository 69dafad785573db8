import { Failure } from '../../../core/errors.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { Window } from '../../../core/guide/window.ts'
import type { Log } from '../../../core/log.ts'
import type { ApiClient } from './api-client.ts'
import type { PanelClock } from './panel-clock.ts'
import { readShortGuide } from './short-guide.ts'

/** How a panel's guide is read. */
export type GuideOptions = {
  readonly api: ApiClient
  /** Id of a live stream whose guide is that of the channel; null: there is none. */
  readonly streamOf: (channel: string) => string | null
  readonly clock: PanelClock
  readonly log: Log
}

/** So many channels are asked for in one walk: thousands of calls get an account banned. The rest have their turn later. */
const MOST_CALLS = 300
const GIVE_UP_AFTER = 3

/**
 * Reads the guide of these channels by one call each, where a panel has no guide document.
 *
 * A channel that fails is skipped. Throws when going on is pointless, and when three channels in a row fail.
 */
export async function* readGuide(
  { api, streamOf, clock, log }: GuideOptions,
  channels: readonly string[],
  window: Window,
  signal: AbortSignal,
): AsyncGenerator<GuideBatch, void, undefined> {
  let failures = 0
  const known = channels.flatMap((channel) => {
    const streamId = streamOf(channel)
    return streamId === null ? [] : [{ channel, streamId }]
  })
  for (const { channel, streamId } of known.slice(0, MOST_CALLS)) {
    signal.throwIfAborted()
    try {
      const programmes = await readShortGuide(api, { streamId, window, clock, signal })
      failures = 0
      yield { channel, ...window, programmes }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Failure)) throw error
      failures++
      if (POINTLESS.has(error.code) || failures >= GIVE_UP_AFTER) throw error
      log('warn', 'guide-channel-failed', { channel, code: error.code, detail: error.message })
    }
  }
}

const POINTLESS: ReadonlySet<string> = new Set([
  'source/login',
  'source/expired',
  'source/blocked',
  'source/unreachable',
  'live/stopped',
])
