import { Failure } from '../errors.ts'
import type { ChannelId, Channel } from '../lineup/channel.ts'
import type { SourceId, Stream } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import { NO_ATTENDANCE } from './attendance.ts'
import type { Attendance } from './attendance.ts'
import type { Hub, SlotHolder, ViewerInfo } from './hub.ts'
import { Relay } from './relay.ts'
import type { SlateMaker } from './slate.ts'
import { createSlotDesk } from './slot-desk.ts'
import { StreamMemory } from './stream-memory.ts'
import type { TimeShift } from './time-shift.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { SlotRule, StreamOpener } from './upstream.ts'

/** What has come is handed out after this time: it is most of what a relay adds to the way of a picture. */
const FLUSH_MS = 20
/** Flushes between two looks at the time, and looks between two sweeps. */
const FLUSHES_A_TICK = 5
const TICKS_A_SWEEP = 10

/** What a hub needs. */
export type HubOptions = {
  /** Tells the viewers of several hubs in one house apart; part of their ids. */
  readonly name?: string
  /** The way to a source's streams; null: there is no such source now. */
  readonly source: (id: SourceId) => (StreamOpener & SlotRule) | null
  /** A channel's streams as the owner has them now, for relays that run; null, or absent: as they were opened. */
  readonly streams?: (channel: ChannelId) => readonly Stream[] | null
  readonly log: Log
  readonly now: () => number
  /** How long a relay stays open after its last viewer. */
  readonly lingerSeconds: number
  /** Makes slates; absent: there are none. */
  readonly slates?: SlateMaker
  /** How far the stream of a source is held back, milliseconds; absent: not at all. */
  readonly bufferMs?: (source: SourceId) => number
  /** Who may take a slot from whom: the viewer with the higher number from the one with the lower; absent: nobody. */
  readonly precedence?: (viewer: Pick<ViewerInfo, 'user' | 'address'>) => number
  /** Keeps the last minutes of what is sent; absent: nobody can be behind the others. */
  readonly timeShift?: TimeShift | null
  /** Takes notes of who watches; absent: nobody does. */
  readonly attendance?: Attendance
  readonly timers?: Timers
}

const NO_SLATES: SlateMaker = { slate: () => Promise.resolve(null) }

/** The hub of a house: one relay per channel, and one ledger of what the sources can spare. */
export function createHub(options: HubOptions): Hub {
  const { source, log, now, lingerSeconds, timers = systemTimers } = options
  const prefix = options.name === undefined ? '' : `${options.name}-`
  const relays = new Map<ChannelId, Relay>()
  const listeners = new Set<(channel: ChannelId) => void>()
  const memory = new StreamMemory(now)
  const borrowers = new Set<SlotHolder>()
  const desk = createSlotDesk({
    rule: source,
    relays: () => [...relays.values(), ...borrowers],
    precedence: options.precedence ?? (() => 0),
    timers,
    log,
    now,
  })
  let lastId = 0
  let ticker: unknown = null
  let beats = 0
  let isOver = false

  const beat = (): void => {
    beats += 1
    if (beats % (FLUSHES_A_TICK * TICKS_A_SWEEP) === 0) desk.makeRoom()
    for (const relay of relays.values()) {
      relay.flush()
      if (beats % FLUSHES_A_TICK === 0) relay.tick()
      if (beats % (FLUSHES_A_TICK * TICKS_A_SWEEP) === 0) relay.sweep()
    }
  }

  const tell = (channel: ChannelId): void => {
    for (const listener of listeners) listener(channel)
  }

  const relayOf = (channel: Channel): Relay => {
    const running = relays.get(channel.id)
    if (running) return running
    if (isOver) throw new Failure('live/stopped', 'The program stops')
    const relay: Relay = new Relay(channel, {
      opener: source,
      reserve: (stream, signal) => desk.reserve(stream, relay, signal),
      streams: () => options.streams?.(channel.id) ?? null,
      memory,
      slates: options.slates ?? NO_SLATES,
      bufferMs: options.bufferMs ?? (() => 0),
      shift: options.timeShift?.buffer(channel) ?? null,
      newId: () => `${prefix}v${(lastId += 1)}`,
      attendance: options.attendance ?? NO_ATTENDANCE,
      timers,
      log,
      now,
      lingerMs: lingerSeconds * 1000,
      onEvent: () => tell(channel.id),
      onClosed: () => {
        if (relays.get(channel.id) === relay) relays.delete(channel.id)
        log('info', 'relay-closed', { channelId: channel.id })
        tell(channel.id)
        if (relays.size > 0 || ticker === null) return
        timers.clearEvery(ticker)
        ticker = null
      },
    })
    relays.set(channel.id, relay)
    ticker ??= timers.every(beat, FLUSH_MS)
    log('info', 'relay-opening', { channelId: channel.id })
    return relay
  }

  return {
    async watch(channel, viewer, sink, signal) {
      signal.throwIfAborted()
      return relayOf(channel).watch(viewer, sink, signal)
    },
    async consume(channel, consumer, signal) {
      signal.throwIfAborted()
      return relayOf(channel).consume(consumer, signal)
    },
    streams: () => [...relays.values()].map((relay) => relay.status()).filter((status) => status !== null),
    shiftWindowMs: options.timeShift?.windowMs ?? 0,
    keeps: (id, behindMs) => relays.get(id)?.keeps(behindMs) ?? false,
    slots(id) {
      const total = source(id)?.slots() ?? null
      return total === null ? null : { total, used: desk.used(id) }
    },
    async borrow(wish, holder, signal) {
      const slot = await desk.reserve(wish, holder, signal)
      if (slot === null) return null
      borrowers.add(holder)
      return {
        ...slot,
        release() {
          borrowers.delete(holder)
          slot.release()
        },
      }
    },
    switchStream(id, stream) {
      const relay = relays.get(id)
      relay?.switchTo(stream)
      return relay !== undefined
    },
    past: (id) => memory.past(id),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop(id) {
      const relay = relays.get(id)
      relay?.close(new Failure('live/stopped', 'The stream was stopped'))
      return relay !== undefined
    },
    stopViewer: (id) => [...relays.values()].some((relay) => relay.stopViewer(id)),
    async [Symbol.asyncDispose]() {
      isOver = true
      for (const relay of relays.values()) relay.close(new Failure('live/stopped', 'The program stops'))
      if (ticker !== null) timers.clearEvery(ticker)
      ticker = null
    },
  }
}
