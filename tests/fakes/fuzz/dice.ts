/** Foreseeable chance: the same seed gives the same throws. */
export type Dice = {
  /** A whole number from 0 to `below` - 1. */
  readonly roll: (below: number) => number
  readonly pick: <T>(items: readonly T[]) => T
  /** True `share` of the time. */
  readonly chance: (share: number) => boolean
}

/** Dice of a seed. Source: mulberry32, public domain. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const roll = (below: number): number => Math.floor(next() * below)
  return {
    roll,
    pick: <T>(items: readonly T[]): T => {
      const found = items[roll(items.length)]
      if (items.length === 0) throw new RangeError('There is nothing to pick from')
      return found as T
    },
    chance: (share) => next() < share,
  }
}
