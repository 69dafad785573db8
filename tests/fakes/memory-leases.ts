import type { Lease, LeaseStore } from '../../core/access/leases.ts'

/** Leases in memory. */
export function createMemoryLeases(): LeaseStore {
  const leases = new Map<string, Lease>()
  return {
    acquire({ limit, ...wish }) {
      const known = leases.get(wish.id)
      const alive = [...leases.values()]
        .filter(({ account, expiresAt }) => account === wish.account && expiresAt > wish.since)
        .toSorted((a, b) => a.since - b.since)
      const isOurs = known !== undefined && alive.includes(known)
      const victim = isOurs || alive.length < limit ? undefined : alive.find(({ device }) => device === wish.device)
      if (!isOurs && alive.length >= limit && victim === undefined) return Promise.resolve(null)
      if (victim !== undefined) leases.delete(victim.id)
      leases.set(wish.id, isOurs ? { ...wish, since: known.since } : wish)
      return Promise.resolve({ replaced: victim?.id ?? null })
    },
    renew(id, { now, expiresAt }) {
      const lease = leases.get(id)
      if (lease === undefined || lease.expiresAt <= now) return Promise.resolve(false)
      leases.set(id, { ...lease, expiresAt })
      return Promise.resolve(true)
    },
    release(id) {
      leases.delete(id)
      return Promise.resolve()
    },
    list: (now) =>
      Promise.resolve(
        [...leases.values()]
          .filter(({ expiresAt }) => expiresAt > now)
          .toSorted((a, b) => (a.account === b.account ? a.since - b.since : a.account < b.account ? -1 : 1)),
      ),
  }
}
