import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as TcpServer, Socket } from 'node:net'
import { createBox } from './box.ts'
import type { Box } from './box.ts'
import { createClipStore } from './content.ts'
import { reset } from './delivery.ts'
import { demoModel } from './demo-model.ts'
import { createFaultBoard } from './faults.ts'
import type { Disk } from './disk.ts'
import type { Faults } from './faults.ts'
import type { ReceiverModel } from './model.ts'
import { createCounters } from './observation.ts'
import type { Observation } from './observation.ts'
import { createRecorder } from './recorder.ts'
import { createRelayPort } from './relay-port.ts'
import { parseServiceReference, printServiceReference } from './service-reference.ts'
import { makeSelfSigned } from './self-signed.ts'
import { defaultSettings, realTiming } from './settings.ts'
import type { BoxSettings, Timing } from './settings.ts'
import { createStreamPort } from './stream-port.ts'
import { countConnections, createWebInterface } from './web-interface.ts'
import { watchLiveTv } from './web/methods.ts'

export { bigModel } from './big-model.ts'
export { demoModel } from './demo-model.ts'
export { nastyModel } from './nasty-model.ts'
export { testClips } from './recipe.ts'
export { quickTiming, realTiming } from './settings.ts'
export { findFfmpeg, testCacheDir } from './test-setting.ts'
export type { Faults, SignalFault, StreamFault, WebFault } from './faults.ts'
export type { Observation } from './observation.ts'
export type { ReceiverModel, Service } from './model.ts'
export type { BoxSettings, Timing } from './settings.ts'

/** What a receiver is started with. Ports are chosen by the system unless given. */
export type ReceiverOptions = {
  readonly ffmpegPath: string
  /** Where clips are kept; made if absent. */
  readonly cacheDir: string
  readonly model?: ReceiverModel
  readonly settings?: Partial<BoxSettings>
  readonly timing?: Partial<Timing>
  /** Makes all clips in the background from the start, in the order of the model. */
  readonly prepareClips?: boolean
  /** Opens the web interface a second time, with a certificate of its own making, on `tlsPort`. */
  readonly tls?: boolean
  readonly webPort?: number
  readonly streamPort?: number
  readonly relayPort?: number
  readonly log?: (event: string, details: Record<string, unknown>) => void
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Stops the making of clips. */
  readonly signal?: AbortSignal
}

/** A simulated Enigma2 receiver on 127.0.0.1. */
export interface Receiver extends AsyncDisposable {
  /** Of the web interface, without a slash at the end. */
  readonly url: string
  readonly webPort: number
  /** 0 without `tls`. */
  readonly tlsPort: number
  readonly streamPort: number
  readonly relayPort: number
  readonly model: ReceiverModel
  readonly faults: Faults
  /** What lies on its disk. */
  readonly disk: Disk
  observe(): Observation
  /** Changes what the owner can set; applies to the next request. */
  configure(settings: Partial<BoxSettings>): void
  /** The family switches to a service, or off (null); false when there is no tuner for it. */
  watch(ref: string | null): boolean
  /** Standby keeps streaming possible and gives the family's tuner back. */
  standby(isOn: boolean): void
  /** The host is off: connections are cut and new ones refused until `wake()`. */
  deepStandby(): Promise<void>
  wake(): Promise<void>
  /** Everybody gets a RST; the box is away, and comes back without knowing the time. */
  reboot(awayMs?: number): Promise<void>
  /** Somebody ends all streams in the box's own list of clients: FIN. Returns how many. */
  kickStreams(): number
}

type Listener = {
  readonly server: Server | TcpServer
  readonly sockets: Set<Socket>
  readonly name: 'web' | 'tls' | 'stream' | 'relay'
}

/** Starts a receiver; resolves once its three ports accept connections. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { log = () => {}, now = Date.now } = options
  const model = options.model ?? demoModel()
  const counters = createCounters()
  const faults = createFaultBoard(canonical)
  const clips = createClipStore({
    ffmpegPath: options.ffmpegPath,
    cacheDir: options.cacheDir,
    log,
    ...(options.signal && { signal: options.signal }),
  })
  const timing = { ...realTiming, ...options.timing }
  const settings = { ...defaultSettings, ...options.settings }
  const box = createBox({ model, clips, faults, counters, settings, timing, now, log })
  const web = { name: 'web', sockets: new Set<Socket>() } as const
  const tls = { name: 'tls', sockets: web.sockets } as const
  const stream = { name: 'stream', sockets: new Set<Socket>() } as const
  const relay = { name: 'relay', sockets: new Set<Socket>() } as const
  const answerWeb = createWebInterface(box)
  const webServer = createServer(answerWeb)
  const tlsServer = createTlsServer(options.tls ? makeSelfSigned(model.boxName) : {}, answerWeb)
  countConnections(box, webServer, web.sockets)
  countConnections(box, tlsServer, web.sockets)
  const listeners: readonly Listener[] = [
    { ...web, server: webServer },
    ...(options.tls ? [{ ...tls, server: tlsServer }] : []),
    { ...stream, server: createStreamPort(box, stream.sockets) },
    { ...relay, server: createRelayPort(box, relay.sockets) },
  ]
  box.ports.web = options.webPort ?? 0
  box.ports.stream = options.streamPort ?? 0
  box.ports.relay = options.relayPort ?? 0
  const open = async (): Promise<void> => {
    for (const { name, server } of listeners) box.ports[name] = await listen(server, box.ports[name])
  }
  await open()
  const recorder = createRecorder(box)
  if (options.prepareClips) clips.prepare(model.services.map((service) => service.recipe))
  let isOpen = true
  const shut = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    for (const client of box.clients) client.release()
    await Promise.all(listeners.map(close))
  }
  const wake = async (): Promise<void> => {
    if (isOpen) return
    isOpen = true
    await open()
  }

  return {
    url: `http://127.0.0.1:${box.ports.web}`,
    webPort: box.ports.web,
    tlsPort: box.ports.tls,
    streamPort: box.ports.stream,
    relayPort: box.ports.relay,
    model,
    faults,
    disk: box.disk,
    observe: () => observation(box, listeners),
    configure: (changes) => (box.settings = { ...box.settings, ...changes }),
    watch: (ref) => watchLiveTv(box, ref),
    standby(isOn) {
      box.standby = isOn
      if (isOn) watchLiveTv(box, null)
    },
    deepStandby: shut,
    wake,
    async reboot(awayMs = 40_000) {
      watchLiveTv(box, null)
      await shut()
      await new Promise((resolve) => setTimeout(resolve, awayMs))
      box.settings = { ...box.settings, clock: '1970' }
      await wake()
    },
    kickStreams() {
      const clients = [...box.clients]
      for (const client of clients) client.close()
      return clients.length
    },
    async [Symbol.asyncDispose]() {
      recorder.stop()
      await shut()
      await clips[Symbol.asyncDispose]()
    },
  }
}

function observation(box: Box, listeners: readonly Listener[]): Observation {
  const { counters } = box
  const open = (name: Listener['name']): number => listeners.find((one) => one.name === name)?.sockets.size ?? 0
  return {
    tunersInUse: box.frontends.inUse().length,
    maxTunersInUse: counters.maxTunersInUse,
    socketsPerPort: { web: open('web'), stream: open('stream'), relay: open('relay') },
    connections: { ...counters.connections },
    tunes: counters.tunes,
    maxParallelApiCalls: counters.maxParallelApiCalls,
    sessionsCreated: counters.sessionsCreated,
    bytesDropped: counters.bytesDropped,
    requests: { ...counters.requests },
    forbiddenCalls: [...counters.forbiddenCalls],
    refusals: counters.refusals,
    kicked: counters.kicked,
    currentStreams: [...box.clients].map((client) => ({
      ref: client.ref,
      name: client.service?.name ?? '',
      ip: client.ip,
      port: client.port,
      startedAt: client.startedAtMs,
      bytesOut: client.bytesOut,
    })),
  }
}

/** One spelling for every way to write a reference; what is no reference stays as it is. */
function canonical(ref: string): string {
  const parsed = parseServiceReference(ref)
  return parsed && parsed.path === '' ? printServiceReference(parsed) : ref
}

function listen(server: Server | TcpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** Stops accepting and cuts every connection with RST. */
function close({ server, sockets }: Listener): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) reset(socket)
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
