import type { Lease, LeaseStore } from './leases.ts'
import { byAccount, seatFor } from './seating.ts'

/** Leases in the memory of this process: for a front that is one process, and for tests. */
export function createMemoryLeases(): LeaseStore {
  const accounts = new Map<string, ReadonlyMap<string, Lease>>()
  const keep = (account: string, leases: ReadonlyMap<string, Lease>): void => {
    if (leases.size === 0) accounts.delete(account)
    else accounts.set(account, leases)
  }
  return {
    acquire(wish) {
      const held = [...(accounts.get(wish.account)?.values() ?? [])]
      const seating = seatFor(held, wish)
      if (seating === null) return Promise.resolve(null)
      const { lease, replaced } = seating
      const alive = held.filter(({ id, expiresAt }) => expiresAt > wish.since && id !== replaced)
      keep(wish.account, new Map([...alive, lease].map((one) => [one.id, one])))
      return Promise.resolve({ replaced })
    },
    renew({ id, account }, { now, expiresAt }) {
      const leases = accounts.get(account)
      const lease = leases?.get(id)
      if (leases === undefined || lease === undefined || lease.expiresAt <= now) return Promise.resolve(false)
      keep(account, new Map([...leases, [id, { ...lease, expiresAt }]]))
      return Promise.resolve(true)
    },
    release({ id, account }) {
      const leases = new Map(accounts.get(account))
      if (leases.delete(id)) keep(account, leases)
      return Promise.resolve()
    },
    list: (now) =>
      Promise.resolve(
        [...accounts.values()]
          .flatMap((leases) => [...leases.values()])
          .filter(({ expiresAt }) => expiresAt > now)
          .toSorted(byAccount),
      ),
  }
}
