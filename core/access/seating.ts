import type { Lease, LeaseWish } from './leases.ts'

/** What a wish leads to: the lease to keep, and the id of the one that it replaces. */
export type Seating = { readonly lease: Lease; readonly replaced: string | null }

/**
 * The rule of `LeaseStore.acquire`, for stores that can hold still while it is asked: of the leases of one account (those
 * that have expired are passed over) to the seat that the wish gets; null: none.
 */
export function seatFor(leases: Iterable<Lease>, { limit, mayReplace, ...wish }: LeaseWish): Seating | null {
  const held = [...leases].filter(({ expiresAt }) => expiresAt > wish.since).toSorted(byAge)
  const own = held.find(({ id }) => id === wish.id)
  if (own !== undefined) return { lease: { ...wish, since: own.since }, replaced: null }
  if (held.length < limit) return { lease: wish, replaced: null }
  const oldest = mayReplace ? held.find(({ device }) => device === wish.device) : undefined
  return oldest === undefined ? null : { lease: wish, replaced: oldest.id }
}

/** Oldest first; of the same moment by id, so that every store agrees. */
export const byAge = (a: Lease, b: Lease): number => a.since - b.since || (a.id < b.id ? -1 : Number(a.id > b.id))

/** The order of `LeaseStore.list`. */
export const byAccount = (a: Lease, b: Lease): number =>
  a.account === b.account ? byAge(a, b) : a.account < b.account ? -1 : 1
