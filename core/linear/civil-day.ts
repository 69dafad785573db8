import { zoneOffset } from '../wall-clock.ts'
import { WEEKDAYS } from './document/values.ts'
import type { Weekday } from './document/values.ts'

const DAY_MS = 86_400_000
/** No zone changes its clock twice within so long, except for months on end. */
const BLOCK_MS = 8 * DAY_MS
const MOST_BLOCKS = 2000

/**
 * The days of a channel: a day begins when the clock of its zone shows `dayStart`, and is named by its date, counted in
 * days since 1970. Days around a change of the clock are 23 or 25 hours long.
 */
export type Calendar = {
  /** The day that an instant lies in. */
  dayOf(instant: number): number
  /** When a day begins. */
  startOf(day: number): number
  /**
   * When the clock shows a time (milliseconds from midnight) on a date. A time that is left out when clocks are put
   * forward is that much later; of one that comes twice it is the first.
   */
  instantOf(date: number, clockMs: number): number
  /** The next instant, or this one, at which the clock shows a full multiple of so many milliseconds. */
  paddedTo(instant: number, gridMs: number): number
}

/** The days of a zone (IANA). Instants of the clock are asked of the platform once in eight days and around changes. */
export function createCalendar(zone: string, dayStartMs: number): Calendar {
  const offsetAt = createOffsets(zone)

  const instantOf = (date: number, clockMs: number): number => {
    const reading = date * DAY_MS + clockMs
    const before = offsetAt(reading - DAY_MS)
    const after = offsetAt(reading + DAY_MS)
    const early = reading - Math.max(before, after)
    if (before === after) return early
    // Of two instants with this reading the first; where there is none, as if the clock had not been changed yet.
    for (const offset of [Math.max(before, after), Math.min(before, after)])
      if (offsetAt(reading - offset) === offset) return reading - offset
    return reading - before
  }

  const starts = new Map<number, number>()
  const startOf = (day: number): number => {
    const known = starts.get(day)
    if (known !== undefined) return known
    if (starts.size > MOST_BLOCKS) starts.clear()
    const start = instantOf(day, dayStartMs)
    starts.set(day, start)
    return start
  }

  return {
    startOf,
    instantOf,
    dayOf(instant) {
      let day = Math.floor((instant + offsetAt(instant) - dayStartMs) / DAY_MS)
      while (instant < startOf(day)) day--
      while (instant >= startOf(day + 1)) day++
      return day
    },
    paddedTo(instant, gridMs) {
      const offset = offsetAt(instant)
      return Math.ceil((instant + offset) / gridMs) * gridMs - offset
    },
  }
}

/** What a zone's clock is ahead of UTC. Intl is slow: it is asked at the borders of blocks, and searched only if they differ. */
function createOffsets(zone: string): (instant: number) => number {
  const ask = zoneOffset(zone) ?? (() => 0)
  const blocks = new Map<number, { readonly change: number; readonly before: number; readonly after: number }>()
  const read = (block: number): { change: number; before: number; after: number } => {
    const [start, stop] = [block * BLOCK_MS, (block + 1) * BLOCK_MS]
    const [before, after] = [ask(start), ask(stop)]
    let [low, high] = [start, stop]
    if (before === after) return { change: stop, before, after }
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (ask(middle) === before) low = middle
      else high = middle
    }
    return { change: high, before, after }
  }
  return (instant) => {
    const number = Math.floor(instant / BLOCK_MS)
    let block = blocks.get(number)
    if (block === undefined) {
      if (blocks.size > MOST_BLOCKS) blocks.clear()
      block = read(number)
      blocks.set(number, block)
    }
    return instant < block.change ? block.before : block.after
  }
}

/** The number of a date `YYYY-MM-DD`: days since 1970. */
export const dateNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS

/** A date by its number, as `YYYY-MM-DD`. */
export const dateText = (date: number): string => new Date(date * DAY_MS).toISOString().slice(0, 10)

/** The day of the week of a date. 1970 began on a Thursday. */
export const weekdayOf = (date: number): Weekday => WEEKDAYS[(((date + 3) % 7) + 7) % 7] ?? 'mon'
