import { listStations } from '../adapters/sources/media/station-list.ts'
import type { LinearPorts, LinearRoom } from '../adapters/sources/media/linear-room.ts'
import { createMediaDesk } from '../adapters/linear/media-desk.ts'
import { createPublishedChannels } from '../adapters/linear/published-channels.ts'
import { createScheduleDesk } from '../adapters/linear/schedule-desk.ts'
import { openScheduleKeeper } from '../adapters/linear/schedule-keeper.ts'
import type { ScheduleKeeper } from '../adapters/linear/schedule-keeper.ts'
import type { StationChange } from '../adapters/linear/stations.ts'
import { createTurn } from '../adapters/config/entry-desk.ts'
import type { SourceKeeper } from '../adapters/lan/source-keeper.ts'
import type { SourceRoster } from '../adapters/lan/source-roster.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { wrongValue } from '../core/config/invalid.ts'
import type { GuideStore } from '../core/guide/store.ts'
import type { JobId } from '../core/jobs/job.ts'
import type { LineupReader } from '../core/lineup/lineup.ts'
import { sourceId } from '../core/lineup/stream.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import type { Log } from '../core/log.ts'
import type { Change, Gateway } from '../handlers/gateway.ts'
import type { HouseConfig } from './load-config.ts'

const DAY_MS = 86_400_000

/** Channels of one's own, as the house keeps them. */
export type HouseLinear = {
  readonly schedules: ScheduleKeeper
  /** The room of a library that runs; null: it does not. */
  room(library: string): LinearRoom | null
  /** What drivers of libraries are made with. */
  readonly ports: Omit<LinearPorts, 'openLibrary' | 'playoutOf' | 'encoderLimit' | 'canPlay'>
  /** Resolves when line-up and guide say what was edited before. */
  settled(): Promise<void>
  /** Calls `listener` after each change; gives the function that ends it. */
  onChange(listener: (change: Change) => void): () => void
}

/** What keeps them in step with the rest of the house. */
export type LinearParts = {
  readonly config: Pick<HouseConfig, 'sources'>
  readonly store: Pick<Store, 'schedules'>
  readonly timeZone: string
  readonly room: (library: SourceId) => LinearRoom | null
  readonly sources: () => Pick<SourceKeeper, 'take'>
  readonly guide: Pick<GuideStore, 'replace'>
  /** Days ahead that the guide holds. */
  readonly guideDays: () => number
  readonly newId: () => string
  readonly now: () => number
  readonly log: Log
}

/**
 * Opens the documents of channels, and tells line-up and guide of every edit and of what scans find. Fails with
 * `config/invalid` when two documents of the file have one id.
 */
export function openLinear(parts: LinearParts): HouseLinear {
  const { store, timeZone, room, sources, guide, guideDays, newId, now, log } = parts
  const listeners = new Set<(change: Change) => void>()
  const turn = createTurn()
  let last: Promise<void> = Promise.resolve()
  const schedules = openScheduleKeeper({
    fixed: documentsOf(parts.config),
    store: store.schedules,
    zone: timeZone,
    now,
    newId,
    log,
  })
  const tell = (change: Change): void => {
    for (const listener of listeners) listener(change)
  }
  schedules.onChange(({ id }) => tell({ kind: 'schedule', schedule: id }))

  const follow = async (library: SourceId, { id, kind }: StationChange): Promise<void> => {
    const stations = await room(library)?.stations()
    if (stations === undefined) return
    if (kind !== 'planned') await sources().take(listStations(library, stations))
    const station = stations.find(id)
    if (station === null) return
    const window = { from: now(), to: now() + guideDays() * DAY_MS }
    await guide.replace(library, { channel: id, ...station.guide(window) }, now())
  }
  return {
    schedules,
    room: (library) => room(sourceId(library)),
    ports: {
      schedules,
      publications: {
        read: (id) => store.schedules.publication(id),
        write: (id, publication) => store.schedules.putPublication(id, publication),
      },
      changed(library, change) {
        last = turn(() => follow(library, change)).catch((error: unknown) =>
          log('error', 'schedule-not-followed', { sourceId: library, schedule: change.id, error: String(error) }),
        )
      },
      filesChanged: (library) => tell({ kind: 'media', library }),
    },
    settled: () => last,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The documents of the configuration, each with the library it belongs to. Fails with `config/invalid` when two have one id. */
export function documentsOf({ sources }: LinearParts['config']) {
  const seen = new Map<string, string>()
  return sources.flatMap((source, index) => {
    if (source.kind !== 'media') return []
    return source.settings.channels.map((document, at) => {
      const id = String(document['id'])
      const first = seen.get(id)
      const key = `sources[${index}].channels[${at}].id`
      if (first !== undefined) throw wrongValue(key, `an id of its own; ${first} has "${id}" already`)
      seen.set(id, key.replace(/\.id$/, ''))
      return { library: source.id, document }
    })
  })
}

/** The desks of the API for files and channels of one's own. */
export function createLinearDesks(parts: {
  readonly linear: HouseLinear
  readonly roster: Pick<SourceRoster, 'running'>
  readonly lineup: LineupReader
  readonly refresh: (source: SourceId, wish: { readonly askedBy: string | null; readonly accept: boolean }) => JobId
  /** Base URLs of this house, best first. */
  readonly addresses: () => readonly string[]
  readonly now: () => number
  readonly log: Log
}): Required<Pick<Gateway, 'media' | 'schedules' | 'linear'>> {
  const { linear, roster, lineup, refresh, addresses, now, log } = parts
  const libraries = () =>
    roster.running().flatMap(({ id, linear: room }) => (room === undefined ? [] : [{ id, linear: room }]))
  return {
    linear: createPublishedChannels({ schedules: linear.schedules, libraries, lineup }),
    media: createMediaDesk({
      drivers: () => roster.running(),
      refresh: (id, askedBy) => refresh(id, { askedBy, accept: true }),
      log,
    }),
    schedules: createScheduleDesk({
      schedules: linear.schedules,
      libraries,
      lineup,
      settled: () => linear.settled(),
      liveAddress: (channel) => {
        const [base] = addresses()
        return base === undefined ? null : `${base}/live/${channel}.ts`
      },
      now,
    }),
  }
}
