import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import type { Revision } from '../../../core/linear/document/revision.ts'
import type { Slot } from '../../../core/linear/document/slot.ts'
import { words } from './words.ts'

/** What a slot shows, in a few words. */
export function showName({ slots, pools }: Pick<Revision, 'slots' | 'pools'>, { show, guide }: Slot): string {
  if (guide !== null) return guide.title
  switch (show.kind) {
    case 'pool':
      return pools.some(({ id }) => id === show.pool) ? show.pool : words().show.missing
    case 'live':
      return words().show.live(show.channel)
    case 'rerun': {
      const origin = slots.find(({ id }) => id === show.rerunOf)
      const name =
        origin === undefined || origin.show.kind === 'rerun' ? show.rerunOf : showName({ slots, pools }, origin)
      return words().show.rerun(name)
    }
    case 'off':
      return words().show.off
    default:
      return show satisfies never
  }
}

/** The days of a slot, in a few words. */
export const daysName = ({ days }: Pick<Slot, 'days'>): string =>
  days === null || days.length === 7
    ? words().list.every
    : WEEKDAYS.filter((day) => days.includes(day))
        .map((day) => words().weekdays[day])
        .join(' ')

/** A day of the week by its place from Monday, 0 … 6. */
export const dayName = (day: number): string => words().weekdaysLong[WEEKDAYS[day] ?? 'mon']
