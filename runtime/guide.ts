import { join } from 'node:path'
import type { FeedFile } from '../adapters/guide/feed-file.ts'
import { createHttpDocument } from '../adapters/guide/http-document.ts'
import { createThreadImporter } from '../adapters/guide/import-thread.ts'
import { openGuideLibrary } from '../adapters/guide/library.ts'
import type { DocumentFeed, GuideLibrary } from '../adapters/guide/library.ts'
import { createHttpClient } from '../adapters/net/http-client.ts'
import { createBroadcastGuide } from '../adapters/lan/broadcast-guide.ts'
import type { BroadcastGuide } from '../adapters/lan/broadcast-guide.ts'
import { createGuideKeeper } from '../adapters/lan/guide-keeper.ts'
import type { GuideKeeper } from '../adapters/lan/guide-keeper.ts'
import { openGuideMatches } from '../adapters/lan/guide-matches.ts'
import type { GuideMatches } from '../adapters/lan/guide-matches.ts'
import type { LineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import type { SourceDriver } from '../adapters/sources/registry.ts'
import type { Store } from '../adapters/store/open-store.ts'
import type { Config, GuideFeedConfig } from '../core/config.ts'
import { Failure } from '../core/errors.ts'
import { BROADCAST_FEED, BROADCAST_RANK, OWN_GUIDE_RANK } from '../core/guide/layers.ts'
import type { FeedRank } from '../core/guide/layers.ts'
import type { Log } from '../core/log.ts'
import type { GuideDesk } from '../handlers/guide-desk.ts'
import type { Job } from './jobs.ts'

const HOUR_MS = 3_600_000
/** A change of the guide makes every client load it again: what streams tell is taken in now and then. */
const BROADCAST_EVERY_MS = 10 * 60_000

/** The guide of this house at work. Disposing it ends imports and matching. */
export type HouseGuide = AsyncDisposable & {
  readonly keeper: GuideKeeper
  readonly library: GuideLibrary
  readonly matches: GuideMatches
  /** Whether a feed is asked channel by channel, so that nobody knows all of its channels. */
  readonly isWalked: (feed: string) => boolean
  /** What open streams tell of programmes. */
  readonly broadcast: BroadcastGuide
  /** What is to be done again and again. */
  readonly jobs: readonly Job[]
}

/** Assembles the guides of the sources and the documents of the configuration. `sources`: in the order of fail-over. */
export async function assembleGuide(options: {
  readonly config: Pick<Config, 'guide' | 'dataDir'>
  readonly store: Pick<Store, 'guide' | 'imports' | 'guideChoices'>
  readonly lineup: LineupKeeper
  readonly sources: readonly SourceDriver[]
  /** Ports that this program listens on. */
  readonly ownPorts: () => readonly number[]
  readonly retryMs: readonly number[]
  readonly now: () => number
  readonly log: Log
}): Promise<HouseGuide> {
  const { config, store, lineup, sources, now, log } = options
  const configured = config.guide.xmltv.filter(({ enabled }) => enabled)
  const everyMs = config.guide.refreshHours * HOUR_MS
  const ranks = new Map<string, FeedRank>([[BROADCAST_FEED, { rank: BROADCAST_RANK, shiftMinutes: 0 }]])
  for (const [index, { id }] of sources.entries()) ranks.set(id, { rank: OWN_GUIDE_RANK + index, shiftMinutes: 0 })
  for (const { id, priority, shiftMinutes } of configured) ranks.set(id, { rank: priority, shiftMinutes })

  const ofSources = sources.flatMap(({ id, name, guideDocument }): readonly DocumentFeed[] =>
    guideDocument === undefined ? [] : [{ id, name, document: guideDocument, language: null }],
  )
  await using stack = new AsyncDisposableStack()
  const fetching = { ownPorts: options.ownPorts, stack }
  const feeds = [...configured.map((feed) => documentFeed(feed, fetching)), ...ofSources]
  const library = stack.use(
    openGuideLibrary({
      dir: join(config.dataDir, 'guide'),
      feeds,
      imports: store.imports,
      importer: createThreadImporter(new URL('./guide-thread.ts', import.meta.url)),
      now,
      log,
    }),
  )
  const rankOf = (feed: string): FeedRank | null => ranks.get(feed) ?? null
  const matches = stack.use(await openGuideMatches({ lineup, library, choices: store.guideChoices, rankOf, log }))
  const documents = new Set(feeds.map(({ id }) => id))
  const byName = new Map<string, SourceDriver>(sources.map((source) => [source.id, source]))
  /** Sources that turned out to have none are asked channel by channel. */
  const withoutDocument = new Set<string>()
  const isDocument = (feed: string): boolean => documents.has(feed) && !withoutDocument.has(feed)
  const keeper = createGuideKeeper({
    store: store.guide,
    lineup,
    feed: (name) => (isDocument(name) ? null : (byName.get(name) ?? null)),
    matches,
    library,
    days: config.guide.days,
    refreshMs: everyMs,
    now,
    log,
  })

  const hours = new Map(configured.map(({ id, refreshHours }) => [id, refreshHours]))
  const jobs = feeds.map(({ id }): Job => {
    const feedEveryMs = (hours.get(id) ?? config.guide.refreshHours) * HOUR_MS
    return {
      name: `guide/${id}`,
      everyMs: feedEveryMs,
      retryMs: options.retryMs,
      async run(signal) {
        const fetchedAt = library.feeds().find((feed) => feed.id === id)?.imported?.fetchedAt ?? -Infinity
        // A restart is no reason to fetch what is fresh.
        if (now() - fetchedAt < feedEveryMs / 2) return
        try {
          await library.refresh(id, { acceptCutOff: false, signal })
          withoutDocument.delete(id)
        } catch (error) {
          if (!(error instanceof Failure) || error.code !== 'source/not-supported' || !byName.has(id)) throw error
          withoutDocument.add(id)
        }
      },
    }
  })
  jobs.push({
    name: 'guide',
    everyMs,
    retryMs: options.retryMs,
    run: (signal) => keeper.refreshGuide(signal),
  })
  const broadcast = stack.use(createBroadcastGuide({ guide: store.guide, lineup, now, log }))
  jobs.push({
    name: 'guide/broadcast',
    everyMs: BROADCAST_EVERY_MS,
    retryMs: options.retryMs,
    run: async (signal) => void (await broadcast.store(signal)),
  })
  const owned = stack.move()
  const isWalked = (feed: string): boolean => ranks.has(feed) && !isDocument(feed)
  return { keeper, library, matches, isWalked, broadcast, jobs, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

type Fetching = { readonly ownPorts: () => readonly number[]; readonly stack: AsyncDisposableStack }

/** A configured document; what fetches it ends with the stack. */
function documentFeed(feed: GuideFeedConfig, { ownPorts, stack }: Fetching): DocumentFeed {
  const { id, name, at, language, allowHosts } = feed
  if (at.kind === 'file') return { id, name, document: { path: at.path }, language }
  const client = stack.use(
    createHttpClient({
      typedHosts: [new URL(at.url.reveal()).hostname],
      allowHosts,
      userAgent: feed.userAgent ?? 'downlink',
      headers: Object.fromEntries(Object.entries(feed.headers).map(([field, value]) => [field, value.reveal()])),
      ownPorts,
    }),
  )
  return { id, name, document: createHttpDocument({ client, url: at.url, name }), language }
}

/** The guides for the API. A refresh that is started here goes on when whoever asked has left. */
export function createGuideDesk({ library, matches, keeper, isWalked }: HouseGuide): GuideDesk {
  const fileOf = (feed: string): FeedFile | null => {
    if (!library.feeds().some(({ id }) => id === feed))
      throw new Failure('guide/unknown-feed', 'No guide document has this id', { feed })
    return library.file(feed)
  }
  return {
    feeds: () => library.feeds(),
    refresh(feed, options) {
      fileOf(feed)
      void library.refresh(feed, { ...options, signal: new AbortController().signal }).catch(() => {}) // told by `feeds`
    },
    cancel: (feed) => library.cancel(feed),
    search: (feed, query) => fileOf(feed)?.search(query) ?? { total: 0, items: [] },
    has: (feed, channel) => isWalked(feed) || (library.file(feed)?.find(channel) ?? null) !== null,
    preview: async (feed, channel, window) => keeper.told({ feed, channel, shiftMinutes: 0 }, window),
    layers: (channel) => matches.layers(channel),
    choice: (key) => matches.choice(key),
    matches: (key) => matches.matches(key),
    candidates: (channel) => matches.candidates(channel, 10),
    decide: (changes) => matches.decide(changes),
  }
}
