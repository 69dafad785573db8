import { openControl } from '../adapters/hdhr/control-server.ts'
import { HDHR_PORT, openDiscovery } from '../adapters/hdhr/discovery-socket.ts'
import type { Announced, AnnouncedDevice } from '../adapters/hdhr/announced.ts'
import { createPusher } from '../adapters/hdhr/push.ts'
import { openSsdp } from '../adapters/hdhr/ssdp-socket.ts'
import type { Store } from '../adapters/store/open-store.ts'
import { newId, systemRandom } from '../core/access/random.ts'
import { mayAddressWatch } from '../core/access/rights.ts'
import type { SourceBase } from '../core/config.ts'
import { createControlDesk } from '../core/hdhr/control-desk.ts'
import { createDeviceMaker, tunerCount } from '../core/hdhr/device.ts'
import type { Device, DeviceScope } from '../core/hdhr/device.ts'
import { createScan } from '../core/hdhr/scan.ts'
import { SSDP } from '../core/hdhr/ssdp.ts'
import { createTunerDesk } from '../core/hdhr/tuner-desk.ts'
import type { LineupReader } from '../core/lineup/lineup.ts'
import type { SourceId } from '../core/lineup/stream.ts'
import type { LiveLink } from '../core/live/link.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Log } from '../core/log.ts'
import { HOUSE_NOTICES } from '../core/notices/house.ts'
import { notice } from '../core/notices/notice.ts'
import type { Notice } from '../core/notices/notice.ts'
import type { StatusReader } from '../handlers/gateway.ts'
import type { HdhrDesk } from '../handlers/hdhr/desk.ts'
import type { Fetch, Host } from './host.ts'
import { placeOf, portAt } from './listen-address.ts'
import type { ListenPlace } from './listen-address.ts'
import type { HouseConfig } from './load-config.ts'

/** What virtual tuners stand on. */
export type HdhrParts = {
  readonly config: HouseConfig
  readonly settings: Store['settings']
  /** In a lasting order: the ports of their devices go by it. */
  readonly sources: () => readonly Pick<SourceBase, 'id' | 'name' | 'enabled'>[]
  readonly status: Pick<StatusReader, 'sources' | 'streams'>
  readonly refresh: (source: SourceId) => Promise<void>
  readonly lineup: LineupReader
  readonly live: LiveLink
  readonly host: Host
  readonly log: Log
  readonly now: () => number
}

/** The virtual tuners of a house. Disposing takes them out of the network. */
export type HouseTuners = AsyncDisposable & {
  readonly desk: HdhrDesk
  /** Makes them known, once the house listens. What cannot be had is a warning. */
  open(urls: readonly string[], fetch: Fetch): Promise<void>
  /** What the owner should know: which ports cannot be had. */
  notices(): readonly Notice[]
}

const SEED = 'hdhr.seed'
/** How long open connections at a device's own port may go on when the program stops. */
const GRACE_MS = 500

/** Assembles the virtual tuners; null: they are switched off. */
export async function assembleTuners(parts: HdhrParts): Promise<HouseTuners | null> {
  const { config, settings, status, log, now } = parts
  if (!config.hdhr.enabled || config.role !== 'all') return null
  // Clients know devices by their ids for ever: they come from a number that is made once.
  const seed = (await settings.text(SEED)) ?? newId(systemRandom)
  await settings.setText(SEED, seed)
  const make = createDeviceMaker({ seed, name: config.hdhr.name, mainId: config.hdhr.deviceId })
  const scan = createScan({
    refresh: parts.refresh,
    channels: (id) => status.sources().find((source) => source.id === id)?.channels ?? 0,
    now,
  })
  const tuners = createTunerDesk(() => status.streams())
  const desk: HdhrDesk = { device: make, allow: config.hdhr.allow, scan, tuners, scopeOf }
  const stack = new AsyncDisposableStack()
  const notices: Notice[] = []
  const missing: Announcing['missing'] = (port, thrown, code) => {
    const error = codeOf(thrown)
    const told = notice(HOUSE_NOTICES, code, { port, error })
    log('warn', 'hdhr-port', { port, code: error, detail: told.text })
    notices.push(told)
  }
  return {
    desk,
    notices: () => notices,
    open: (urls, fetch) => announce({ ...parts, desk, stack, fetch, missing, places: urls.map(placeOf) }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

type Announcing = HdhrParts & {
  readonly desk: HdhrDesk
  readonly stack: AsyncDisposableStack
  readonly fetch: Fetch
  readonly places: readonly ListenPlace[]
  /** Tells of a port that cannot be had. */
  readonly missing: (port: string, error: unknown, code: 'tuner/no-port' | 'tuner/no-stand') => void
}

async function announce(parts: Announcing): Promise<void> {
  const { config, desk, stack, places, missing, log, live, lineup } = parts
  const { discovery, devices: wish, allow } = config.hdhr
  const main = desk.device({ kind: 'all' }, null)
  const stands = wish === 'sources' ? await openStands(parts) : [{ device: main, places }]
  if (discovery === 'off') return

  const announced: Announced = {
    devices: () => stands.map((stand) => toAnnounced(stand, limitsOf(parts, stand.device.scope))),
    mayKnow: (peer) => mayAddressWatch(peer, config.access.anonymous, allow),
    answersAny: (address) => discovery === 'always' || portAt(places, address, 80) === 80,
  }
  const pusher = stack.use(createPusher({ lineup, live, log }))
  const control = createControlDesk({
    tunerCount: () => tunerCount(limitsOf(parts, main.scope)),
    carried: (tuner) => carriedBy(parts, main, tuner),
    scan: () => desk.scan.progress(),
    push: (tuner, request) => pusher.push(tuner, request),
  })
  const announces = config.access.anonymous === 'lan'
  const timers = systemTimers
  const open = { announced, log, announces, timers, random: Math.random }
  const tries: readonly (readonly [string, () => Promise<AsyncDisposable>])[] = [
    [`UDP ${HDHR_PORT}`, () => openDiscovery({ port: HDHR_PORT, ...open })],
    [`TCP ${HDHR_PORT}`, () => openControl({ port: HDHR_PORT, desk: control, ...open })],
    [`UDP ${SSDP.port}`, () => openSsdp({ port: SSDP.port, ...open })],
  ]
  for (const [name, start] of tries) {
    try {
      stack.use(await start())
    } catch (error) {
      missing(name, error, 'tuner/no-port')
    }
  }
}

type Stand = { readonly device: Device; readonly places: readonly ListenPlace[] }

const toAnnounced = ({ device, places }: Stand, limits: readonly (number | null)[]): AnnouncedDevice => ({
  id: device.id,
  uuid: device.uuid,
  tunerCount: tunerCount(limits),
  portAt: (address) => portAt(places, address, 80),
})

/** A device for each source, on ports of their own: clients know a device by address and port alone. */
async function openStands({
  config,
  sources,
  host,
  fetch,
  desk,
  stack,
  missing,
}: Announcing): Promise<readonly Stand[]> {
  const stands: Stand[] = []
  const enabled = sources().filter((source) => source.enabled)
  const { host: address = null } = config.listen[0] ?? {}
  for (const [index, { id, name }] of enabled.entries()) {
    const port = config.hdhr.firstPort + index
    const device = desk.device({ kind: 'source', id }, name)
    try {
      const listening = await host.serve(
        (request, env) => fetch(request, standing(env, device)),
        [{ host: address, port }],
      )
      stack.defer(() => listening.stop(GRACE_MS))
      stands.push({ device, places: listening.urls.map(placeOf) })
    } catch (error) {
      missing(`TCP ${port} of "${name}"`, error, 'tuner/no-stand')
    }
  }
  return stands
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** What the device's own socket adds to what the runtime knows of a connection. */
const standing = (env: unknown, { scope }: Device): object => ({ ...(env as object), hdhrScope: scope })

/** Only our own sockets write it: nothing of a request gets there. */
const scopeOf = (env: unknown): DeviceScope | null =>
  (env as { readonly hdhrScope?: DeviceScope } | null | undefined)?.hdhrScope ?? null

const sourcesOf = ({ status }: Pick<HdhrParts, 'status'>, scope: DeviceScope) =>
  status.sources().filter(({ id, state }) => state !== 'disabled' && (scope.kind !== 'source' || id === scope.id))

const limitsOf = (parts: Pick<HdhrParts, 'status'>, scope: DeviceScope): readonly (number | null)[] =>
  sourcesOf(parts, scope).map(({ slots }) => slots?.total ?? null)

function carriedBy({ desk, lineup, status }: Announcing, device: Device, tuner: number) {
  const sources = sourcesOf({ status }, device.scope)
  const count = tunerCount(sources.map(({ slots }) => slots?.total ?? null))
  const { board, running } = desk.tuners.of(device, sources.map(({ id }) => id), count) // prettier-ignore
  const channelId = board.channelOn(tuner)
  const stream = channelId === null ? undefined : running.get(channelId)
  if (stream === undefined) return null
  const number = lineup.current().byId.get(stream.channelId)?.number ?? ''
  return { number, name: stream.channelName, bitsPerSecond: Math.round(stream.bitrateKbps * 1000) }
}
