import { join } from 'node:path'
import type { FeedFile } from '../adapters/guide/feed-file.ts'
import { createThreadImporter } from '../adapters/guide/import-thread.ts'
import { openGuideLibrary } from '../adapters/guide/library.ts'
import type { DocumentFeed, FeedProgress, GuideLibrary } from '../adapters/guide/library.ts'
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
import { keptPastMs } from '../core/guide/window.ts'
import type { JobProgress } from '../core/jobs/job.ts'
import type { JobContext, Jobs } from '../core/jobs/jobs.ts'
import { mostPastHours } from '../core/lineup/past.ts'
import type { Log } from '../core/log.ts'
import type { GuideDesk } from '../handlers/guide-desk.ts'
import { createDocumentMaker } from './guide-documents.ts'
import type { Routine, Routines, Run, RunWish } from './routines.ts'

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
  /** Begins with what is to be done again and again. */
  start(): void
  /** Takes in what `sources` and `documents` say now. One call at a time. */
  update(): Promise<void>
  /** Asks for a document now. Fails with `guide/unknown-feed`. */
  refresh(feed: string, wish: Pick<RunWish, 'askedBy' | 'accept'>): Run
  /** Walks the guides now, if there is nothing else to do. */
  walk(): void
}

/** What the guide is made of. */
export type GuideParts = {
  readonly config: Pick<Config, 'guide' | 'dataDir'>
  readonly store: Pick<Store, 'guide' | 'imports' | 'guideChoices'>
  readonly lineup: LineupKeeper
  /** Those that run now, in the order of fail-over. */
  readonly sources: () => readonly SourceDriver[]
  /** Documents of the owner, those that are switched off included. */
  readonly documents: () => readonly GuideFeedConfig[]
  readonly jobs: Jobs
  readonly routines: Routines
  /** Ports that this program listens on. */
  readonly ownPorts: () => readonly number[]
  readonly retryMs: readonly number[]
  readonly now: () => number
  readonly log: Log
}

/** A document that is to be kept. The same `origin` as before: nothing has to be fetched anew. */
type Wanted = { readonly feed: DocumentFeed; readonly origin: unknown; readonly everyMs: number }

/** Assembles the guides of the sources and the documents of the owner. */
export async function assembleGuide(parts: GuideParts): Promise<HouseGuide> {
  const { config, store, lineup, sources, jobs, routines, retryMs, now, log } = parts
  const everyMs = config.guide.refreshHours * HOUR_MS
  await using stack = new AsyncDisposableStack()
  const maker = stack.use(createDocumentMaker(parts))

  const wantedDocuments = (): Map<string, Wanted> => {
    const wanted = new Map<string, Wanted>()
    for (const one of parts.documents()) {
      if (!one.enabled) continue
      wanted.set(one.id, { ...maker.make(one), everyMs: (one.refreshHours ?? config.guide.refreshHours) * HOUR_MS })
    }
    for (const driver of sources()) {
      const { id, name, guideDocument: document } = driver
      if (document !== undefined)
        wanted.set(id, { feed: { id, name, document, language: null }, origin: driver, everyMs })
    }
    return wanted
  }
  const ranksNow = (): Map<string, FeedRank> => {
    const ranks = new Map<string, FeedRank>([[BROADCAST_FEED, { rank: BROADCAST_RANK, shiftMinutes: 0 }]])
    for (const [index, { id }] of sources().entries()) ranks.set(id, { rank: OWN_GUIDE_RANK + index, shiftMinutes: 0 })
    for (const { id, enabled, priority: rank, shiftMinutes } of parts.documents())
      if (enabled) ranks.set(id, { rank, shiftMinutes })
    return ranks
  }

  let known = wantedDocuments()
  let ranks = ranksNow()
  let hasStarted = false
  /** Sources that turned out to have none are asked channel by channel. */
  const withoutDocument = new Set<string>()
  /** Documents that are to be fetched however fresh the last ones are. */
  const changed = new Set<string>()
  const isDocument = (feed: string): boolean => known.has(feed) && !withoutDocument.has(feed)

  const library = stack.use(
    openGuideLibrary({
      dir: join(config.dataDir, 'guide'),
      feeds: [...known.values()].map(({ feed }) => feed),
      imports: store.imports,
      importer: createThreadImporter(new URL('./guide-thread.ts', import.meta.url)),
      pastMs: () => keptPastMs(mostPastHours(lineup.current())),
      now,
      log,
    }),
  )
  const matches = stack.use(
    await openGuideMatches({
      lineup,
      library,
      choices: store.guideChoices,
      rankOf: (feed) => ranks.get(feed) ?? null,
      ranking: () => JSON.stringify([...ranks]),
      log,
    }),
  )
  const keeper = createGuideKeeper({
    store: store.guide,
    lineup,
    feed: (name) => (isDocument(name) ? null : (sources().find(({ id }) => id === name) ?? null)),
    matches,
    library,
    get days() {
      return config.guide.days
    },
    refreshMs: everyMs,
    now,
    log,
  })
  const broadcast = stack.use(createBroadcastGuide({ guide: store.guide, lineup, now, log }))

  const statusOf = (id: string) => library.feeds().find((feed) => feed.id === id)
  /** A restart is no reason to fetch what is fresh. */
  const isFresh = (id: string, feedEveryMs: number): boolean =>
    !changed.has(id) && now() - (statusOf(id)?.imported?.fetchedAt ?? -Infinity) < feedEveryMs / 2
  const importDocument = async (id: string, acceptCutOff: boolean, { signal, report, note }: JobContext) => {
    try {
      await library.refresh(id, { acceptCutOff, signal, onProgress: (told) => report(asJobProgress(told)) })
      withoutDocument.delete(id)
      changed.delete(id)
      const { channels = 0, programmes = 0 } = statusOf(id)?.imported ?? {}
      note({ channels, programmes })
    } catch (error) {
      const isNone = error instanceof Failure && error.code === 'source/not-supported'
      if (!isNone || !sources().some((source) => source.id === id)) throw error
      withoutDocument.add(id)
      note({ hasDocument: false })
    }
  }
  const documentRoutine = ({ feed: { id, name }, everyMs: feedEveryMs }: Wanted): Routine => ({
    name: `guide/${id}`,
    everyMs: feedEveryMs,
    retryMs,
    run({ askedBy, accept }) {
      if (askedBy === null && isFresh(id, feedEveryMs)) return { job: null, done: Promise.resolve() }
      const wish = { kind: 'guide-import', subject: id, name, askedBy } as const
      const job = jobs.run(wish, (context) => importDocument(id, accept, context))
      return { job: job.id, done: job.done }
    },
  })
  const walkRoutine: Routine = {
    name: 'guide',
    everyMs,
    retryMs,
    run({ askedBy }) {
      const wish = { kind: 'guide-walk', subject: null, name: 'Guide', askedBy } as const
      const job = jobs.run(wish, ({ signal, report }) =>
        keeper.refreshGuide(signal, ({ due, fetched }) =>
          report({ step: 'asking', done: fetched, total: due, unit: 'channels' }),
        ),
      )
      return { job: job.id, done: job.done }
    },
  }
  const broadcastRoutine: Routine = {
    name: 'guide/broadcast',
    everyMs: BROADCAST_EVERY_MS,
    retryMs,
    run: ({ signal }) => ({ job: null, done: broadcast.store(signal).then(() => {}) }),
  }

  const forget = async (id: string): Promise<void> => {
    routines.stop(`guide/${id}`)
    await jobs.end('guide-import', id)
    withoutDocument.delete(id)
    changed.delete(id)
    await library.remove(id)
  }
  const take = async (id: string, wanted: Wanted, before: Wanted | undefined): Promise<void> => {
    const isSame = before?.origin === wanted.origin
    if (!isSame) {
      await jobs.end('guide-import', id)
      withoutDocument.delete(id)
      changed.add(id)
    }
    library.put(wanted.feed, { anew: !isSame })
    if (hasStarted && !(isSame && before?.everyMs === wanted.everyMs)) routines.start(documentRoutine(wanted))
  }

  const owned = stack.move()
  return {
    keeper,
    library,
    matches,
    broadcast,
    isWalked: (feed) => ranks.has(feed) && !isDocument(feed),
    start() {
      hasStarted = true
      for (const wanted of known.values()) routines.start(documentRoutine(wanted))
      routines.start(walkRoutine)
      routines.start(broadcastRoutine)
    },
    async update() {
      const before = known
      known = wantedDocuments()
      ranks = ranksNow()
      for (const id of before.keys()) if (!known.has(id)) await forget(id)
      for (const [id, wanted] of known) await take(id, wanted, before.get(id))
      await maker.keepOnly(new Set(known.keys()))
      matches.renew()
    },
    refresh(feed, wish) {
      const run = routines.now(`guide/${feed}`, wish)
      if (run === null) throw new Failure('guide/unknown-feed', 'No guide document has this id', { feed })
      return run
    },
    walk: () => void routines.now('guide'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const asJobProgress = ({ step, bytes, totalBytes }: FeedProgress): JobProgress => ({
  step,
  done: bytes,
  total: totalBytes,
  unit: 'bytes',
})

/** The guides for the API. A refresh that is started here goes on when whoever asked has left. */
export function createGuideDesk(guide: HouseGuide, jobs: Pick<Jobs, 'end'>): GuideDesk {
  const { library, matches, keeper, isWalked } = guide
  const fileOf = (feed: string): FeedFile | null => {
    if (!library.feeds().some(({ id }) => id === feed))
      throw new Failure('guide/unknown-feed', 'No guide document has this id', { feed })
    return library.file(feed)
  }
  return {
    // A source that turned out to have no document is asked channel by channel: that is no problem of a guide.
    feeds: () => library.feeds().filter(({ id }) => !isWalked(id)),
    refresh(feed, { acceptCutOff, askedBy }) {
      const { job, done } = guide.refresh(feed, { askedBy, accept: acceptCutOff })
      done.catch(() => {}) // told by the job and by `feeds`
      return job
    },
    cancel: (feed) => jobs.end('guide-import', feed),
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
