import { createBroadcast } from './broadcast.ts'
import type { Broadcast } from './broadcast.ts'
import { readClip } from './clip.ts'
import type { ClipStore } from './content.ts'
import { createDisk } from './disk.ts'
import type { Disk } from './disk.ts'
import type { FaultBoard } from './faults.ts'
import { createFrontends } from './frontends.ts'
import type { Frontends, Lease } from './frontends.ts'
import { muxLoop } from './loop.ts'
import { findService, servicesOf, transponderKey } from './model.ts'
import type { ReceiverModel, Service, Transponder } from './model.ts'
import type { Counters } from './observation.ts'
import type { ServiceReference } from './service-reference.ts'
import type { BoxSettings, Timing } from './settings.ts'
import type { Timer } from './timers.ts'

/** A client of a stream port, as the box knows it. */
export type StreamClient = {
  readonly id: number
  readonly ref: string
  readonly service: Service | null
  readonly ip: string
  readonly port: 'stream' | 'relay'
  readonly tuner: number
  readonly startedAtMs: number
  bytesOut: number
  /** Gives tuner and broadcast back; idempotent. */
  release(): void
  /** Ends it from inside the box: FIN in mid-stream. */
  close(): void
}

/** What all listeners of a receiver share. */
export type Box = {
  readonly model: ReceiverModel
  readonly frontends: Frontends
  readonly faults: FaultBoard
  readonly counters: Counters
  readonly timing: Timing
  readonly now: () => number
  readonly log: (event: string, details: Record<string, unknown>) => void
  settings: BoxSettings
  readonly clients: Set<StreamClient>
  readonly timers: Timer[]
  readonly disk: Disk
  standby: boolean
  /** What the family watches; holds a tuner. */
  liveTv: { readonly service: Service; readonly lease: Lease } | null
  readonly startedAtMs: number
  /** Ports as they were given by the operating system. */
  readonly ports: { web: number; tls: number; stream: number; relay: number }
  /** Resolves with the service on air; rejects when its clip cannot be made. */
  onAir(service: Service): Promise<Broadcast>
  /** The bytes of a file on the disk; null: there is none. */
  recorded(path: string): Promise<Uint8Array> | null
}

/** What a tune led to. */
export type Tuned = {
  readonly transponder: Transponder
  /** Null: the transponder is there, but no such service on it. */
  readonly service: Service | null
  readonly lease: Lease
  /** Until the first packet may come. */
  readonly delayMs: number
}

/** The box's state without its listeners. */
export function createBox(parts: {
  readonly model: ReceiverModel
  readonly clips: ClipStore
  readonly faults: FaultBoard
  readonly counters: Counters
  readonly settings: BoxSettings
  readonly timing: Timing
  readonly now: () => number
  readonly log: (event: string, details: Record<string, unknown>) => void
}): Box {
  const { model, now, timing } = parts
  const broadcasts = new Map<string, Promise<Broadcast>>()
  const load = async (service: Service): Promise<Broadcast> => {
    const clip = readClip(await parts.clips.file(service.recipe), service.recipe)
    return createBroadcast({
      service,
      neighbours: servicesOf(model, service.transponder),
      loop: muxLoop(clip, service.pids),
      signal: () => parts.faults.signalOf(service.ref),
      now,
    })
  }
  const disk = createDisk(model.recordings, now)
  return {
    model,
    disk,
    frontends: createFrontends({ count: model.frontends, quadrants: model.quadrants, lingerMs: timing.lingerMs, now }),
    faults: parts.faults,
    counters: parts.counters,
    timing,
    now,
    log: parts.log,
    settings: parts.settings,
    clients: new Set(),
    timers: [],
    standby: false,
    liveTv: null,
    startedAtMs: now(),
    ports: { web: 0, tls: 0, stream: 0, relay: 0 },
    recorded(path) {
      const file = disk.file(path)
      if (file === null) return null
      return file.content === null ? parts.clips.file(file.recording.service.recipe) : Promise.resolve(file.content)
    },
    onAir(service) {
      const known = broadcasts.get(service.ref)
      if (known) return known
      const loading = load(service)
      broadcasts.set(service.ref, loading)
      loading.catch(() => broadcasts.delete(service.ref)) // the next tune tries again
      return loading
    },
  }
}

/** Takes a tuner for a reference; null where the box answers with its error text at once. */
export function tune(box: Box, ref: ServiceReference, user: string): Tuned | null {
  // Groups, markers and references with a URL are nothing that this server can stream.
  if (ref.type !== 1 || ref.flags !== 0 || ref.path !== '') return null
  const service = findService(box.model, ref)
  const key = transponderKey(ref)
  const transponder =
    service?.transponder ?? box.model.services.find((one) => transponderKey(one.transponder) === key)?.transponder
  if (!transponder) return null
  const lease = box.frontends.tune(transponder, user)
  if (!lease) return null
  if (lease.fresh) box.counters.tunes += 1
  box.counters.maxTunersInUse = Math.max(box.counters.maxTunersInUse, box.frontends.inUse().length)
  return { transponder, service, lease, delayMs: lease.fresh ? box.timing.tuneMs : box.timing.sharedTuneMs }
}

/** How long the box waits for a lock before it gives up, in milliseconds. Source: OpenPLi, lib/dvb/frontend.cpp. */
export function lockTimeoutMs(transponder: Transponder): number {
  if (transponder.symbolRate > 20_000_000) return 5000
  return transponder.symbolRate > 10_000_000 ? 10_000 : 20_000
}
