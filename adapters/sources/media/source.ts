import { resolve } from 'node:path'
import { Failure } from '../../../core/errors.ts'
import type { GuideBatch } from '../../../core/guide/feed.ts'
import type { SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import type { Upstream } from '../../../core/live/upstream.ts'
import type { Station } from '../../linear/station.ts'
import { createHttpClient } from '../../net/http-client.ts'
import type { DriverPorts, SourceDriver } from '../driver.ts'
import { systemTimers } from '../timers.ts'
import { checkFolder } from './check.ts'
import type { MediaConfig } from './config.ts'
import { createFilms } from './films.ts'
import type { LinearPorts } from './linear-room.ts'
import { libraryNotices } from './notices.ts'
import { createOnAir } from './on-air.ts'
import { createRoom } from './room.ts'
import { listStations } from './station-list.ts'
import { readStationLogo } from './station-logo.ts'

/** Ours begins with a key frame: what is not decodable by then never will be. */
const CLEAR_WITHIN_MS = 10_000
const USER_AGENT = 'downlink'

/**
 * The driver of a folder of films: its channels by their documents, sent by the playout, their guide by the same plan; films
 * and series as such. Without `linear` it only says whether the folder is there: a draft leaves no trace.
 */
export function createMediaSource(config: MediaConfig, ports: DriverPorts): SourceDriver {
  const check = checkFolder(resolve(config.settings.path))
  return ports.linear === undefined ? createDraft(config, check) : createRunning(config, check, ports, ports.linear)
}

type Check = SourceDriver['check']

function createDraft({ id, kind, name }: MediaConfig, check: Check): SourceDriver {
  const refuse = () => Promise.reject(new Failure('live/refused', 'The folder is not kept as a source yet'))
  return {
    id,
    kind,
    name,
    check,
    catalogue: async (): Promise<SourceCatalogue> => ({ sourceId: id, groups: [], items: [], isOwn: true }),
    async *guide() {},
    slots: () => null,
    open: refuse,
    logo: async () => null,
    notices: () => [],
    async [Symbol.asyncDispose]() {},
  }
}

function createRunning(config: MediaConfig, check: Check, ports: DriverPorts, linear: LinearPorts): SourceDriver {
  const { id, kind, name, settings } = config
  const { timers = systemTimers, ownPorts } = ports
  const folder = resolve(settings.path)
  const closing = new AbortController()
  const onAir = createOnAir()
  const room = createRoom(config, {
    path: folder,
    linear,
    now: ports.now,
    onChange(change, stations) {
      onAir.changed(change, stations.find(change.id))
      linear.changed(id, change)
    },
    onFiles: () => linear.filesChanged(id),
  })
  const client = createHttpClient({
    typedHosts: [],
    allowHosts: config.allowHosts,
    userAgent: USER_AGENT,
    timers,
    ...(ownPorts === undefined ? {} : { ownPorts }),
  })
  const stationOf = async (item: string): Promise<Station> => {
    const station = (await room.stations()).find(item)
    if (station === null) throw new Failure('live/refused', `The channel "${item}" has no document that can be played`)
    return station
  }

  return {
    id,
    kind,
    name,
    check,
    sharesSlots: false,
    linear: room,
    vod: createFilms(room.library),
    async catalogue(signal, onProgress = () => {}) {
      const library = await room.library()
      const progress = ({ done, total }: { readonly done: number; readonly total: number | null }) =>
        onProgress({ done, total, unit: 'steps' })
      const { isThere, files } = await library.scan({ signal, onProgress: progress, again: room.takeAgain() })
      // A share that is away for a while changes no plan; a folder that never was there is a slip.
      if (!isThere && files === 0)
        throw new Failure('source/unreachable', 'The folder is not there: is the path right, and the disk connected?')
      return listStations(id, await room.stations())
    },
    async *guide(channels, window, signal): AsyncGenerator<GuideBatch> {
      const stations = await room.stations()
      for (const channel of channels) {
        signal.throwIfAborted()
        const station = stations.find(channel)
        if (station !== null) yield { channel, ...station.guide(window) }
      }
    },
    slots: () => config.maxStreams ?? (room.needsEncoder() ? linear.encoderLimit() : null),
    async open({ stream, sink, signal }): Promise<Upstream> {
      const until = AbortSignal.any([signal, closing.signal])
      until.throwIfAborted()
      const station = await stationOf(stream.item)
      const own = onAir.sinkOf(station, sink)
      try {
        const library = await room.library()
        const line = await linear.playoutOf({ source: id, station, library, folder }).open(own.sink, until)
        const close = (): void => {
          own.leave()
          line.close()
        }
        return { programNumber: null, clearWithinMs: CLEAR_WITHIN_MS, close }
      } catch (error) {
        own.leave()
        throw error
      }
    },
    async logo(item, signal) {
      const { doc } = await stationOf(item)
      return readStationLogo(doc, { folder, client, signal: AbortSignal.any([signal, closing.signal]) })
    },
    notices: () => libraryNotices(name, { state: room.state(), canPlay: linear.canPlay() }),
    async [Symbol.asyncDispose]() {
      const stopped = new Failure('live/stopped', 'The source was closed')
      closing.abort(stopped)
      onAir.end(stopped)
      await room[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}
