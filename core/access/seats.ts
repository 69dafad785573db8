import { foldName } from './accounts.ts'
import type { Caller } from './caller.ts'
import type { LeaseStore } from './leases.ts'
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

type Held = { readonly lost: Set<() => void> }

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

  const acquire = async ({ person, device = '' }: Sitter, id: string, subject: string): Promise<void> => {
    const limit = person?.limits.maxStreams ?? null
    if (person === undefined || limit === null) return
    const since = now()
    const wish = { id, account: foldName(person.name), device, subject, since, expiresAt: since + TTL_MS, limit }
    const seat = await leases.acquire(wish)
    if (seat === null)
      throw new Failure('access/too-many-streams', `${limit} streams of this person run already`, { limit })
    if (seat.replaced !== null) lose(seat.replaced)
  }

  const renew = async (id: string): Promise<void> => {
    if (!(await leases.renew(id, { now: now(), expiresAt: now() + TTL_MS }))) lose(id)
  }

  const stop = every(() => {
    for (const id of held.keys()) void renew(id).catch(() => {}) // it is tried again, and then the seat is lost
  }, RENEW_MS)

  const isFree = ({ person }: Sitter): boolean => (person?.limits.maxStreams ?? null) === null
  const visitorId = ({ person, device = '' }: Sitter, subject: string): string =>
    JSON.stringify(['visit', foldName(person?.name ?? ''), device, subject])

  return {
    async take(sitter, { id, subject }, lost) {
      if (isFree(sitter)) return null
      await acquire(sitter, id, subject)
      const seat = held.get(id) ?? { lost: new Set() }
      held.set(id, seat)
      const tell = (): void => lost()
      seat.lost.add(tell)
      return {
        leave() {
          if (!seat.lost.delete(tell) || seat.lost.size > 0 || held.get(id) !== seat) return
          held.delete(id)
          void leases.release(id).catch(() => {}) // it ends by itself a little later
        },
      }
    },
    async visit(sitter, { subject, begins }) {
      if (isFree(sitter)) return
      const id = visitorId(sitter, subject)
      if (begins) lostAt.delete(id)
      else if (now() - (lostAt.get(id) ?? -LOST_MS) < LOST_MS)
        throw new Failure('access/too-many-streams', 'This device has begun another stream in place of this one')
      if (!begins && now() - (visits.get(id) ?? -RENEW_MS) < RENEW_MS) return
      await acquire(sitter, id, subject)
      remember(visits, id)
    },
    async leave(sitter, subject) {
      if (isFree(sitter)) return
      const id = visitorId(sitter, subject)
      visits.delete(id)
      await leases.release(id)
    },
    [Symbol.dispose]: stop,
  }
}
