import { join } from 'node:path'
import { createTurn } from '../adapters/config/entry-desk.ts'
import { resolveFfmpeg } from '../adapters/ffmpeg/resolve.ts'
import { createDraftMemories } from '../adapters/lan/draft-memories.ts'
import { createFilePlays } from '../adapters/lan/file-plays.ts'
import { createLineupKeeper } from '../adapters/lan/lineup-keeper.ts'
import { createLogoCache } from '../adapters/lan/logo-cache.ts'
import { createPictureDesk } from '../adapters/lan/picture-desk.ts'
import { createSourceHealth } from '../adapters/lan/source-health.ts'
import { createSourceKeeper } from '../adapters/lan/source-keeper.ts'
import { createSourceRoster, isSameAccount } from '../adapters/lan/source-roster.ts'
import type { SourceRoster } from '../adapters/lan/source-roster.ts'
import { createSourceTester } from '../adapters/lan/source-tester.ts'
import { createVodDesk } from '../adapters/lan/vod-desk.ts'
import { withSeats } from '../adapters/link/seated-link.ts'
import { createLocalLink } from '../adapters/link/local-link.ts'
import { openBackupShelf } from '../adapters/backup/backup-shelf.ts'
import { createSource } from '../adapters/sources/registry.ts'
import { openStore } from '../adapters/store/open-store.ts'
import { sourceMemory } from '../adapters/store/source-memory.ts'
import { createLinkDoor } from '../core/access/link-session.ts'
import { createLinkSigner } from '../core/access/signed-link.ts'
import { newId, systemRandom } from '../core/access/random.ts'
import { callRules } from '../core/config.ts'
import { createJobs } from '../core/jobs/jobs.ts'
import { createChannelFilter } from '../core/lineup/filter/channel-filter.ts'
import { sourceId } from '../core/lineup/stream.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import { withViews } from '../core/lineup/person-view.ts'
import { withVodViews } from '../core/lineup/vod-view.ts'
import { createApp } from '../handlers/app.ts'
import type { Gateway, StatusReader } from '../handlers/gateway.ts'
import { guideFace } from '../handlers/guide.ts'
import { hdhrFace } from '../handlers/hdhr/face.ts'
import { hlsFace } from '../handlers/hls.ts'
import { houseApi } from '../handlers/house-api.ts'
import { liveFace } from '../handlers/live.ts'
import { logoFace } from '../handlers/logo.ts'
import { docsRoutes } from '../handlers/openapi/docs-routes.ts'
import { playlistFace } from '../handlers/playlist.ts'
import { shortLinkFace } from '../handlers/short-links/face.ts'
import { snapshotContents } from '../handlers/publishing/snapshot-contents.ts'
import { snapshotFace, snapshotParts } from '../handlers/snapshot.ts'
import { vodFace } from '../handlers/vod.ts'
import { vodSnapshotFace } from '../handlers/vod-snapshot.ts'
import { xtreamFace } from '../handlers/xtream/face.ts'
import { createXtreamFilms } from '../handlers/xtream/films.ts'
import { createHouseBackups } from './backup/backup-desk.ts'
import { assembleRestored } from './backup/restored-house.ts'
import { createChannelDesk } from './channel-desk.ts'
import { openControl } from './control.ts'
import type { LinearPorts } from '../adapters/sources/media/linear-room.ts'
import { neighboursOf, ownCards } from '../adapters/discovery/neighbours.ts'
import { searchNetwork } from '../adapters/discovery/search.ts'
import { searchBySsdp } from '../adapters/discovery/ssdp-search.ts'
import { createAlerts } from './alerts.ts'
import { createDraftDesk } from './drafts.ts'
import { openGuideEntries } from './guide-documents.ts'
import { assembleGuide, createGuideDesk } from './guide.ts'
import type { HouseGuide } from './guide.ts'
import { createHistory } from './history.ts'
import { assembleTuners } from './hdhr.ts'
import type { Fetch, Host } from './host.ts'
import type { House, Surroundings } from './house.ts'
import { houseChanges } from './house-changes.ts'
import { houseFacts } from './house-facts.ts'
import { houseKeys } from './keys.ts'
import { createLinearDesks, openLinear } from './linear.ts'
import { createLinearPlay } from './linear-play.ts'
import type { HouseConfig } from './load-config.ts'
import { assembleMedia } from './media.ts'
import type { Media } from './media.ts'
import { loadPages } from './pages.ts'
import { createPeople } from './people.ts'
import { assemblePublishing } from './publishing.ts'
import { createRoutines } from './routines.ts'
import { assembleSeats } from './seats.ts'
import { createHouseSources, openSourceEntries } from './sources.ts'
import { openSettings } from './system/settings-desk.ts'
import { createSystemDesk } from './system/system-desk.ts'
import { testAsJob } from './test-job.ts'
import { VERSION } from './version.ts'

const RETRY_MS = [5_000, 15_000, 60_000, 300_000]

/** What a house on this machine is made of. */
export type LanParts = Surroundings & {
  readonly host: Host
  readonly config: HouseConfig
  /** The owner's file that the configuration was read from; null: there is none. */
  readonly configFile: string | null
}

/** Assembles the whole house (role `all`) or its adapter half on this machine. */
export const assembleLan = (parts: LanParts): Promise<House> =>
  assembleRestored({ dataDir: parts.config.dataDir, log: parts.log }, () => assemble(parts))

async function assemble(given: LanParts): Promise<House> {
  const { host, config: configured, configFile, log, logs, setLogLevel, restart } = given
  await using stack = new AsyncDisposableStack()
  const now = Date.now
  // Streams count silence and lateness: a clock that is set must not look like a stall.
  const steadyNow = (): number => performance.timeOrigin + performance.now()
  const startedAt = now()
  const ring = await houseKeys(configured)
  const store = stack.use(await openStore(configured.dataDir, { now, log }))
  const settings = await openSettings({ config: configured, store: store.settings, onLevel: setLogLevel, log })
  const { config } = settings
  const ffmpeg = await resolveFfmpeg({ configured: config.ffmpeg.path, log })

  let addresses: readonly string[] = []
  const ownPorts = (): readonly number[] => ownPortsOf(config, addresses)
  const turn = createTurn()
  const sourceEntries = await openSourceEntries({
    config,
    store: store.entries.sources,
    isTaken: (id) => guideEntries.list().some((entry) => entry.id === id),
    apply: (id, after) => house.apply(id, after),
    turn,
    log,
  })
  const guideEntries = await openGuideEntries({
    config,
    store: store.entries.guides,
    isTaken: (id) => sourceEntries.list().some((entry) => entry.id === id),
    apply: () => guide.update(),
    turn,
    log,
  })
  const ports = { log, now, ownPorts }
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const linear = openLinear({
    config,
    store,
    timeZone,
    room: (id) => roster.driver(id)?.linear ?? null,
    sources: () => sources,
    guide: store.guide,
    guideDays: () => config.guide.days,
    newId: () => crypto.randomUUID().slice(0, 8),
    now,
    log,
  })
  const linearPorts: LinearPorts = {
    ...linear.ports,
    ...createLinearPlay({ config, ffmpeg, media: () => media, lineup: () => lineup, log, now, steadyNow }),
  }
  const roster: SourceRoster = stack.use(
    createSourceRoster({
      sources: sourceEntries.list().flatMap(({ value }) => value ?? []),
      create: (source) =>
        createSource(source, { ...ports, memory: sourceMemory(store.settings, source.id), linear: linearPorts }),
      watch: (id, driver) => guide.broadcast.tap(health.watch(id, driver)),
    }),
  )
  const priority = (): readonly SourceId[] => roster.running().map(({ id }) => id)
  const lineup = createLineupKeeper({ store: store.lineup, priority, now, log })
  await lineup.load()
  store.pictures.forgetUnused()
  await lineup.retireAllBut(priority())
  const health = createSourceHealth({ store: store.sourceEvents, now })
  const sources = createSourceKeeper({
    sources: sourceEntries.list().map(({ id: text, value, shown, problem }) => {
      const id = sourceId(text)
      const { kind, name } = value ?? { kind: String(shown['kind']), name: String(shown['name'] ?? text) }
      return { id, kind, name, driver: roster.driver(id), problem }
    }),
    lineup,
    health,
    now,
    log,
  })
  const jobs = createJobs({
    store: store.jobs,
    newId: () => crypto.randomUUID().replaceAll('-', '').slice(0, 12),
    now,
    log,
  })
  const routines = createRoutines()
  const guide: HouseGuide = stack.use(
    await assembleGuide({
      config,
      store,
      lineup,
      sources: () => roster.running(),
      documents: () => guideEntries.list().flatMap(({ value }) => value ?? []),
      jobs,
      routines,
      ownPorts: () => config.listen.map(({ port }) => port),
      retryMs: RETRY_MS,
      now,
      log,
    }),
  )
  const logos = stack.use(
    createLogoCache({
      dir: join(config.dataDir, 'cache', 'logos'),
      source: (id) => roster.driver(id),
      own: (name) => store.pictures.get(name),
      now,
      log,
    }),
  )

  // Disposed after everything that has viewers: they are written down when they leave.
  const history = stack.use(
    createHistory({
      config,
      store,
      streams: () => media.hub.streams(),
      plays: () => plays.list(),
      sources: () => status.sources(),
      now,
      log,
    }),
  )
  const plays = createFilePlays({ attendance: history.recorder, now })
  const watched = { attendance: history.recorder, plays }
  const media: Media = stack.use(
    await assembleMedia({ config, roster, lineup, ffmpeg, watched, wallNow: now, now: steadyNow, log }),
  )
  const { hub, qualities, hls, films, past } = media

  const memories = createDraftMemories({
    known(account) {
      const source = roster.configs().find((one) => isSameAccount(one, account))
      return source === undefined ? null : sourceMemory(store.settings, source.id)
    },
    now,
  })
  const { dataDir } = config
  const parts = { roster, lineup, guide, store, memories, jobs, routines, retryMs: RETRY_MS, dataDir }
  const house = createHouseSources({ ...parts, keeper: sources })
  const testSource = createSourceTester({ source: (id) => roster.driver(id), hub, lineup, health, now })
  const door = createLinkDoor({ signer: createLinkSigner(ring), now })
  const people = createPeople({ config, ring, store, now })
  const { shortLinks } = people

  let isReady = false
  const status: StatusReader = {
    version: VERSION,
    runtime: `${host.name} ${host.version}`,
    startedAt,
    // A source that is added later does not make the house unready.
    ready: () => (isReady ||= sources.list().every(({ answered }) => answered)),
    sources: () => sources.list().map((source) => ({ ...source, slots: hub.slots(source.id) })),
    streams: () => hub.streams(),
    plays: () => plays.list(),
    transcode: () => qualities.transcode(),
    work: () => media.counts.read(),
    notices: () => [
      ...ffmpeg.notices,
      ...media.notices(),
      ...seats.notices(),
      ...(tuners?.notices() ?? []),
      ...roster.running().flatMap((driver) => driver.notices()),
      ...publishing.notices(),
    ],
  }
  const seats = stack.use(await assembleSeats({ config, ring, own: store.access.leases, now, steadyNow, log }))
  const local = createLocalLink({ hub: qualities.hub, hls, past, door })
  const live = withSeats(local, seats.desk, () => newId(systemRandom))
  const tuners = await assembleTuners({
    config,
    settings: store.settings,
    sources: () => roster.configs(),
    status,
    refresh: async (id) => routines.now(`source/${id}`)?.done,
    lineup,
    live,
    host,
    log,
    now,
  })
  if (tuners !== null) stack.use(tuners)

  const backups = createHouseBackups({
    house: { dataDir: config.dataDir, store, configFile, version: VERSION, now },
    shelf: await openBackupShelf({ dir: join(config.dataDir, 'backups'), now }),
    jobs,
    routines,
    daily: () => config.backup,
    hasOwner: () => store.access.accounts.hasAdmin(),
    restart,
    log,
  })
  const guideDesk = createGuideDesk(guide, jobs)
  const alerts = stack.use(
    await createAlerts({
      store,
      dataDir: config.dataDir,
      facts: houseFacts({
        status,
        guides: guideDesk,
        jobs,
        recorder: history.recorder,
        complaints: media.counts.complaints,
        fronts: () => publishing.fronts(),
        now,
      }),
      ownPorts,
      now,
      log,
    }),
  )
  const gateway: Gateway = {
    role: config.role,
    access: people.access,
    rules: callRules(config),
    pairs: people.pairs,
    signIn: people.signIn,
    people: people.desk,
    seats: seats.desk,
    leases: seats.leases,
    audit: store.audit,
    tokens: people.tokens,
    shortLinks: config.role === 'all' ? shortLinks : null,
    links: door,
    mediaOrigins: [],
    lineup: withViews(lineup),
    channelFilter: createChannelFilter,
    guide: guide.keeper,
    guideDesk,
    jobs,
    history: history.desk,
    alerts: alerts.desk,
    meter: history.meter,
    sourceEntries,
    guideEntries,
    search: {
      search: ({ askedBy, signal }) =>
        testAsJob(jobs, {
          subject: null,
          name: 'Search of the network',
          askedBy,
          signal,
          isGood: () => true,
          work: (until) =>
            searchNetwork({ neighbours: () => neighboursOf(ownCards()), announced: searchBySsdp }, until),
        }),
    },
    drafts: createDraftDesk({ entries: sourceEntries, roster, hub, jobs, memories, ports }),
    sourceDesk: {
      history: (id) => health.history(id),
      notices: (id) => roster.driver(id)?.notices() ?? [],
      seats: (id) => roster.driver(id)?.seats?.() ?? null,
      test: (id, { askedBy, ...wish }, signal) =>
        testAsJob(jobs, {
          subject: id,
          name: roster.config(id)?.name ?? id,
          askedBy,
          signal,
          isGood: (answers) => answers.every(({ steps }) => steps.every(({ problem }) => problem === null)),
          work: (until) => testSource(id, wish, until),
        }),
    },
    live,
    hdhr: tuners?.desk ?? null,
    logos,
    vod: withVodViews(
      createVodDesk({
        sources: () => roster.running(),
        sessions: films,
        pictures: logos,
      }),
      { now },
    ),
    vodNumbers: store.vodNumbers,
    ...createLinearDesks({
      linear,
      roster,
      lineup,
      refresh: (id, wish) => house.refresh(id, wish),
      addresses: () => addresses,
      now,
      log,
    }),
    get recorders() {
      return roster
        .running()
        .flatMap(({ id, name, recorder }) => (recorder === undefined ? [] : [{ id, name, recorder }]))
    },
    status,
    changes: houseChanges({ hub, plays, alerts: alerts.desk, lineup, sources, jobs, logs, linear }),
    outlet: host.outlet,
    admin: {
      stopStream: (channel) => hub.stop(channel.id),
      switchStream: (channel, stream) => hub.switchStream(channel.id, stream),
      streamPast: (stream) => hub.past(stream),
      stopPlay: (id) => plays.stop(id),
      stopViewer: (id) => qualities.stopViewer(id) || hls.stopViewer(id) || plays.stop(id),
      refreshSource: (id, { acceptShrunk, askedBy }) => house.refresh(id, { askedBy, accept: acceptShrunk }),
      lineup,
      pictures: createPictureDesk({ store: store.pictures, ownPorts }),
    },
    pages: await loadPages(),
    audioTs: config.audio.ts,
    qualities: () => qualities.offered(),
    get guideDays() {
      return config.guide.days
    },
    publicUrl: config.publicUrl,
    addresses: () => addresses,
    log,
    logs,
    backups,
    system: createSystemDesk({ config, settings, ffmpeg, status, backups, addresses: () => addresses, now }),
    now,
    timeZone,
    peerAddress: host.peerAddress,
  }
  const publishing = stack.use(
    await assemblePublishing({
      config,
      settings: store.settings,
      parts: snapshotParts(gateway),
      ready: () => status.ready(),
      now,
      log,
    }),
  )
  const { publication } = publishing
  const app = createApp(gateway, {
    named: [shortLinkFace, (house) => xtreamFace(house, createXtreamFilms(house))],
    tuner: [hdhrFace],
    viewing: [playlistFace, guideFace, logoFace, vodFace, liveFace, hlsFace],
    linked: [snapshotFace, () => snapshotContents(publication), vodSnapshotFace, logoFace, vodFace, liveFace, hlsFace],
    api: houseApi,
    documents: [docsRoutes],
  })

  const channels = createChannelDesk({
    schedules: linear.schedules,
    stationOf: async ({ id, library }) => (await linear.room(library)?.stations())?.find(id) ?? null,
  })
  const desks = { ...people, channels, publisherId: async () => publishing.publicKey }
  const control = await openControl({
    config,
    people: desks,
    backups,
    audit: store.audit,
    own: () => addresses,
    now,
    log,
  })
  if (control !== null) stack.use(control)
  // Last in, first out: jobs end before what they work on, and nothing new begins.
  stack.use(jobs)
  stack.use(routines)
  stack.defer(() => history.recorder.stopping())
  const owned = stack.move()

  const fetch: Fetch = (request, env) => app.fetch(request, (env ?? {}) as object)
  return {
    fetch,
    async opened(urls, tell) {
      addresses = urls.map((url) => url.replace(/\/$/, ''))
      for (const notice of ffmpeg.notices) log('warn', 'ffmpeg', { detail: notice.text })
      if (people.setup !== null && (await people.signIn.needsSetup()))
        tell('setup-code', { code: people.setup.text, url: `${urls[0] ?? '/'}setup`, validMinutes: 60 })
      if (roster.configs().length === 0)
        log('info', 'no-source', {
          advice: 'Add one in the web interface, write it into downlink.yaml or set DOWNLINK_E2_URL',
        })
      await tuners?.open(urls, fetch)
      house.start()
      guide.start()
      publishing.start()
      history.start()
      backups.start()
      alerts.start()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Where this program listens: as configured, and as it turned out where the system chose. */
const ownPortsOf = (config: HouseConfig, addresses: readonly string[]): readonly number[] => [
  ...config.listen.map(({ port }) => port),
  ...addresses.map((address) => Number(new URL(address).port)),
]
