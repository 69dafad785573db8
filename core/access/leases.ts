/** A seat in use: one stream of one person. */
export type Lease = {
  /** Chosen by whoever takes it, and unlike any other; taking it again with the same id renews it. */
  readonly id: string
  /** Whose it is: folded name of an account. */
  readonly account: string
  /** Two streams of one device are told apart from two devices: the same device may replace its own. */
  readonly device: string
  /** What is watched, for lists (`c12`). */
  readonly subject: string
  /** Epoch milliseconds at which it began, and from which it no longer counts. */
  readonly since: number
  readonly expiresAt: number
}

/** Which lease is meant. Both are said, so that a store may keep the seats of each person in a place of their own. */
export type LeaseName = Pick<Lease, 'id' | 'account'>

/** A seat that is asked for. */
export type LeaseWish = Lease & {
  /** Seats that the person has in all, 1 or more. */
  readonly limit: number
  /** Whether the longest held seat of the same device may be taken where none is free. */
  readonly mayReplace: boolean
}

/** From when to when a lease is prolonged, epoch milliseconds. */
export type LeaseTimes = { readonly now: number; readonly expiresAt: number }

/**
 * Port: seats of people, shared by all processes that stream to them.
 *
 * Time is handed in by the caller, and a lease past its time is as good as gone: a process that dies leaves none behind.
 * All of them fail with `access/no-leases` when the store cannot be asked.
 */
export interface LeaseStore {
  /**
   * Takes a seat in one atomic step: the one with this id, else a free one, else the longest held of the same device
   * (`replaced` is its id). Null: all of them are taken. `since` is the present. A lower limit takes nothing from those who sit.
   */
  acquire(wish: LeaseWish): Promise<{ readonly replaced: string | null } | null>
  /** Moves the end of a lease. False: it is gone, has expired by `now`, or another took its seat. */
  renew(lease: LeaseName, times: LeaseTimes): Promise<boolean>
  /** Gives the seat free; an unknown one is nothing to give. */
  release(lease: LeaseName): Promise<void>
  /** All that have not expired by `now`, by account, then oldest first. */
  list(now: number): Promise<readonly Lease[]>
}
