/** Slows down guessing. */
export interface Throttle {
  /** Takes one try for all of these keys; false: one of them has none left. */
  take(...keys: readonly string[]): boolean
  /** Forgets the tries of a key, after one that succeeded. */
  forgive(key: string): void
}

type Bucket = { tries: number; at: number }

/**
 * A bucket of tries for each key, that fills up again one try at a time.
 *
 * Keeps at most `capacity` keys; when it is full the key that tried longest ago is forgotten.
 */
export function createThrottle(options: {
  readonly now: () => number
  /** Tries at once. */
  readonly tries: number
  /** Milliseconds until one more try is there. */
  readonly refillMs: number
  readonly capacity: number
}): Throttle {
  const { now, tries, refillMs, capacity } = options
  const buckets = new Map<string, Bucket>()

  const fill = (key: string): Bucket => {
    const known = buckets.get(key)
    const bucket = known ?? { tries, at: now() }
    const gained = Math.floor((now() - bucket.at) / refillMs)
    if (gained > 0) {
      bucket.tries = Math.min(tries, bucket.tries + gained)
      bucket.at += gained * refillMs
    }
    // Put last: the map's order is the order of the latest try.
    buckets.delete(key)
    buckets.set(key, bucket)
    if (buckets.size > capacity) {
      const [oldest] = buckets.keys()
      if (oldest !== undefined) buckets.delete(oldest)
    }
    return bucket
  }

  return {
    take(...keys) {
      const filled = keys.map(fill)
      if (filled.some((bucket) => bucket.tries < 1)) return false
      for (const bucket of filled) {
        if (bucket.tries === tries) bucket.at = now()
        bucket.tries--
      }
      return true
    },
    forgive(key) {
      buckets.delete(key)
    },
  }
}
