import { atOnce, eachInSteps, mapInSteps } from '../steps.ts'
import type { Steps } from '../steps.ts'
import { parseChannelNumber } from './channel.ts'
import type { NumberRange } from './rules.ts'

/** What number a new channel would like: the one its source gives it, and the range that a rule gives it. */
export type NumberWish = { readonly wanted: string | null; readonly range: NumberRange | null }

/** Gives channel numbers that nobody has. */
export interface Numbering {
  /**
   * One number for each wish, in the same order: the wanted one if it is free and in the range, else the first free one
   * of the range, else the next free whole number.
   *
   * All wanted numbers are granted before free ones are given, so that a channel without a wish never takes a number
   * that another one of the same list is known by. "Next free" rises from the highest whole number in use: gaps in a
   * receiver's numbering are its owner's intention (numbered markers) and stay open. Numbers of ranges go only to
   * channels of that range.
   */
  give(wishes: readonly NumberWish[]): readonly string[]
}

// Numbers above are ids in disguise (stream_id 1418302): they are kept as numbers but do not push the others up.
const HIGHEST_USUAL_NUMBER = 99_999

/** Numbering of a line-up in which `taken` are in use, also by channels that are gone; `ranges`: those of all rules. */
export function createNumbering(taken: readonly string[], ranges: readonly NumberRange[] = []): Numbering {
  const used = new Set(taken)
  return { give: (wishes) => atOnce(giveNumbers(used, ranges, wishes)) }
}

/** `createNumbering(taken, ranges).give(wishes)` step by step. */
export function* numberingSteps(
  taken: readonly string[],
  ranges: readonly NumberRange[],
  wishes: readonly NumberWish[],
): Steps<readonly string[]> {
  const used = new Set<string>()
  yield* eachInSteps(taken, (number) => void used.add(number))
  return yield* giveNumbers(used, ranges, wishes)
}

/** Gives what is free and adds it to `used`. */
function* giveNumbers(
  used: Set<string>,
  ranges: readonly NumberRange[],
  wishes: readonly NumberWish[],
): Steps<readonly string[]> {
  const cursors = new Map<NumberRange, number>()
  const take = (number: string): string | null => {
    if (used.has(number)) return null
    used.add(number)
    return number
  }
  const inRange = (range: NumberRange): string | null => {
    for (let next = cursors.get(range) ?? range.from; next <= range.to; next++) {
      cursors.set(range, next + 1)
      const number = take(String(next))
      if (number !== null) return number
    }
    return null
  }
  const given = yield* mapInSteps(wishes, ({ wanted, range }) => {
    const number = wanted === null ? null : parseChannelNumber(wanted)
    if (number === null) return null
    const isWelcome = range === null ? !ranges.some((one) => isIn(number, one)) : isIn(number, range)
    return isWelcome ? take(number) : null
  })
  const placed = yield* mapInSteps(given, (number, index) => {
    const range = wishes[index]?.range ?? null
    return number ?? (range === null ? null : inRange(range))
  })
  let next = yield* highestUsual(used, ranges)
  return yield* mapInSteps(placed, (number) => {
    if (number !== null) return number
    do next = ranges.find((range) => isIn(String(next + 1), range))?.to ?? next + 1
    while (used.has(String(next)) || ranges.some((range) => isIn(String(next), range)))
    used.add(String(next))
    return String(next)
  })
}

const isIn = (number: string, { from, to }: NumberRange): boolean => {
  const whole = Math.trunc(Number(number))
  return whole >= from && whole <= to
}

/** Numbers in ranges do not count: a range at 9000 should not push all others behind it. */
function* highestUsual(used: ReadonlySet<string>, ranges: readonly NumberRange[]): Steps<number> {
  let highest = 0
  yield* eachInSteps(used, (number) => {
    const whole = Math.trunc(Number(number))
    if (whole > highest && whole <= HIGHEST_USUAL_NUMBER && !ranges.some((range) => isIn(number, range)))
      highest = whole
  })
  return highest
}
