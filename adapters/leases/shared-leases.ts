import type { LeaseStore } from '../../core/access/leases.ts'
import { Failure } from '../../core/errors.ts'

/** What `doctor` wants to know of a store of leases. */
export type LeaseCheck = {
  /** Product and version, for people: `PostgreSQL 15.13`. */
  readonly product: string
  /** By how much its clock is ahead of ours, milliseconds; leases of several machines need clocks that agree. */
  readonly aheadMs: number
}

/**
 * Leases in a store that several houses share. Nothing is opened before the first call, and after a failure each call tries
 * anew; a call takes at most `ANSWER_WITHIN_MS` and a connection.
 */
export type SharedLeases = LeaseStore &
  AsyncDisposable & {
    /** Opens it, brings its layout up to date, and says what it is. Fails with `access/no-leases`, in words for the owner. */
    check(): Promise<LeaseCheck>
  }

/** A player waits for its seat: what takes longer is given up. */
export const ANSWER_WITHIN_MS = 2000

/** What a store of leases is opened with. */
export type LeasePorts = { readonly now: () => number }

/** The failure that everybody gets who cannot be given an answer; the cause is for logs and says no password. */
export const noLeases = (why: string, cause?: unknown): Failure => new Failure('access/no-leases', why, {}, cause)

/** `work`, or after `ms` a failure with this sentence, whatever becomes of the work. `signal` tells it that nobody waits any more. */
export async function answerWithin<T>(
  ms: number,
  why: string,
  work: (signal: AbortSignal) => PromiseLike<T>,
): Promise<T> {
  const late = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    return await Promise.race([
      work(late.signal),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(noLeases(why))
          late.abort()
        }, ms)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}

/** The word by which a system or a server names an error (`ECONNREFUSED`, `28P01`); '' if there is none. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
