import { foldName } from './accounts.ts'
import type { Caller } from './caller.ts'
import type { LeaseStore, LeaseTimes, LeaseWish } from './leases.ts'
import { Failure } from '../errors.ts'

/** Who asks for a seat: of a caller, whose limits count and on which device. */
export type Sitter = Pick<Caller, 'person' | 'device'>

/** A seat that is held until it is left. */
export interface HeldSeat {
  /** Idempotent. */
  leave(): void
}

/** Port: seats of people with a limit (`maxStreams`), whatever the way they watch. */
export interface SeatDesk {
  /**
   * Takes a seat for as long as a connection is open; null for somebody without a limit. Connections with the same `id`
   * share one. `lost` is called once when the same device began another stream and took the seat.
   *
   * Fails with `access/too-many-streams`.
   */
  take(
    sitter: Sitter,
    seat: { readonly id: string; readonly subject: string },
    lost: () => void,
  ): Promise<HeldSeat | null>
  /**
   * Takes or renews a seat of somebody who comes by single requests, for the next 20 seconds. `begins`: this request starts
   * anew, even if the device lost this seat to another stream of its own.
   *
   * Fails with `access/too-many-streams`.
   */
  visit(sitter: Sitter, seat: { readonly subject: string; readonly begins: boolean }): Promise<void>
  /** Gives such a seat free at once. */
  leave(sitter: Sitter, subject: string): Promise<void>
}

/** What seats need. `every` starts a timer and gives what ends it. */
export type SeatPorts = {
  readonly leases: LeaseStore
  readonly every: (work: () => void, ms: number) => () => void
  readonly now: () => number
}

/** So long a seat counts after the last sign of life. */
const TTL_MS = 20_000
/** A third of it: two renewals may fail. */
const RENEW_MS = 6_000
/** What a device lost is remembered so long: its player may still ask for what it was loading. */
const LOST_MS = 30_000
const MOST_KEPT = 10_000

/** What a seat is asked for, whenever that is. */
type Claim = Pick<LeaseWish, 'id' | 'account' | 'device' | 'subject' | 'limit'>

type Held = { readonly claim: Claim; readonly lost: Set<() => void> }

/** Seats over leases. It renews those of open connections until it is disposed. */
export function createSeats({ leases, every, now }: SeatPorts): SeatDesk & Disposable {
  const held = new Map<string, Held>()
  /** When seats of visitors were last renewed, and which were lost when. */
  const visits = new Map<string, number>()
  const lostAt = new Map<string, number>()

  const remember = (map: Map<string, number>, id: string): void => {
    map.delete(id)
    map.set(id, now())
    const [oldest] = map.keys()
    if (map.size > MOST_KEPT && oldest !== undefined) map.delete(oldest)
  }

  const lose = (id: string): void => {
    visits.delete(id)
    remember(lostAt, id)
    const seat = held.get(id)
    held.delete(id)
    for (const tell of seat?.lost ?? []) tell()
  }

  /** Stores keep whole milliseconds; clocks that are never set have fractions. */
  const times = (): LeaseTimes => {
    const present = Math.round(now())
    return { now: present, expiresAt: present + TTL_MS }
  }
  const wish = (claim: Claim): Omit<LeaseWish, 'mayReplace'> => {
    const { now: since, expiresAt } = times()
    return { ...claim, since, expiresAt }
  }

  const acquire = async (claim: Claim): Promise<void> => {
    const { limit } = claim
    const seat = await leases.acquire({ ...wish(claim), mayReplace: true })
    if (seat === null)
      throw new Failure('access/too-many-streams', `${limit} streams of this person run already`, { limit })
    if (seat.replaced !== null) lose(seat.replaced)
  }

  const renew = async (seat: Held): Promise<void> => {
    const { id } = seat.claim
    if (await leases.renew(seat.claim, times())) return
    // It ran out while the store was away, or the store has forgotten everything: a free seat is as good. Where another
    // stream of the same device took it there is none.
    const again = held.get(id) === seat ? await leases.acquire({ ...wish(seat.claim), mayReplace: false }) : null
    if (held.get(id) !== seat) await leases.release(seat.claim)
    else if (again === null) lose(id)
  }

  const stop = every(() => {
    for (const seat of held.values()) void renew(seat).catch(() => {}) // it is tried again, and then a seat is taken anew
  }, RENEW_MS)

  return {
    async take(sitter, { id, subject }, lost) {
      const claim = claimOf(sitter, id, subject)
      if (claim === null) return null
      await acquire(claim)
      const seat = held.get(id) ?? { claim, lost: new Set() }
      held.set(id, seat)
      const tell = (): void => lost()
      seat.lost.add(tell)
      return {
        leave() {
          if (!seat.lost.delete(tell) || seat.lost.size > 0 || held.get(id) !== seat) return
          held.delete(id)
          void leases.release(claim).catch(() => {}) // it ends by itself a little later
        },
      }
    },
    async visit(sitter, { subject, begins }) {
      const claim = visitOf(sitter, subject)
      if (claim === null) return
      const { id } = claim
      if (begins) lostAt.delete(id)
      else if (now() - (lostAt.get(id) ?? -LOST_MS) < LOST_MS)
        throw new Failure('access/too-many-streams', 'This device has begun another stream in place of this one')
      if (!begins && now() - (visits.get(id) ?? -RENEW_MS) < RENEW_MS) return
      await acquire(claim)
      remember(visits, id)
    },
    async leave(sitter, subject) {
      const claim = visitOf(sitter, subject)
      if (claim === null) return
      visits.delete(claim.id)
      await leases.release(claim)
    },
    [Symbol.dispose]: stop,
  }
}

/** Null: somebody without a limit. */
const claimOf = ({ person, device = '' }: Sitter, id: string, subject: string): Claim | null => {
  const limit = person?.limits.maxStreams ?? null
  return person === undefined || limit === null ? null : { id, account: foldName(person.name), device, subject, limit }
}
const visitOf = (sitter: Sitter, subject: string): Claim | null => {
  const { person, device = '' } = sitter
  return claimOf(sitter, JSON.stringify(['visit', foldName(person?.name ?? ''), device, subject]), subject)
}
