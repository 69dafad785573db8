import { Failure } from '../../../core/errors.ts'

/**
 * The state of one of the owner's MACs.
 *
 * ```
 * ready ─ streams end early twice, or its token vanishes ─> contested ─ time ─> ready
 *   └─ the portal refuses it ─> refused ─ time ─> ready
 * ```
 * While contested or refused it gets no new streams; each time in a row doubles the wait.
 */
export type MacState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'contested' | 'refused'; readonly until: number; readonly reason: Failure }

/** A seat on a MAC for one stream. `release` is idempotent. */
export interface MacLease<Box> {
  readonly box: Box
  /** Place of the MAC in the owner's list, from 1. */
  readonly number: number
  /** It has an address for its stream: a handshake would void it from now on. */
  linked(): void
  /** The address was of no use. */
  unlinked(): void
  /** The stream stands. */
  opened(): void
  /** The portal ended the stream by itself. Tells whether that speaks for somebody else on this MAC. */
  endedThere(): 'contested' | 'over-limit' | 'unclear'
  /** The portal refuses this MAC, or somebody else has its token. */
  failed(kind: 'contested' | 'refused', reason: Failure): void
  release(): void
}

/** The owner's MACs and who may use which. */
export interface MacPool<Box> {
  /** A seat on the MAC that has rested longest, among those that can play it; null: there is none now. */
  reserve(options: {
    readonly canPlay: (box: Box) => boolean
    /** MACs that have been tried for this stream. */
    readonly except: ReadonlySet<Box>
  }): MacLease<Box> | null
  /** Why `reserve` gives nothing: `live/no-slot`, `live/contested` or what the portal said. */
  whyNone(canPlay: (box: Box) => boolean): Failure
  /** Streams that may be open at a time; null: no limit. */
  slots(): number | null
  /** Whether it has a stream, or an address that is about to be opened. */
  isStreaming(box: Box): boolean
  /** Whether it has a stream or prepares one. */
  isHeld(box: Box): boolean
  state(box: Box): MacState
  /** Marks a MAC outside of any stream: at sign-in, by the watchdog. */
  mark(box: Box, kind: 'contested' | 'refused', reason: Failure): void
  /** It works: forgets what was held against it. */
  works(box: Box): void
  /** Its streams of now, and how many it may have; null: no limit. */
  use(box: Box): { readonly inUse: number; readonly limit: number | null }
  /** Limits that showed to be lower than the owner wrote. */
  overLimit(): readonly { readonly number: number; readonly limit: number }[]
}

/** A stream that the portal ends before this is too short to be the channel's own end (stalker.md §6: every 20 to 30 s). */
const SHORT_MS = 60_000
/** So many short ones within `RECENT_MS` mean that somebody else uses the MAC. */
const SHORT_ENDS = 2
const RECENT_MS = 5 * 60_000
/** A stream that ends so soon after another one of the same MAC began was ended for that. */
const OUSTED_MS = 5000
const FIRST_WAIT_MS = { contested: 5 * 60_000, refused: 15 * 60_000 } as const
const LONGEST_WAIT_MS = 6 * 3600_000
/** A lower limit that showed is believed for this time. */
const LIMIT_KEPT_MS = 3600_000

type Seat<Box> = {
  readonly box: Box
  readonly number: number
  state: MacState
  inUse: number
  linked: number
  lastUsed: number
  /** Its newest address, and whose it is: the portal ends an older stream for it before the new one has a byte. */
  newest: { readonly by: symbol; readonly at: number } | null
  shortEnds: number[]
  /** Times in a row that it was contested or refused. */
  strikes: number
  learned: { readonly limit: number; readonly until: number } | null
}

/** Makes the pool; `perMac` 0: no limit. */
export function createMacPool<Box>(options: {
  readonly boxes: readonly Box[]
  readonly perMac: number
  /** The owner's own limit over all; null: none. */
  readonly limit: number | null
  readonly now: () => number
}): MacPool<Box> {
  const { perMac, limit, now } = options
  const seats = options.boxes.map((box, index): Seat<Box> => ({
    box,
    number: index + 1,
    state: { kind: 'ready' },
    inUse: 0,
    linked: 0,
    lastUsed: -Infinity,
    newest: null,
    shortEnds: [],
    strikes: 0,
    learned: null,
  }))
  const seatOf = (box: Box): Seat<Box> => {
    const seat = seats.find((one) => one.box === box)
    if (seat === undefined) throw new RangeError('This MAC is not of the pool')
    return seat
  }
  const stateOf = (seat: Seat<Box>): MacState => {
    if (seat.state.kind !== 'ready' && seat.state.until <= now()) seat.state = { kind: 'ready' }
    return seat.state
  }
  const room = (seat: Seat<Box>): number => {
    const own = perMac === 0 ? Infinity : perMac
    return seat.learned !== null && seat.learned.until > now() ? Math.min(own, seat.learned.limit) : own
  }
  const strike = (seat: Seat<Box>, kind: 'contested' | 'refused', reason: Failure): void => {
    if (stateOf(seat).kind === kind) return
    const wait = Math.min(FIRST_WAIT_MS[kind] * 2 ** seat.strikes, LONGEST_WAIT_MS)
    seat.strikes++
    seat.state = { kind, until: now() + wait, reason }
  }
  const used = (): number => seats.reduce((sum, { inUse }) => sum + inUse, 0)

  const lease = (seat: Seat<Box>): MacLease<Box> => {
    seat.inUse++
    seat.lastUsed = now()
    const self = Symbol('lease')
    let openedAt: number | null = null
    let isHeld = true
    let isLinked = false
    return {
      box: seat.box,
      number: seat.number,
      linked() {
        if (isLinked || !isHeld) return
        isLinked = true
        seat.linked++
        seat.newest = { by: self, at: now() }
      },
      unlinked() {
        if (!isLinked || !isHeld) return
        isLinked = false
        seat.linked--
      },
      opened() {
        openedAt = now()
      },
      endedThere() {
        if (openedAt === null) return 'unclear'
        const { newest } = seat
        const wasOusted = newest !== null && newest.by !== self && now() - newest.at <= OUSTED_MS && seat.inUse > 1
        if (wasOusted) {
          seat.learned = { limit: Math.max(1, seat.inUse - 1), until: now() + LIMIT_KEPT_MS }
          return 'over-limit'
        }
        if (now() - openedAt >= SHORT_MS) return 'unclear'
        seat.shortEnds = [...seat.shortEnds.filter((at) => now() - at <= RECENT_MS), now()]
        if (seat.shortEnds.length < SHORT_ENDS) return 'unclear'
        seat.shortEnds = []
        strike(seat, 'contested', contested(seat.number))
        return 'contested'
      },
      failed: (kind, reason) => strike(seat, kind, reason),
      release() {
        if (!isHeld) return
        isHeld = false
        seat.inUse--
        if (isLinked) seat.linked--
        seat.lastUsed = now()
        if (openedAt !== null && now() - openedAt >= SHORT_MS) {
          seat.strikes = 0
          seat.shortEnds = []
        }
      },
    }
  }

  return {
    reserve({ canPlay, except }) {
      if (limit !== null && used() >= limit) return null
      const [best] = seats
        .filter((seat) => !except.has(seat.box) && canPlay(seat.box))
        .filter((seat) => stateOf(seat).kind === 'ready' && seat.inUse < room(seat))
        .toSorted((a, b) => a.inUse - b.inUse || compare(a.lastUsed, b.lastUsed) || a.number - b.number)
      return best === undefined ? null : lease(best)
    },
    whyNone(canPlay) {
      const able = seats.filter((seat) => canPlay(seat.box))
      if (able.length === 0) return new Failure('live/refused', 'None of the MACs has this channel')
      const ready = able.filter((seat) => stateOf(seat).kind === 'ready')
      if (ready.length > 0 || seats.some((seat) => seat.inUse > 0)) {
        const facts = { macs: seats.length, used: used(), usable: ready.length }
        return new Failure(
          'live/no-slot',
          `All usable MACs of the portal are in use: ${ready.length} of ${seats.length}`,
          facts,
        )
      }
      const soonest = able.toSorted((a, b) => compare(untilOf(a.state), untilOf(b.state)))[0]
      return soonest === undefined || soonest.state.kind === 'ready' ? contested(1) : soonest.state.reason
    },
    slots() {
      const own = seats.reduce((sum, seat) => sum + (stateOf(seat).kind === 'ready' ? room(seat) : seat.inUse), 0)
      // Never below one: the next refusal is the portal's own, with its reason.
      const total = Math.max(1, Math.min(own, limit ?? Infinity))
      return total === Infinity ? null : total
    },
    isStreaming: (box) => seatOf(box).linked > 0,
    isHeld: (box) => seatOf(box).inUse > 0,
    state: (box) => stateOf(seatOf(box)),
    mark: (box, kind, reason) => strike(seatOf(box), kind, reason),
    works(box) {
      const seat = seatOf(box)
      if (stateOf(seat).kind === 'refused') seat.state = { kind: 'ready' }
    },
    use(box) {
      const seat = seatOf(box)
      const most = room(seat)
      return { inUse: seat.inUse, limit: most === Infinity ? null : most }
    },
    overLimit: () =>
      seats.flatMap(({ number, learned }) =>
        learned === null || learned.until <= now() ? [] : [{ number, limit: learned.limit }],
      ),
  }
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1)
const untilOf = (state: MacState): number => (state.kind === 'ready' ? -Infinity : state.until)

/** Somebody else uses a MAC of the owner. */
export const contested = (number: number): Failure =>
  new Failure('live/contested', `MAC ${number} of the portal is used by another device at the same time`, {
    mac: number,
  })
