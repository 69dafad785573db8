import { joinBytes } from './bytes.ts'
import type { SignalFault } from './faults.ts'
import { nowAndNext } from './guide.ts'
import type { Loop } from './loop.ts'
import type { Service } from './model.ts'
import { EIT_PID, eitSection, PAT_PID, patSection, pmtSection, pmtStreams, TDT_PID, tdtSection } from './si.ts'
import { modulo, PACKET_SIZE, sectionPackets, TIME_MODULUS } from './ts-writer.ts'
import type { Continuity } from './ts-writer.ts'

/**
 * A service on air: endless, paced by the clock, the same moment for everybody.
 *
 * Chunks are whole packets, shared by all viewers and never changed after they were handed out. Nothing runs while
 * nobody watches.
 */
export interface Broadcast {
  readonly service: Service
  /** `take` gets what was sent in the last moments at once, then every chunk. Returns the way out. */
  subscribe(take: (chunk: Uint8Array) => void): () => void
  viewers(): number
}

/** What a broadcast is made of. `signal` is asked before every chunk; `now` is epoch milliseconds. */
export type BroadcastOptions = {
  readonly service: Service
  /** All services of the transponder, for PAT and EIT. */
  readonly neighbours: readonly Service[]
  readonly loop: Loop
  readonly signal: () => SignalFault | null
  readonly now: () => number
}

const TICK_MS = 20
const BURST_MS = 240
const CATCH_UP_MS = 2000 // beyond this the demultiplexer's buffer has run over: what is older is lost
const PAT_MS = 80
const EIT_MS = 1000
const TDT_MS = 5000
const PIDS_MOVED_BY = 5

/** Puts a service on air. */
export function createBroadcast(options: BroadcastOptions): Broadcast {
  const { service, now } = options
  const viewers = new Set<(chunk: Uint8Array) => void>()
  const tables = createTables(options)
  let recent: { readonly atMs: number; readonly chunk: Uint8Array }[] = []
  let position = 0 // epoch ms up to which everything was sent
  let timer: ReturnType<typeof setInterval> | null = null
  let packets = 0

  const tick = (): void => {
    const at = now()
    if (at <= position) return
    if (at - position > CATCH_UP_MS) position = at - BURST_MS
    const signal = options.signal()
    const chunk = signal?.lost ? new Uint8Array() : render(position, at, signal)
    position = at
    recent = [...recent.filter((one) => at - one.atMs < BURST_MS), { atMs: at, chunk }]
    if (chunk.length > 0) for (const take of viewers) take(chunk)
  }

  const render = (fromMs: number, toMs: number, signal: SignalFault | null): Uint8Array => {
    const shift = shiftOf(signal)
    const si = tables.due(toMs, signal)
    const es = sendList(options.loop, fromMs * 90, toMs * 90)
    const out = new Uint8Array(si.length + es.length * PACKET_SIZE)
    out.set(si)
    let end = si.length
    const absent = new Set(signal?.soundTracks === undefined ? [] : service.pids.audio.slice(signal.soundTracks))
    for (const { round, index } of es) {
      options.loop.write(index, round, shift, out, end)
      const pid = pidAt(out, end)
      if (absent.has(pid)) continue
      packets += 1
      if (signal?.dropOneIn && packets % signal.dropOneIn === 0) continue
      if (signal?.movedPids && isMovable(service, pid)) writePid(out, end, pid + PIDS_MOVED_BY)
      end += PACKET_SIZE
    }
    return out.subarray(0, end)
  }

  return {
    service,
    viewers: () => viewers.size,
    subscribe(take) {
      if (timer === null) {
        position = now() - BURST_MS
        recent = []
        timer = setInterval(tick, TICK_MS)
        tick()
      }
      for (const { chunk } of recent) if (chunk.length > 0) take(chunk)
      viewers.add(take)
      return () => {
        viewers.delete(take)
        if (viewers.size > 0 || timer === null) return
        clearInterval(timer)
        timer = null
      }
    },
  }
}

/** Which packets are sent in [from, to), in 90 kHz ticks since the epoch. */
function sendList(loop: Loop, from: number, to: number): readonly { round: number; index: number }[] {
  const list: { round: number; index: number }[] = []
  let round = Math.floor(from / loop.durationTicks)
  let index = firstAtOrAfter(loop.at, from - round * loop.durationTicks)
  if (index === loop.count) {
    round += 1
    index = 0
  }
  while (round * loop.durationTicks + (loop.at[index] ?? 0) < to) {
    list.push({ round, index })
    index += 1
    if (index === loop.count) {
      round += 1
      index = 0
    }
  }
  return list
}

/** Binary search in a rising list. */
function firstAtOrAfter(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The tables that repeat by the clock; each PID keeps its own continuity. */
function createTables({ service, neighbours }: BroadcastOptions): {
  due(atMs: number, signal: SignalFault | null): Uint8Array
} {
  const counters = new Map<number, Continuity>()
  const sentAt = new Map<string, number>()
  let pmtVersion = 1
  let pmtShape = ''

  const isDue = (table: string, everyMs: number, atMs: number): boolean => {
    if (atMs - (sentAt.get(table) ?? 0) < everyMs) return false
    sentAt.set(table, atMs)
    return true
  }
  const send = (pid: number, section: Uint8Array): Uint8Array => {
    const continuity = counters.get(pid) ?? { next: 0 }
    counters.set(pid, continuity)
    return sectionPackets(pid, section, continuity)
  }
  const pmt = (signal: SignalFault | null): Uint8Array => {
    const absent = signal?.soundTracks === undefined ? [] : service.pids.audio.slice(signal.soundTracks)
    const moved = (pid: number): number => (signal?.movedPids && isMovable(service, pid) ? pid + PIDS_MOVED_BY : pid)
    const streams = pmtStreams(service)
      .filter(({ pid }) => !absent.includes(pid))
      .map((stream) => ({ ...stream, pid: moved(stream.pid) }))
    const shape = streams.map(({ pid }) => pid).join(' ')
    if (pmtShape !== '' && shape !== pmtShape) pmtVersion = (pmtVersion + 1) % 32
    pmtShape = shape
    return pmtSection(service, pmtVersion, moved(service.pids.pcr), streams)
  }
  const eit = (atMs: number): Uint8Array[] => {
    const seconds = atMs / 1000
    return neighbours.flatMap((neighbour) => {
      if (neighbour.guide === 'none') return []
      const [now, next] = nowAndNext(neighbour, seconds)
      const version = Math.floor((now?.beginSeconds ?? 0) / 60) % 32 // changes when the programme does
      return [
        send(EIT_PID, eitSection(neighbour, 0, now, version)),
        send(EIT_PID, eitSection(neighbour, 1, next, version)),
      ]
    })
  }
  return {
    due(atMs, signal) {
      const pieces: Uint8Array[] = []
      if (isDue('pat', PAT_MS, atMs)) {
        if (!signal?.noPat) pieces.push(send(PAT_PID, patSection(service.transponder.tsid, neighbours)))
        if (!signal?.noPmt) pieces.push(send(service.pids.pmt, pmt(signal)))
      }
      if (isDue('eit', EIT_MS, atMs)) pieces.push(...eit(atMs))
      if (isDue('tdt', TDT_MS, atMs)) pieces.push(send(TDT_PID, tdtSection(atMs / 1000)))
      return joinBytes(pieces)
    },
  }
}

/** What is added to every time stamp of the service, in ticks. */
function shiftOf(signal: SignalFault | null): number {
  if (!signal) return 0
  const jump = Math.round((signal.shiftSeconds ?? 0) * 90_000)
  if (signal.wrapAtMs === undefined) return jump
  return jump + TIME_MODULUS - modulo(Math.round(signal.wrapAtMs * 90), TIME_MODULUS)
}

function isMovable(service: Service, pid: number): boolean {
  return pid === service.pids.video || service.pids.audio.includes(pid)
}

/** The PID of the packet at `at`. */
export function pidAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)
}

function writePid(bytes: Uint8Array, at: number, pid: number): void {
  bytes[at + 1] = ((bytes[at + 1] ?? 0) & 0xe0) | (pid >> 8)
  bytes[at + 2] = pid & 0xff
}

/**
 * A copy of a chunk whose pictures and sounds cannot be used, as without a card: payload garbled and, unless
 * `bitsCleared`, marked as scrambled. Tables stay clear.
 */
export function scramble(chunk: Uint8Array, bitsCleared: boolean): Uint8Array {
  const out = Uint8Array.from(chunk)
  for (let at = 0; at + PACKET_SIZE <= out.length; at += PACKET_SIZE) {
    const pid = pidAt(out, at)
    const control = out[at + 3] ?? 0
    if (pid <= 0x1f || isTable(out, at) || !(control & 0x10)) continue
    if (!bitsCleared) out[at + 3] = control | 0x80
    const payload = at + 4 + (control & 0x20 ? (out[at + 4] ?? 0) + 1 : 0)
    for (let byte = payload; byte < at + PACKET_SIZE; byte++) out[byte] = ((out[byte] ?? 0) ^ (0xa5 + byte * 7)) & 0xff
  }
  return out
}

function isTable(bytes: Uint8Array, at: number): boolean {
  return pidAt(bytes, at) % 16 === 0 // the PID plan of service-builder.ts
}
