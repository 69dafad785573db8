import { Failure } from '../errors.ts'
import type { SourceId } from '../lineup/stream.ts'
import type { Log } from '../log.ts'
import type { SlotHolder, SlotWish, ViewerInfo } from './hub.ts'
import { LEAVE_ROOM_MS, ROOM_BEFORE_MS, starvedClaim } from './slot-claims.ts'
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
   *
   * Fails with `live/recording` where the source itself will need the slot within minutes.
   */
  reserve(stream: SlotWish, asker: Pick<SlotHolder, 'viewers'>, signal: AbortSignal): Promise<Slot | null>
  used(source: SourceId): number
  /**
   * Makes room for what sources need for themselves; to be called once a second. Slots are given up in this order: those
   * of lingering relays, the one that was left first first; those of viewers with less precedence; those with fewer
   * viewers. A slot that the source will share with us stays.
   */
  makeRoom(): void
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
  const closeFor = (stream: SlotWish, holders: readonly SlotHolder[], reason: Failure | null): Slot | null => {
    for (const holder of holders) {
      log('info', 'relay-makes-room', { channelId: holder.channel.id, for: stream.id, code: reason?.code ?? null })
      holder.close(reason)
      const slot = ledger.reserve(stream)
      if (slot !== null) return slot
    }
    return null
  }

  const fromLingering = (stream: SlotWish): Slot | null => closeFor(stream, lingering(stream.sourceId), null)

  const fromLower = (stream: SlotWish, asker: Pick<SlotHolder, 'viewers'>): Slot | null => {
    const rank = rankOf(asker)
    const lower = holdersOf(stream.sourceId)
      .filter((holder) => rankOf(holder) < rank)
      .toSorted((a, b) => rankOf(a) - rankOf(b))
    return closeFor(
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

  const lingering = (source: SourceId): readonly SlotHolder[] =>
    holdersOf(source)
      .filter(({ state }) => state === 'lingering')
      .toSorted((a, b) => a.lingeringSince - b.lingeringSince)

  /** What the source needs soon stays free; whoever shares a slot with it takes nothing away. */
  const leaveRoom = ({ sourceId, slotKey, id }: SlotWish): void => {
    const demand = rule(sourceId)?.demand?.() ?? null
    if (demand === null || ledger.keys(sourceId).has(slotKey)) return
    if (demand.claims.some((claim) => claim.slotKey === slotKey)) return
    const isShort = (): boolean =>
      starvedClaim(demand, ledger.keys(sourceId).union(new Set([slotKey])), LEAVE_ROOM_MS) !== null
    for (const holder of lingering(sourceId)) {
      if (!isShort()) return
      holder.close(null)
    }
    if (!isShort()) return
    log('info', 'room-left-for-recording', { sourceId, streamId: id })
    throw new Failure('live/recording', 'The receiver needs its last free tuner for a recording', { sourceId })
  }

  /** Everybody on one slot: only when all of them leave it is free. */
  type Party = { readonly key: string; readonly holders: readonly SlotHolder[]; readonly quietSince: number | null }
  const partiesOf = (source: SourceId): readonly Party[] => {
    const byKey = Map.groupBy(holdersOf(source), ({ stream }) => stream?.slotKey ?? '')
    return [...byKey].map(([key, holders]) => {
      const isQuiet = holders.every(({ state }) => state === 'lingering')
      const quietSince = isQuiet ? Math.max(...holders.map(({ lingeringSince }) => lingeringSince)) : null
      return { key, holders, quietSince }
    })
  }
  const importance = ({ holders }: Party): readonly [rank: number, viewers: number] => [
    Math.max(...holders.map(rankOf)),
    holders.reduce((sum, { viewers }) => sum + viewers.length, 0),
  ]
  const byImportance = (a: Party, b: Party): number => {
    if (a.quietSince !== null && b.quietSince !== null) return a.quietSince - b.quietSince
    if (a.quietSince !== null || b.quietSince !== null) return a.quietSince !== null ? -1 : 1
    const [[rankA, viewersA], [rankB, viewersB]] = [importance(a), importance(b)]
    return rankA - rankB || viewersA - viewersB
  }

  const makeRoomAt = (source: SourceId): void => {
    const demand = rule(source)?.demand?.() ?? null
    if (demand === null) return
    const claimed = new Set(
      demand.claims.filter(({ dueInMs }) => (dueInMs ?? 0) <= ROOM_BEFORE_MS).map(({ slotKey }) => slotKey),
    )
    const parties = partiesOf(source).filter(({ key }) => !claimed.has(key))
    for (const { key, holders } of parties.toSorted(byImportance)) {
      if (starvedClaim(demand, ledger.keys(source), ROOM_BEFORE_MS) === null) return
      const failure = new Failure('live/recording', 'A recording of the receiver needs the tuner', { sourceId: source })
      for (const holder of holders) {
        const { channel, state, viewers } = holder
        log('info', 'room-for-recording', {
          sourceId: source,
          channelId: channel.id,
          state,
          viewers: viewers.length,
          slotKey: key,
        })
        if (state === 'lingering' || holder.giveWay === undefined) holder.close(state === 'lingering' ? null : failure)
        else holder.giveWay(failure)
      }
    }
  }

  return {
    makeRoom() {
      const sources = new Set(relays().flatMap(({ stream }) => stream?.sourceId ?? []))
      for (const source of sources) makeRoomAt(source)
    },
    async reserve(stream, asker, signal) {
      leaveRoom(stream)
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
