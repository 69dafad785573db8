import { clockMs, WEEKDAYS } from '../../../core/linear/document/values.ts'
import type { Slot } from '../../../core/linear/document/slot.ts'

/** Minutes of a day on the wall. Days of 23 and 25 hours are drawn like all others: a week calendar has no dates of its own. */
export const DAY_MINUTES = 1440

/** A part of a slot inside one day of the week: `day` 0 … 6 from Monday, minutes from midnight; `to` ≤ 1440. */
export type Block = {
  readonly slot: string
  readonly day: number
  readonly from: number
  readonly to: number
  /** The slot begins here; false: it goes on from the day before. */
  readonly isStart: boolean
}

type Timed = Pick<Slot, 'id' | 'at' | 'days' | 'from' | 'until'>

/**
 * How the slots lie in the week that begins on `monday` (`YYYY-MM-DD`). Each holds until the next one begins, over
 * midnight and over days without slots too; before the first one of the week the last one of the week before goes on.
 */
export function weekBlocks(slots: readonly Timed[], monday: string): readonly Block[] {
  const starts = startsOf(slots, monday)
  const blocks: Block[] = []
  for (const [index, { slot, minute }] of starts.entries()) {
    const end = starts[index + 1]?.minute ?? 7 * DAY_MINUTES
    for (let from = Math.max(0, minute); from < end;) {
      const day = Math.floor(from / DAY_MINUTES)
      const to = Math.min(end, (day + 1) * DAY_MINUTES)
      const midnight = day * DAY_MINUTES
      blocks.push({ slot, day, from: from - midnight, to: to - midnight, isStart: from === minute })
      from = to
    }
  }
  return blocks
}

/** Every start from a week before the Monday on, in order; of two at the same minute the last written one. */
function startsOf(
  slots: readonly Timed[],
  monday: string,
): readonly { readonly slot: string; readonly minute: number }[] {
  const starts = new Map<number, string>()
  for (let day = -7; day < 7; day++) {
    const date = addDays(monday, day)
    const weekday = WEEKDAYS[(day + 7) % 7]
    for (const slot of slots) {
      const isOn =
        (slot.days === null || slot.days.some((one) => one === weekday)) &&
        (slot.from === null || slot.from <= date) &&
        (slot.until === null || date <= slot.until)
      if (isOn) starts.set(day * DAY_MINUTES + minuteOf(slot.at), slot.id)
    }
  }
  return [...starts].map(([minute, slot]) => ({ minute, slot })).toSorted((a, b) => a.minute - b.minute)
}

/** Minutes from midnight that a time of day says; seconds are left out. */
export const minuteOf = (at: string): number => Math.floor(clockMs(at) / 60_000)

/** The time of day so many minutes after midnight, `HH:MM`; more than a day begins anew. */
export function printMinute(minute: number): string {
  const inDay = ((Math.round(minute) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`
}

/** A day of the calendar so many days later. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** The Monday of the week of a day. */
export const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

/** The day of the calendar that a clock in this zone shows at an instant, `YYYY-MM-DD`. */
export const dayIn = (zone: string, instant: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    instant,
  )
