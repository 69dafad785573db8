import { Failure } from '../../../core/errors.ts'
import { isBroadcast, parseServiceRef, transponderKey } from '../../../core/lineup/service-reference.ts'
import { LEAVE_ROOM_MS, starvedClaim } from '../../../core/live/slot-claims.ts'
import type { SlotClaim, SlotDemand } from '../../../core/live/slot-claims.ts'
import type { Log } from '../../../core/log.ts'
import type { Timers } from '../timers.ts'
import type { About } from './discovery.ts'
import type { ReceiverFacts } from './facts.ts'
import type { ListedTimer } from './timer-list.ts'

/** What the schedule needs. */
export type RecordingScheduleOptions = {
  /** Reads the list of timers, and hands it to `learn`. */
  readonly readTimers: (signal: AbortSignal) => Promise<unknown>
  /** Who uses the tuners now; null when the box does not say at once. */
  readonly askAbout: (signal: AbortSignal) => Promise<About | null>
  readonly facts: () => ReceiverFacts
  /** Transponders that our own streams use. */
  readonly held: () => ReadonlySet<string>
  /** How far the clock of the box is ahead of ours, milliseconds: it records by its own. */
  readonly clockAheadMs: () => number
  readonly now: () => number
  readonly timers: Timers
  readonly log: Log
}

/**
 * What a receiver will record soon, as far as it needs tuners.
 *
 * Before a recording the box closes streams of others only; one that its own stream relay holds for us it does not see
 * (`enigma2.md` §9.4). So we look at its timers while we stream, and leave in time by ourselves.
 */
export interface RecordingSchedule {
  learn(timers: readonly ListedTimer[]): void
  /** Keeps the list fresh until the answer is called. */
  watch(): () => void
  /** Null while the timers or the number of tuners are not known. */
  demand(): SlotDemand | null
  /** Fails with `live/recording` when a further transponder would leave none for a recording that is due within minutes. */
  leaveRoom(slotKey: string, signal: AbortSignal): Promise<void>
  close(): void
}

const EVERY_MS = 60_000
/** A list of this age is good enough for a start. */
const FRESH_MS = 30_000
/** A viewer waits for the list. */
const WITHIN_MS = 1500
/** So long before a recording the box is asked who uses its tuners. */
const LOOK_BEFORE_MS = 5 * 60_000
/** Who used the tuners so long ago may have left. */
const USE_KNOWN_MS = 2 * EVERY_MS
/** A recording that has not begun so long after its time does not begin any more. */
const LATE_MS = 2 * 60_000

/** A timer that only switches the television takes no tuner of its own. */
const isWanted = ({ isEnabled, isZap, slotKey }: ListedTimer): boolean => isEnabled && !isZap && slotKey !== null

/** Makes the schedule of one receiver; asks for nothing before it is watched. */
export function createRecordingSchedule(options: RecordingScheduleOptions): RecordingSchedule {
  const { readTimers, askAbout, facts, held, clockAheadMs, now, timers, log } = options
  const closing = new AbortController()
  let listed: readonly ListedTimer[] | null = null
  let listedAt = -Infinity
  let use: { readonly claims: readonly SlotClaim[]; readonly at: number } | null = null
  let watchers = 0
  let cancel: (() => void) | null = null
  let running: Promise<void> | null = null

  const boxNow = (): number => now() + clockAheadMs()
  const claimsOfTimers = (): readonly SlotClaim[] =>
    (listed ?? []).filter(isWanted).flatMap(({ slotKey, state, preparesAt, beginsAt, endsAt }): SlotClaim[] => {
      const at = boxNow()
      if (slotKey === null || state === 'ended' || endsAt <= at) return []
      if (state === 'running') return [{ slotKey, dueInMs: null }]
      if (at - beginsAt > LATE_MS || preparesAt - at > LOOK_BEFORE_MS) return []
      return [{ slotKey, dueInMs: preparesAt - at }]
    })

  const learnUse = async (signal: AbortSignal): Promise<void> => {
    const about = await askAbout(signal)
    if (about === null) return
    const tuners = about.tuners ?? []
    const ref = about.liveRef === null ? null : parseServiceRef(about.liveRef)
    const isOn = tuners.some((tuner) => tuner.use.live)
    const live = isOn && ref !== null && isBroadcast(ref) ? [transponderKey(ref)] : []
    const recorded = claimsOfTimers().filter(({ dueInMs }) => dueInMs === null)
    const known = new Set([...held(), ...live, ...recorded.map(({ slotKey }) => slotKey)])
    const inUse = tuners.filter((tuner) => tuner.use.live || tuner.use.recording || tuner.use.stream).length
    // Somebody else's streams: which transponders they use is told by nobody.
    const others = Array.from({ length: Math.max(0, inUse - known.size) }, (_, index) => `other-${index}`)
    use = { claims: [...live, ...others].map((slotKey) => ({ slotKey, dueInMs: null })), at: now() }
  }

  const readAll = async (): Promise<void> => {
    const { signal } = closing
    try {
      await readTimers(signal)
      if (claimsOfTimers().some(({ dueInMs }) => dueInMs !== null)) await learnUse(signal)
    } catch (error) {
      if (!signal.aborted) log('info', 'timers-unknown', { code: error instanceof Failure ? error.code : 'http/bug' })
    }
  }
  const read = (): Promise<void> => (running ??= readAll().finally(() => (running = null)))

  const tick = (): void => {
    cancel = null
    void read().then(() => {
      if (watchers > 0 && !closing.signal.aborted) cancel ??= timers.after(EVERY_MS, tick)
    })
  }

  /** Waits for a list that is not old, but not for long. */
  const fresh = async (signal: AbortSignal): Promise<void> => {
    if (now() - listedAt < FRESH_MS) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = timers.after(WITHIN_MS, resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await Promise.race([read(), promise]).finally(stop)
    signal.throwIfAborted()
  }

  const demand = (): SlotDemand | null => {
    const slots = facts().tuners?.length ?? 0
    if (listed === null || slots === 0) return null
    const inUse = use !== null && now() - use.at < USE_KNOWN_MS ? use.claims : []
    return { slots, claims: [...claimsOfTimers(), ...inUse] }
  }

  return {
    demand,
    learn(list) {
      listed = list
      listedAt = now()
    },
    watch() {
      watchers += 1
      if (watchers === 1 && cancel === null) tick()
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        watchers -= 1
        if (watchers > 0) return
        cancel?.()
        cancel = null
      }
    },
    async leaveRoom(slotKey, signal) {
      await fresh(signal)
      const known = demand()
      if (known === null || known.claims.some((claim) => claim.slotKey === slotKey)) return
      if (starvedClaim(known, [...held(), slotKey], LEAVE_ROOM_MS) === null) return
      throw new Failure('live/recording', 'The receiver needs its last free tuner for a recording')
    },
    close() {
      cancel?.()
      closing.abort(new Failure('live/stopped', 'The source was closed'))
    },
  }
}
