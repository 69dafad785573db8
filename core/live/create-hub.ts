import { Failure } from '../errors.ts'
import type { ChannelId, Channel } from '../lineup/channel.ts'
import type { SourceId, Stream } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import type { Hub } from './hub.ts'
import { Relay } from './relay.ts'
import { createSlotLedger } from './slots.ts'
import type { Slot } from './slots.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'
import type { SlotRule, StreamOpener } from './upstream.ts'

/** A receiver notices a closed connection a moment later; a tuner that was just given back is asked for after this time. */
const HAND_OVER_MS = 150
/** What has come is handed out after this time: it is most of what a relay adds to the way of a picture. */
const FLUSH_MS = 20
/** Flushes between two looks at the time, and looks between two sweeps. */
const FLUSHES_A_TICK = 5
const TICKS_A_SWEEP = 10

/** What a hub needs. */
export type HubOptions = {
  /** The way to a source's streams; null: there is no such source now. */
  readonly source: (id: SourceId) => (StreamOpener & SlotRule) | null
  readonly log: Log
  readonly now: () => number
  /** How long a relay stays open after its last viewer. */
  readonly lingerSeconds: number
  readonly timers?: Timers
}

/** The hub of a house: one relay per channel, and one ledger of what the sources can spare. */
export function createHub(options: HubOptions): Hub {
  const { source, log, now, lingerSeconds, timers = systemTimers } = options
  const relays = new Map<ChannelId, Relay>()
  const ledger = createSlotLedger((id) => source(id)?.slots() ?? null)
  let lastId = 0
  let ticker: unknown = null
  let beats = 0
  let isOver = false

  const beat = (): void => {
    beats += 1
    for (const relay of relays.values()) {
      relay.flush()
      if (beats % FLUSHES_A_TICK === 0) relay.tick()
      if (beats % (FLUSHES_A_TICK * TICKS_A_SWEEP) === 0) relay.sweep()
    }
  }

  /** A slot; if there is none, lingering relays of the source make room, the one that was left first first. */
  const reserve = async (stream: Stream, signal: AbortSignal): Promise<Slot | null> => {
    const slot = ledger.reserve(stream)
    if (slot !== null) return slot
    const lingering = [...relays.values()]
      .filter((relay) => relay.state === 'lingering' && relay.stream?.sourceId === stream.sourceId)
      .toSorted((a, b) => a.lingeringSince - b.lingeringSince)
    for (const relay of lingering) {
      log('info', 'relay-makes-room', { channelId: relay.channel.id, for: stream.id })
      relay.close(null)
      const freed = ledger.reserve(stream)
      if (freed === null) continue
      await new Promise((resolve) => timers.set(() => resolve(undefined), HAND_OVER_MS))
      if (signal.aborted) {
        freed.release()
        return null
      }
      return freed
    }
    return null
  }

  const relayOf = (channel: Channel): Relay => {
    const running = relays.get(channel.id)
    if (running) return running
    if (isOver) throw new Failure('live/stopped', 'The program stops')
    const relay: Relay = new Relay(channel, {
      opener: source,
      reserve,
      newId: () => `v${(lastId += 1)}`,
      timers,
      log,
      now,
      lingerMs: lingerSeconds * 1000,
      onClosed: () => {
        if (relays.get(channel.id) === relay) relays.delete(channel.id)
        log('info', 'relay-closed', { channelId: channel.id })
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
    slots(id) {
      const total = source(id)?.slots() ?? null
      return total === null ? null : { total, used: ledger.used(id) }
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
