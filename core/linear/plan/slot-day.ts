import { dateNumber, weekdayOf } from '../civil-day.ts'
import type { Calendar } from '../civil-day.ts'
import { clockMs } from '../document/values.ts'
import type { Revision } from '../document/revision.ts'
import type { Slot } from '../document/slot.ts'

/** A slot at the instant at which it begins. */
export type Occasion = { readonly slot: Slot; readonly start: number }

/** Which slots begin on which day. */
export type SlotDays = {
  /** Those of a day, in order; of several at the same instant the last one written holds. */
  on(day: number): readonly Occasion[]
  /** The slot that still holds when a day begins; null: none began within a week. */
  heldOver(day: number): Slot | null
}

/** Slots hold for so long without another. */
const MOST_DAYS = 7
const MOST_KEPT = 64

/** The slots of a revision by days of a channel. */
export function createSlotDays(revision: Revision, calendar: Calendar, dayStartMs: number): SlotDays {
  const slots = revision.slots.map((slot) => ({
    slot,
    ms: clockMs(slot.at),
    from: slot.from === null ? -Infinity : dateNumber(slot.from),
    until: slot.until === null ? Infinity : dateNumber(slot.until),
    days: slot.days === null ? null : new Set(slot.days),
  }))
  const kept = new Map<number, readonly Occasion[]>()

  const find = (day: number): readonly Occasion[] => {
    const [start, stop] = [calendar.startOf(day), calendar.startOf(day + 1)]
    const found = slots.flatMap(({ slot, ms, from, until, days }): Occasion[] => {
      const date = ms >= dayStartMs ? day : day + 1
      if (date < from || date > until || (days !== null && !days.has(weekdayOf(date)))) return []
      // A change of the clock may move a time over the border of the day.
      return [{ slot, start: Math.min(Math.max(calendar.instantOf(date, ms), start), stop) }]
    })
    const sorted = found.filter((occasion) => occasion.start < stop).toSorted((a, b) => a.start - b.start)
    return sorted.filter((occasion, index) => sorted[index + 1]?.start !== occasion.start)
  }
  const on = (day: number): readonly Occasion[] => {
    const ready = kept.get(day)
    if (ready !== undefined) return ready
    if (kept.size >= MOST_KEPT) kept.clear()
    const found = find(day)
    kept.set(day, found)
    return found
  }
  return {
    on,
    heldOver(day) {
      for (let before = day - 1; before >= day - MOST_DAYS; before--) {
        const last = on(before).at(-1)
        if (last !== undefined) return last.slot
      }
      return null
    },
  }
}
