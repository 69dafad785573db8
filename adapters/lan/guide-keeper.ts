import type { GuideLayer } from '../../core/guide/choice.ts'
import type { GuideFeed } from '../../core/guide/feed.ts'
import type { GuideReader } from '../../core/guide/guide.ts'
import { holesIn, overlay, shift } from '../../core/guide/layers.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { refreshGuide } from '../../core/guide/refresh.ts'
import type { GuideProgress } from '../../core/guide/refresh.ts'
import type { GuideStore } from '../../core/guide/store.ts'
import { keptPastMs } from '../../core/guide/window.ts'
import type { Window } from '../../core/guide/window.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { LineupReader } from '../../core/lineup/lineup.ts'
import { mostPastHours } from '../../core/lineup/past.ts'
import type { Log } from '../../core/log.ts'
import { eachInSteps, inSlices } from '../../core/steps.ts'
import type { GuideLibrary } from '../guide/library.ts'
import { SERVING_PACE } from '../serving-pace.ts'
import type { GuideMatches } from './guide-matches.ts'

const DAY_MS = 24 * 3600 * 1000

/** The guide for reading, and the walks that fill it. */
export interface GuideKeeper extends GuideReader {
  /** What one guide alone tells, whoever uses it. */
  told(layer: GuideLayer, window: Window): Promise<readonly Programme[]>
  /**
   * Walks all feeds of the line-up's enabled channels, each feed on its own, and forgets what is over.
   *
   * A feed that fails does not hold up the others. When all are through, fails with the first feed's failure, or the
   * signal's reason: walking again goes on with what is still to be fetched. `onProgress`: of all feeds together.
   */
  refreshGuide(signal: AbortSignal, onProgress?: (progress: GuideProgress) => void): Promise<void>
}

/** What a keeper needs. */
export type GuideKeeperOptions = {
  readonly store: GuideStore
  readonly lineup: LineupReader
  /** The feed of this name (`GuideRef.feed`) that is walked channel by channel; null: there is none now. */
  readonly feed: (name: string) => GuideFeed | null
  /** The guides of a channel, the one that counts most first; its version, of which the revision is made. */
  readonly matches: Pick<GuideMatches, 'layers' | 'version'>
  /** Guides that are documents. */
  readonly library: Pick<GuideLibrary, 'file' | 'version'>
  /** Days ahead that are fetched. */
  readonly days: number
  /** Time between two walks (`guide.refreshHours`); a channel fetched less than half of it ago is not asked again. */
  readonly refreshMs: number
  readonly now: () => number
  readonly log: Log
}

/** The keeper of a stored guide. */
export function createGuideKeeper(options: GuideKeeperOptions): GuideKeeper {
  const { store, lineup, library, matches, now, log } = options

  const told = async (layer: GuideLayer, { from, to }: Window): Promise<readonly Programme[]> => {
    const ms = layer.shiftMinutes * 60_000
    const window = { from: from - ms, to: to - ms }
    const file = library.file(layer.feed)
    return shift(file?.programmes(layer.channel, window) ?? (await store.programmes(layer, window)), layer.shiftMinutes)
  }

  const walk = async (
    name: string,
    channels: readonly string[],
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: GuideProgress) => void },
  ): Promise<void> => {
    const feed = options.feed(name)
    if (feed === null) return
    const started = now()
    const window = { from: started, to: started + options.days * DAY_MS }
    const report = (progress: GuideProgress): void =>
      log('info', 'guide-refreshed', { feed: name, ...progress, durationMs: now() - started })
    try {
      const walked = { name, feed, store, channels, window, maxAgeMs: options.refreshMs / 2 }
      report(await refreshGuide({ ...walked, now, onProgress, signal }))
    } catch (cause) {
      if (!signal.aborted) log('warn', 'guide-refresh-failed', { feed: name, error: String(cause) })
      throw cause
    }
  }

  return {
    revision: () => `${store.revision()}.${library.version()}.${matches.version()}`,
    told,
    async programmes(channel, window) {
      let found: readonly Programme[] = []
      for (const layer of matches.layers(channel)) {
        // What is told already needs nobody else.
        const holes = holesIn(found, window)
        if (holes === null) break
        found = overlay([found, await told(layer, holes)])
      }
      return found
    },
    async refreshGuide(signal, onProgress = () => {}) {
      await store.prune(now() - keptPastMs(mostPastHours(lineup.current())))
      const wanted = new Map<string, string[]>()
      const note = (channel: Channel): void => {
        for (const { feed, channel: name } of channel.enabled ? matches.layers(channel) : []) {
          const known = wanted.get(feed)
          if (known === undefined) wanted.set(feed, [name])
          else known.push(name)
        }
      }
      await inSlices(eachInSteps(lineup.current().channels, note), SERVING_PACE)
      signal.throwIfAborted()
      // Feeds are different machines: each is asked one question at a time, all of them at once.
      const progress = new Map<string, GuideProgress>()
      const walks = [...wanted].map(([name, channels]) =>
        walk(name, channels, {
          signal,
          onProgress(told) {
            progress.set(name, told)
            onProgress(total(progress.values()))
          },
        }),
      )
      const results = await Promise.allSettled(walks)
      signal.throwIfAborted()
      for (const result of results) if (result.status === 'rejected') throw result.reason
    },
  }
}

function total(all: Iterable<GuideProgress>): GuideProgress {
  let [due, fetched, changed] = [0, 0, 0]
  for (const one of all) {
    due += one.due
    fetched += one.fetched
    changed += one.changed
  }
  return { due, fetched, changed }
}
