/** A stretch of time drawn from left to right: `hourWidth` pixels an hour from `from` on, epoch milliseconds. */
export type TimeLine = { readonly from: number; readonly to: number; readonly hourWidth: number }

const HOUR_MS = 3_600_000

/** Where an instant is drawn, pixels from the left end. */
export const xOf = ({ from, hourWidth }: TimeLine, instant: number): number => ((instant - from) / HOUR_MS) * hourWidth

/** What instant is drawn there. */
export const instantOf = ({ from, hourWidth }: TimeLine, x: number): number => from + (x / hourWidth) * HOUR_MS

/** The midnights of this clock's days, from `past` days before the day of `now` to `ahead` days after it. */
export function daysAround(now: number, { past, ahead }: { past: number; ahead: number }): readonly number[] {
  const day = new Date(now)
  // Days of 23 and 25 hours exist: the calendar counts them, not a multiple of 24 hours.
  return Array.from({ length: past + ahead + 1 }, (_, index) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() - past + index).getTime(),
  )
}

/** The half hours between two instants, each on the clock's full or half hour. */
export function halfHours(from: number, to: number): readonly number[] {
  const first = Math.ceil(from / (HOUR_MS / 2))
  const last = Math.floor(to / (HOUR_MS / 2))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * (HOUR_MS / 2))
}
