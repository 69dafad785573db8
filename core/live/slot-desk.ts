import { Failure } from '../errors.ts'
import type { SourceId } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import type { SlotHolder, SlotWish, ViewerInfo } from './hub.ts'
import { createSlotLedger } from './slots.ts'
import type { Slot } from './slots.ts'
import type { Timers } from './timers.ts'
import type { SlotRule } from './upstream.ts'

/** Who zaps may ask for the next channel a moment before the last one is closed: so long a full source is waited for. */
const ROOM_MS = 700
const LOOK_MS = 50

/** What a desk needs. */
export type SlotDeskPorts = {
  readonly rule: (source: SourceId) => SlotRule | null
  readonly relays: () => readonly SlotHolder[]
  /** The viewer with the higher number may take a slot from the one with the lower. */
  readonly precedence: (viewer: Pick<ViewerInfo, 'user' | 'address'>) => number
  readonly timers: Timers
  readonly log: Log
  readonly now: () => number
}

/** Gives out the slots of all sources. */
export interface SlotDesk {
  /**
   * A slot for the stream; null: none can be had. When the source is full, makes room in this order: lingering relays, the
   * one that was left first first; a moment's patience for somebody who zaps; relays that nobody watches with as much
   * precedence as whoever asks. The slot before is closed, and its source has noticed, when this resolves.
   */
  reserve(stream: SlotWish, asker: Pick<SlotHolder, 'viewers'>, signal: AbortSignal): Promise<Slot | null>
  used(source: SourceId): number
}

/** Who may take a slot from whom, by names in order of importance; those not named come last, and equal. */
export function precedenceBy(names: readonly string[]): SlotDeskPorts['precedence'] {
  const ranks = new Map(names.map((name, index) => [name.toLowerCase(), names.length - index]))
  return ({ user }) => (user === null ? 0 : (ranks.get(user.toLowerCase()) ?? 0))
}

/** The desk over one ledger. */
export function createSlotDesk({ rule, relays, precedence, timers, log, now }: SlotDeskPorts): SlotDesk {
  const ledger = createSlotLedger(rule, now)

  const holdersOf = (source: SourceId): readonly SlotHolder[] =>
    relays().filter(({ stream }) => stream?.sourceId === source)

  const rankOf = ({ viewers }: Pick<SlotHolder, 'viewers'>): number => Math.max(0, ...viewers.map(precedence))

  /** Closes holders one after the other until the stream finds room. */
  const makeRoom = (stream: SlotWish, holders: readonly SlotHolder[], reason: Failure | null): Slot | null => {
    for (const holder of holders) {
      log('info', 'relay-makes-room', { channelId: holder.channel.id, for: stream.id, code: reason?.code ?? null })
      holder.close(reason)
      const slot = ledger.reserve(stream)
      if (slot !== null) return slot
    }
    return null
  }

  const fromLingering = (stream: SlotWish): Slot | null =>
    makeRoom(
      stream,
      holdersOf(stream.sourceId)
        .filter(({ state }) => state === 'lingering')
        .toSorted((a, b) => a.lingeringSince - b.lingeringSince),
      null,
    )

  const fromLower = (stream: SlotWish, asker: Pick<SlotHolder, 'viewers'>): Slot | null => {
    const rank = rankOf(asker)
    const lower = holdersOf(stream.sourceId)
      .filter((holder) => rankOf(holder) < rank)
      .toSorted((a, b) => rankOf(a) - rankOf(b))
    return makeRoom(
      stream,
      lower,
      new Failure('live/preempted', 'Somebody with precedence needs the tuner or connection'),
    )
  }

  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        timers.clear(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = timers.set(done, ms)
      signal.addEventListener('abort', done, { once: true })
    })

  /** Waits a moment for somebody to leave. */
  const afterPatience = async (stream: SlotWish, signal: AbortSignal): Promise<Slot | null> => {
    const until = now() + ROOM_MS
    while (now() < until && !signal.aborted) {
      await pause(LOOK_MS, signal)
      const slot = signal.aborted ? null : (ledger.reserve(stream) ?? fromLingering(stream))
      if (slot !== null) return slot
    }
    return null
  }

  return {
    async reserve(stream, asker, signal) {
      const slot =
        ledger.reserve(stream) ??
        fromLingering(stream) ??
        (await afterPatience(stream, signal)) ??
        (signal.aborted ? null : fromLower(stream, asker))
      if (slot === null) return null
      if (slot.readyAt > now()) await pause(slot.readyAt - now(), signal)
      if (!signal.aborted) return slot
      slot.release()
      return null
    },
    used: (source) => ledger.used(source),
  }
}
