import { openLeases } from '../adapters/leases/registry.ts'
import { createShelteredLeases } from '../adapters/leases/sheltered-leases.ts'
import type { ShelteredLeases } from '../adapters/leases/sheltered-leases.ts'
import type { KeyRing } from '../core/access/keys.ts'
import type { LeaseStore } from '../core/access/leases.ts'
import { systemRandom } from '../core/access/random.ts'
import { createCallSeal, createMemoryNonces } from '../core/access/sealed-call.ts'
import { createSeats } from '../core/access/seats.ts'
import type { SeatDesk } from '../core/access/seats.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Log } from '../core/log.ts'
import { HOUSE_NOTICES } from '../core/notices/house.ts'
import { notice } from '../core/notices/notice.ts'
import type { Notice } from '../core/notices/notice.ts'
import type { LeaseDesk } from '../handlers/leases.ts'
import type { HouseConfig } from './load-config.ts'

/** Seats of people in this house, wherever their leases are. */
export type HouseSeats = AsyncDisposable & {
  readonly desk: SeatDesk
  /** The same leases for other adapters. */
  readonly leases: LeaseDesk
  notices(): readonly Notice[]
}

/** What seats are made of. `own`: leases of this process, for a house that shares none and for a shared store that is away. */
export type SeatParts = {
  readonly config: Pick<HouseConfig, 'leases'>
  readonly ring: KeyRing
  readonly own: LeaseStore
  /** The clock that machines share. */
  readonly now: () => number
  /** One that is never set, for what only this process waits for. */
  readonly steadyNow: () => number
  readonly log: Log
}

/** Opens the store of leases that is configured; a store that does not answer is no reason not to start. */
export async function assembleSeats(parts: SeatParts): Promise<HouseSeats> {
  const { own, ring, now, log } = parts
  await using stack = new AsyncDisposableStack()
  const { url } = parts.config.leases
  let sheltered: ShelteredLeases | null = null
  if (url !== null) {
    const fetchIt = (address: string, init: RequestInit): Promise<Response> => fetch(address, init)
    const shared = stack.use(await openLeases(url, { ring, random: systemRandom, fetch: fetchIt, now }))
    sheltered = createShelteredLeases({ shared, own, now: parts.steadyNow, log })
  }
  const desk = stack.use(
    createSeats({
      leases: sheltered ?? own,
      every(work, ms) {
        const timer = systemTimers.every(work, ms)
        return () => systemTimers.clearEvery(timer)
      },
      // Also of a house that shares nothing yet: others may ask it for seats, and one that is set costs nobody a seat.
      now,
    }),
  )
  const owned = stack.move()
  const ports = { ring, purpose: 'lease', now, random: systemRandom, nonces: createMemoryNonces(now) } as const
  return {
    desk,
    leases: { store: sheltered ?? own, seal: createCallSeal(ports), now },
    notices() {
      const why = sheltered?.away() ?? null
      return why === null ? [] : [notice(HOUSE_NOTICES, 'seats/alone', { detail: why.message }, { failure: why.code })]
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
