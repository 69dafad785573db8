import type { GuideFeed } from './feed.ts'
import type { GuideStore } from './store.ts'
import type { Window } from './window.ts'

/** One walk through a feed. */
export type GuideRefresh = {
  /** Name under which the feed's programmes are stored. */
  readonly name: string
  readonly feed: GuideFeed
  readonly store: GuideStore
  /** The feed's own names of the channels that are wanted. */
  readonly channels: readonly string[]
  readonly window: Window
  /** Channels that were fetched less than this ago are left for the next walk. */
  readonly maxAgeMs: number
  readonly now: () => number
  /** Called at the start and after each channel that gave an answer. */
  readonly onProgress?: (progress: GuideProgress) => void
  readonly signal: AbortSignal
}

/** What a walk brought. */
export type GuideProgress = {
  /** Channels asked for. */
  readonly due: number
  /** Channels that gave an answer. */
  readonly fetched: number
  /** Channels whose stored programmes changed. */
  readonly changed: number
}

/**
 * Walks a feed channel by channel into the store, the one that was fetched longest ago first.
 *
 * Each batch is stored before the next is asked for, so a walk that was cut off, by `signal`, by a failure or by the
 * end of the process, goes on where it stopped. Fails with the feed's `source/*`, or the signal's reason.
 */
export async function refreshGuide(refresh: GuideRefresh): Promise<GuideProgress> {
  const { name, feed, store, window, now, signal } = refresh
  const fetched = await store.fetched(name)
  const age = (channel: string): number => fetched.get(channel) ?? -Infinity
  const oldest = now() - refresh.maxAgeMs
  const due = [...new Set(refresh.channels)].filter((channel) => age(channel) <= oldest)
  // toSorted is stable: channels never fetched come in the order of the line-up.
  const channels = due.toSorted((a, b) => (age(a) === age(b) ? 0 : age(a) - age(b)))

  let answered = 0
  let changed = 0
  const told = (): GuideProgress => ({ due: channels.length, fetched: answered, changed })
  refresh.onProgress?.(told())
  if (channels.length === 0) return told()
  for await (const batch of feed.guide(channels, window, signal)) {
    signal.throwIfAborted()
    answered++
    if (await store.replace(name, batch, now())) changed++
    refresh.onProgress?.(told())
  }
  signal.throwIfAborted()
  return told()
}
