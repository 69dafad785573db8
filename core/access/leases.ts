/** A seat in use: one stream of one person. */
export type Lease = {
  /** Chosen by whoever takes it; taking it again with the same id renews it. */
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

/** A seat that is asked for. */
export type LeaseWish = Lease & {
  /** Seats that the person has in all, 1 or more. */
  readonly limit: number
}

/**
 * Port: seats of people, shared by all processes that stream to them.
 *
 * Time is handed in by the caller, and a lease past its time is as good as gone: a process that dies leaves none behind.
 */
export interface LeaseStore {
  /**
   * Takes a seat in one atomic step: the one with this id, else a free one, else the longest held of the same device
   * (`replaced` is its id). Null: other devices hold all of them. `since` is the present.
   */
  acquire(wish: LeaseWish): Promise<{ readonly replaced: string | null } | null>
  /** Moves the end of a lease. False: it is gone, has expired by `now`, or another took its seat. */
  renew(id: string, times: { readonly now: number; readonly expiresAt: number }): Promise<boolean>
  /** Gives the seat free; an unknown one is nothing to give. */
  release(id: string): Promise<void>
  /** All that have not expired by `now`, by account, then oldest first. */
  list(now: number): Promise<readonly Lease[]>
}
