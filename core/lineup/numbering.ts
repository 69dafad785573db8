import { parseChannelNumber } from './channel.ts'

/** Gives channel numbers that nobody has. */
export interface Numbering {
  /**
   * One number for each wish, in the same order: the wish itself if it is free, else the next free whole number.
   *
   * All wishes are granted before free numbers are given, so that a channel without a wish never takes a number that
   * another one of the same list is known by. "Next free" rises from the highest whole number in use: gaps in a
   * receiver's numbering are its owner's intention (numbered markers) and stay open.
   */
  give(wishes: readonly (string | null)[]): readonly string[]
}

// Numbers above are ids in disguise (stream_id 1418302): they are kept as numbers but do not push the others up.
const HIGHEST_USUAL_NUMBER = 99_999

/** Numbering of a line-up in which `taken` are in use, also by channels that are gone. */
export function createNumbering(taken: readonly string[]): Numbering {
  const used = new Set(taken)
  return {
    give(wishes) {
      const given = wishes.map((wish) => {
        const number = wish === null ? null : parseChannelNumber(wish)
        if (number === null || used.has(number)) return null
        used.add(number)
        return number
      })
      let next = highestUsual(used)
      return given.map((number) => {
        if (number !== null) return number
        do next++
        while (used.has(String(next)))
        used.add(String(next))
        return String(next)
      })
    },
  }
}

function highestUsual(used: ReadonlySet<string>): number {
  let highest = 0
  for (const number of used) {
    const whole = Math.trunc(Number(number))
    if (whole > highest && whole <= HIGHEST_USUAL_NUMBER) highest = whole
  }
  return highest
}
