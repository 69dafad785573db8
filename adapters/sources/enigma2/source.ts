import { Failure } from '../../../core/errors.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { LogoSource } from '../../../core/lineup/catalogue.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
import { notice } from '../../../core/notices/notice.ts'
import type { Notice } from '../../../core/notices/notice.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { createHttpClient } from '../../net/http-client.ts'
import { systemTimers } from '../timers.ts'
import { listChannels } from './bouquets.ts'
import { discover, readAbout } from './discovery.ts'
import type { About } from './discovery.ts'
import { UNKNOWN_FACTS } from './facts.ts'
import type { ReceiverFacts } from './facts.ts'
import { readGuide } from './guide.ts'
import { broadcastItemOf, readItem } from './item.ts'
import type { ReceiverItem } from './item.ts'
import { createOpener } from './opener.ts'
import { readBoxClock } from './box-clock.ts'
import { createPicons } from './picon.ts'
import { createRecordingSchedule } from './recording-schedule.ts'
import { createRecordings } from './recordings.ts'
import type { Enigma2Config } from './config.ts'
import type { StartLimits } from './stream-client.ts'
import { createStreamWays } from './stream-way.ts'
import type { StreamWay } from './stream-way.ts'
import { createTimerBook } from './timer-book.ts'
import { createTunerBudget } from './tuners.ts'
import { createWebClient } from './web-client.ts'

/** A driver that also tells what it knows about its receiver. */
export interface Enigma2Source extends SourceDriver {
  status(): { readonly facts: ReceiverFacts; readonly notices: readonly Notice[] }
}

/** `limits`: how patient starts are; by default as protocols/enigma2.md 9.6 says. */
export type Enigma2Ports = DriverPorts & { readonly limits?: Partial<Readonly<Record<StreamWay['kind'], StartLimits>>> }

const LIMITS: Readonly<Record<StreamWay['kind'], StartLimits>> = {
  tuner: { connectMs: 3000, headerMs: 5000, firstByteMs: 12_000 },
  relay: { connectMs: 3000, headerMs: 5000, firstByteMs: 10_000 },
}
const FACTS_KEPT_MS = 10 * 60_000
/** A viewer waits for the answer to "who has the tuners?". */
const ABOUT_WITHIN_MS = 1500
const CLOCK_TOLERANCE_MS = 5 * 60_000

/**
 * The driver of one Enigma2 receiver. Never zaps, never changes the box's power state, never asks a stream port anything
 * but for a stream.
 */
export function createEnigma2Source(config: Enigma2Config, ports: Enigma2Ports): Enigma2Source {
  const { now } = ports
  const { timers = systemTimers } = ports
  const { settings } = config
  const log: typeof ports.log = (level, event, facts) => ports.log(level, event, { sourceId: config.id, ...facts })
  const client = createWebClient({
    url: settings.url,
    username: settings.username,
    password: settings.password,
    now,
    timers,
  })

  let facts = UNKNOWN_FACTS
  let factsAt = -Infinity
  /** Null before the first listing. */
  let items: ReadonlyMap<string, ReceiverItem> | null = null
  let guideRefs: ReadonlyMap<string, string> = new Map()
  let missingBouquets: readonly string[] = []
  let clockAheadMs = 0

  const isOwnHost = (host: string): boolean => host === settings.url.hostname
  const learnFacts = async (signal: AbortSignal): Promise<void> => {
    if (now() - factsAt < FACTS_KEPT_MS) return
    const isFirst = factsAt === -Infinity
    facts = await discover(client, { log, signal })
    factsAt = now()
    if (isFirst) log('info', 'receiver-found', describe(facts))
  }
  const askAbout = async (signal: AbortSignal): Promise<About | null> => {
    try {
      const about = await readAbout(client, { priority: 'playback', signal, timeoutMs: ABOUT_WITHIN_MS })
      const { liveRef: _, ...known } = about
      facts = { ...facts, ...known }
      return about
    } catch (error) {
      if (signal.aborted) throw error
      return null // the refusal that made us ask is reported as it is
    }
  }
  const list: SourceDriver['catalogue'] = async (signal, onProgress): Promise<SourceCatalogue> => {
    await learnFacts(signal)
    const { dialect } = facts
    const { bouquets, radio } = settings
    const listing = await listChannels({
      client,
      dialect,
      sourceId: config.id,
      bouquets,
      radio,
      isOwnHost,
      log,
      signal,
      ...(onProgress !== undefined && { onProgress }),
    })
    items = listing.items
    guideRefs = refsOfGuide([...listing.items.values()])
    missingBouquets = listing.missingBouquets
    for (const bouquet of missingBouquets) log('warn', 'bouquet-missing', { bouquet })
    return listing.catalogue
  }

  const itemOf = async (stream: Pick<Stream, 'item' | 'name'>, signal: AbortSignal): Promise<ReceiverItem> => {
    const known = items?.get(stream.item)
    if (known !== undefined) return known
    const plain = broadcastItemOf(stream.item)
    if (plain !== null) return { ...plain, name: stream.name }
    // A URL is kept nowhere but in the box's own list.
    if (items === null) await list(signal)
    const listed = items?.get(stream.item)
    const group =
      listed ?? (await readItem({ ref: stream.item, name: stream.name, isOwnHost, members: async () => [] }))
    if (group === null) throw new Failure('live/refused', `The receiver does not list "${stream.name}" any more`)
    return group
  }

  const tuners = createTunerBudget({ limit: config.maxStreams, facts: () => facts, now, log })
  const ways = createStreamWays({ settings, client, facts: () => facts, now, timers, log })
  const web = createHttpClient({
    typedHosts: [settings.url.hostname],
    allowHosts: config.allowHosts,
    userAgent: 'downlink',
    timers,
    ...(ports.ownPorts && { ownPorts: ports.ownPorts }),
  })
  const opener = createOpener({
    host: settings.url.hostname,
    username: settings.username,
    password: settings.password,
    web,
    limits: { ...LIMITS, ...ports.limits },
    ways,
    tuners,
    itemOf,
    leaveRoom: (slotKey, signal) => schedule.leaveRoom(slotKey, signal),
    onStream: () => schedule.watch(),
    isListed: (item) => items === null || items.has(item.key),
    askAbout,
    onStart: () => client.holdBackground(),
    timers,
    now,
  })
  const picons = createPicons(client)
  const closing = new AbortController()
  const timerBook = createTimerBook({
    client,
    clock: async (signal) => {
      await learnFacts(signal)
      return readBoxClock(client, { timeZone: facts.timeZone, now, signal })
    },
    onList: (listed) => schedule.learn(listed),
  })
  const schedule = createRecordingSchedule({
    readTimers: (signal) => timerBook.list(signal),
    askAbout,
    facts: () => facts,
    held: () => opener.held(),
    clockAheadMs: () => clockAheadMs,
    now,
    timers,
    log,
  })
  const { vod, recordings } = createRecordings({
    client,
    listTimers: async (signal) => (await timerBook.list(signal)).timers,
    now,
    timers,
    closing: closing.signal,
  })

  const about = { source: config.name }
  const notices = (): readonly Notice[] => [
    ...missingBouquets.map((bouquet) => notice(SOURCE_NOTICES, 'receiver/no-bouquet', { bouquet }, about)),
    ...(Math.abs(clockAheadMs) > CLOCK_TOLERANCE_MS ? [notice(SOURCE_NOTICES, 'receiver/clock', {}, about)] : []),
    ...(facts.zapsOnStream ? [notice(SOURCE_NOTICES, 'receiver/zaps', {}, about)] : []),
  ]

  return {
    id: config.id,
    kind: config.kind,
    name: config.name,
    catalogue: list,
    async *guide(channels, window, signal): AsyncGenerator<GuideBatch, void, undefined> {
      await learnFacts(signal)
      const feed = {
        client,
        dialect: facts.dialect,
        refOf: (channel: string) => guideRefs.get(channel) ?? guideRefOf(channel),
        now,
        onClock: (aheadMs: number | null) => void (clockAheadMs = aheadMs ?? clockAheadMs),
        log,
      }
      yield* readGuide(feed, channels, window, signal)
    },
    open: (request) => opener.open(request),
    slots: () => tuners.total(),
    demand: () => schedule.demand(),
    vod,
    recorder: { ...timerBook, recordings },
    async logo(item: string, signal: AbortSignal): ReturnType<LogoSource['logo']> {
      const known = items?.get(item) ?? broadcastItemOf(item)
      return known === null ? null : picons.find(known, signal)
    },
    check: {
      asks: 'receiver',
      takesUserAgent: false,
      async ask({ signal }) {
        const about = await readAbout(client, { priority: 'ui', signal })
        facts = { ...facts, ...about }
        const { model, image, webVersion } = about
        return {
          model,
          image,
          webInterface: webVersion,
          tuners: about.tuners?.length ?? null,
          streamClients: about.streamClients,
        }
      },
    },
    notices,
    status: () => ({ facts, notices: notices() }),
    async [Symbol.asyncDispose]() {
      schedule.close()
      closing.abort(new Failure('live/stopped', 'The source was closed'))
      client.close()
      await opener[Symbol.asyncDispose]()
      await web[Symbol.asyncDispose]()
    },
  }
}

/** By which reference the guide of each channel is asked; a tuner's own line before an IPTV line that borrows its guide. */
function refsOfGuide(items: readonly ReceiverItem[]): ReadonlyMap<string, string> {
  const refs = new Map<string, string>()
  for (const { kind, guideChannel, ref } of items)
    if (kind === 'broadcast' && guideChannel !== null && !refs.has(guideChannel)) refs.set(guideChannel, ref)
  for (const { guideChannel, members } of items) {
    const [first] = members
    if (guideChannel !== null && first !== undefined && !refs.has(guideChannel)) refs.set(guideChannel, first)
  }
  return refs
}

/** A reference for a guide channel that no line names: the box looks at these three numbers only. */
function guideRefOf(channel: string): string | null {
  const [, onid, tsid, sid] = /^([0-9A-F]{1,8}):([0-9A-F]{1,8}):([0-9A-F]{1,8})$/i.exec(channel) ?? []
  return sid === undefined ? null : `1:0:1:${sid}:${tsid}:${onid}:0:0:0:0:`
}

const describe = ({ model, image, webVersion, dialect, tuners, isFbc, streamPort, relayPort }: ReceiverFacts) => ({
  model,
  image,
  webVersion,
  dialect,
  tuners: tuners?.length ?? null,
  isFbc,
  streamPort,
  relayPort,
})
