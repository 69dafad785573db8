import { transponderKey } from './model.ts'
import type { Transponder } from './model.ts'

/** The right to use a transponder. `release()` may be called more than once. */
export type Lease = {
  readonly tuner: number
  /** Whether the tuner had to be moved for it; false when others watch the transponder already. */
  readonly fresh: boolean
  release(): void
}

/** A tuner in use, for status and tests. */
export type TunerUse = { readonly tuner: number; readonly transponder: Transponder; readonly users: readonly string[] }

/**
 * The tuners of the box. Any number of users of one transponder share a tuner; after the last one left it stays tuned
 * for a while, but gives way to somebody else.
 */
export interface Frontends {
  /** Null when no tuner can reach the transponder now. */
  tune(transponder: Transponder, user: string): Lease | null
  /** Tuners that are held, lingering ones (without users) included. */
  inUse(): readonly TunerUse[]
}

/** Makes the tuners. `quadrants` limits how many (satellite, band, polarisation) are in use at once; null: no limit. */
export function createFrontends(options: {
  readonly count: number
  readonly quadrants: number | null
  readonly lingerMs: number
  readonly now: () => number
}): Frontends {
  type Tuned = { tuner: number; transponder: Transponder; users: Map<number, string>; idleSinceMs: number }
  let tuned: Tuned[] = []
  let nextUser = 1

  const expire = (): void => {
    const now = options.now()
    tuned = tuned.filter((one) => one.users.size > 0 || now - one.idleSinceMs < options.lingerMs)
  }
  const fits = (transponder: Transponder): boolean => {
    if (tuned.length >= options.count) return false
    if (options.quadrants === null) return true
    const quadrants = new Set([...tuned.map((one) => quadrant(one.transponder)), quadrant(transponder)])
    return quadrants.size <= options.quadrants
  }
  const allocate = (transponder: Transponder): Tuned | null => {
    // A lingering transponder is given up, the longest idle one first, only as far as needed.
    const idle = tuned.filter((one) => one.users.size === 0).toSorted((a, b) => a.idleSinceMs - b.idleSinceMs)
    while (!fits(transponder)) {
      const victim = idle.shift()
      if (!victim) return null
      tuned = tuned.filter((one) => one !== victim)
    }
    const taken = new Set(tuned.map((one) => one.tuner))
    const tuner = Array.from({ length: options.count }, (_, index) => index).find((index) => !taken.has(index)) ?? 0
    const one: Tuned = { tuner, transponder, users: new Map(), idleSinceMs: 0 }
    tuned.push(one)
    return one
  }

  return {
    tune(transponder, user) {
      expire()
      const key = transponderKey(transponder)
      const shared = tuned.find((one) => transponderKey(one.transponder) === key)
      const one = shared ?? allocate(transponder)
      if (!one) return null
      const id = nextUser++
      one.users.set(id, user)
      return {
        tuner: one.tuner,
        fresh: shared === undefined,
        release() {
          if (one.users.delete(id) && one.users.size === 0) one.idleSinceMs = options.now()
        },
      }
    },
    inUse() {
      expire()
      return tuned.map((one) => ({ tuner: one.tuner, transponder: one.transponder, users: [...one.users.values()] }))
    },
  }
}

function quadrant(transponder: Transponder): string {
  return `${transponder.namespace >>> 16} ${transponder.band} ${transponder.polarisation}`
}
