import type { GuideChoice, GuideChoiceStore, GuideLayer } from '../../core/guide/choice.ts'
import { BROADCAST_FEED, planLayers } from '../../core/guide/layers.ts'
import type { FeedRank } from '../../core/guide/layers.ts'
import { createMatchFinder } from '../../core/guide/match/find-matches.ts'
import type { MatchFinder } from '../../core/guide/match/find-matches.ts'
import { createGuideIndex, tripletOf } from '../../core/guide/match/guide-index.ts'
import type { GuideMatch } from '../../core/guide/match/match.ts'
import { everyStream } from '../../core/lineup/channel.ts'
import type { Channel, ChannelKey } from '../../core/lineup/channel.ts'
import { stableHash } from '../../core/stable-hash.ts'
import type { Log } from '../../core/log.ts'
import type { GuideLibrary } from '../guide/library.ts'
import type { LineupKeeper } from './lineup-keeper.ts'

/** Which channels of guides the channels of the line-up use, and why. */
export interface GuideMatches extends AsyncDisposable {
  /** The guides of a channel, the one that counts most first. */
  layers(channel: Channel): readonly GuideLayer[]
  /** What was decided about a channel; null: nothing, it is matched by itself. */
  choice(key: ChannelKey): GuideChoice | null
  /** The surest match of each feed, as found for all channels. */
  matches(key: ChannelKey): readonly GuideMatch[]
  /** More candidates for one channel, by words too. */
  candidates(channel: Channel, perFeed: number): readonly GuideMatch[]
  /** Decides, or takes a decision back; when it resolves, it is on the disk. */
  decide(changes: ReadonlyMap<ChannelKey, GuideChoice | null>): Promise<void>
  /** Changes with every change of `layers` and only then. */
  version(): string
  /** To be called when what `rankOf` says has changed. */
  renew(): void
  /** Resolves when what is known now is matched. */
  settled(): Promise<void>
}

/** What matching needs. */
export type GuideMatchesOptions = {
  readonly lineup: Pick<LineupKeeper, 'current' | 'onChange'>
  readonly library: Pick<GuideLibrary, 'feeds' | 'file' | 'onChange'>
  readonly choices: GuideChoiceStore
  /** Null: there is no such feed, or it has no guide. */
  readonly rankOf: (feed: string) => FeedRank | null
  /** All that `rankOf` says now, as one text; absent: it never changes. */
  readonly ranking?: () => string
  readonly log: Log
}

/** `channel`: as it was looked up; the line-up keeps the object of a channel that did not change. */
type Matched = { readonly channel: Channel; readonly matches: readonly GuideMatch[]; readonly mark: number }

/** The loop is given back this often, so that streams do not wait for names. */
const SLICE_MS = 5

/**
 * Matches the line-up with all imported documents, in slices beside the serving path: at the start, when a document was
 * replaced, and when channels change. A channel that did not change is not looked up again.
 */
export async function openGuideMatches(options: GuideMatchesOptions): Promise<GuideMatches> {
  const { lineup, library, choices, rankOf, log } = options
  const chosen = new Map(await choices.all())
  const closing = new AbortController()
  const matched = new Map<ChannelKey, Matched>()
  let finder: MatchFinder = createMatchFinder(createGuideIndex())
  let isIndexOld = true
  let isLineupOld = true
  let running: Promise<void> | null = null
  let version = ''

  const slicer = (): (() => Promise<void>) => {
    let until = performance.now() + SLICE_MS
    return async () => {
      if (performance.now() < until) return
      await new Promise((resolve) => setTimeout(resolve))
      closing.signal.throwIfAborted()
      until = performance.now() + SLICE_MS
    }
  }

  const readIndex = async (pause: () => Promise<void>): Promise<void> => {
    isIndexOld = false
    const index = createGuideIndex()
    for (const { id: feed } of library.feeds())
      for (const { id, names } of library.file(feed)?.channels() ?? []) {
        index.add({ feed, channel: id, names })
        await pause()
      }
    finder = createMatchFinder(index)
    matched.clear()
  }

  const matchAll = async (pause: () => Promise<void>): Promise<void> => {
    isLineupOld = false
    const { channels } = lineup.current()
    const keys = new Set<ChannelKey>()
    for (const channel of channels) {
      keys.add(channel.key)
      if (matched.get(channel.key)?.channel === channel) continue
      const matches = finder.find(channel, { perFeed: 1, withWords: false })
      matched.set(channel.key, { channel, matches, mark: markOf(channel.key, matches.map(essence)) })
      await pause()
    }
    for (const key of matched.keys()) if (!keys.has(key)) matched.delete(key)
  }

  const run = async (): Promise<void> => {
    const started = performance.now()
    const pause = slicer()
    while (isIndexOld || isLineupOld) {
      if (isIndexOld) await readIndex(pause)
      await matchAll(pause)
    }
    version = describe()
    log('debug', 'guide-matched', { channels: matched.size, durationMs: Math.round(performance.now() - started) })
  }

  const wake = (): void => {
    if (running !== null || closing.signal.aborted) return
    running = run()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) log('error', 'guide-matching-failed', { error: String(error) })
      })
      .finally(() => {
        running = null
      })
  }

  /** All that `layers` depends on besides the line-up, as one short text. */
  const describe = (): string => {
    let sum = stableHash(options.ranking?.() ?? '') % MARKS
    for (const { mark } of matched.values()) sum = (sum + mark) % MARKS
    for (const [key, choice] of chosen) sum = (sum + markOf(key, choice.layers)) % MARKS
    return String(sum)
  }

  const stopListening = [
    library.onChange(() => {
      isIndexOld = true
      wake()
    }),
    lineup.onChange(() => {
      isLineupOld = true
      wake()
    }),
  ]
  wake()

  return {
    layers: (channel) =>
      planLayers({
        channel,
        choice: chosen.get(channel.key) ?? null,
        matches: matched.get(channel.key)?.matches ?? [],
        broadcast: broadcastOf(channel),
        rankOf,
      }),
    choice: (key) => chosen.get(key) ?? null,
    matches: (key) => matched.get(key)?.matches ?? [],
    candidates: (channel, perFeed) => finder.find(channel, { perFeed, withWords: true }),
    async decide(changes) {
      await choices.put(changes)
      for (const [key, choice] of changes) {
        if (choice === null) chosen.delete(key)
        else chosen.set(key, choice)
      }
      version = describe()
    },
    version: () => version,
    renew() {
      version = describe()
    },
    async settled() {
      while (running !== null) await running
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The program stops'))
      for (const stop of stopListening) stop()
      await running
    },
  }
}

/** Sums of marks stay exact. */
const MARKS = 2 ** 52
/** A number for what is known of a channel; their sum stands for all channels, whatever their order. */
const markOf = (key: ChannelKey, known: unknown): number => stableHash(`${key} ${JSON.stringify(known)}`) % MARKS

const essence = ({ feed, channel, score }: GuideMatch): readonly unknown[] => [feed, channel, score]

/** What the channel's broadcast stream carries about itself. */
function broadcastOf(channel: Channel): { readonly feed: string; readonly channel: string } | null {
  for (const { serviceRef } of everyStream(channel)) {
    const triplet = serviceRef === null ? null : tripletOf(serviceRef)
    if (triplet !== null) return { feed: BROADCAST_FEED, channel: triplet }
  }
  return null
}
