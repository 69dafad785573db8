import type { LeaseStore, LeaseWish } from '../../core/access/leases.ts'
import { asFailure, Failure } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'

/** What sheltering a store takes. */
export type ShelterPorts = {
  readonly shared: LeaseStore
  /** Seats of this process alone; it must not fail. */
  readonly own: LeaseStore
  readonly now: () => number
  readonly log: Log
}

/** A store of leases for a house that must not stop when another machine does. */
export type ShelteredLeases = LeaseStore & {
  /** Why the shared store cannot be asked now; null: it can, or was not asked yet. */
  away(): Failure | null
}

/** While the store is away every few seconds somebody waits for it; the others do not. */
const ASK_AGAIN_MS = 3000

/**
 * Leases of a shared store, and while it cannot be asked those that this process knows of (docs/people.md): what runs goes
 * on, and whoever comes is let in as far as the limit goes here. When the store is back, seats are asked for again by
 * whoever holds them (`createSeats`), and what is too much ends.
 */
export function createShelteredLeases({ shared, own, now, log }: ShelterPorts): ShelteredLeases {
  let away: { readonly failure: Failure; readonly since: number; askAgainAt: number } | null = null

  const lose = (error: unknown): void => {
    const failure = asFailure(error, 'access/no-leases', 'The store of leases cannot be asked')
    if (away === null) log('warn', 'leases-away', { detail: failure.message, advice: failure.kind.advice })
    away = { failure, since: away?.since ?? now(), askAgainAt: now() + ASK_AGAIN_MS }
  }
  const find = (): void => {
    if (away !== null) log('info', 'leases-back', { afterMs: Math.round(now() - away.since) })
    away = null
  }

  /** What the shared store says; undefined: it cannot be asked. */
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    if (away !== null) {
      if (now() < away.askAgainAt) return undefined
      away.askAgainAt = now() + ASK_AGAIN_MS
    }
    try {
      const answer = await question()
      find()
      return answer
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      lose(error)
      return undefined
    }
  }

  return {
    async acquire(wish) {
      const seat = await ask(() => shared.acquire(wish))
      if (seat === undefined) return own.acquire(wish)
      if (seat !== null) await remember(own, wish, seat.replaced)
      return seat
    },
    async renew(lease, times) {
      const isRenewed = await ask(() => shared.renew(lease, times))
      if (isRenewed === false) await own.release(lease)
      return isRenewed === false ? false : (await own.renew(lease, times)) || isRenewed === true
    },
    async release(lease) {
      await own.release(lease)
      await ask(() => shared.release(lease))
    },
    async list(at) {
      return (await ask(() => shared.list(at))) ?? own.list(at)
    },
    away: () => away?.failure ?? null,
  }
}

/** What the shared store has decided holds here too, whatever is known here. */
async function remember(own: LeaseStore, wish: LeaseWish, replaced: string | null): Promise<void> {
  if (replaced !== null) await own.release({ id: replaced, account: wish.account })
  await own.acquire({ ...wish, limit: Number.MAX_SAFE_INTEGER, mayReplace: false })
}
