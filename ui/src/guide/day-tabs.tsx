import { formatDay } from '../text/format.ts'
import { words } from './words.ts'

const DAY_MS = 24 * 3_600_000

/** The days of the guide; the one that is looked at is pressed. */
export function DayTabs({
  days,
  looked,
  now,
  onChoose,
  onNow,
}: {
  /** Midnights, in order. */
  days: readonly number[]
  looked: number
  now: number
  onChoose: (day: number) => void
  onNow: () => void
}) {
  const today = days.findLastIndex((day) => day <= now)
  const current = days.findLastIndex((day) => day <= looked)
  const name = (index: number, day: number): string => {
    const { yesterday, today: thisDay, tomorrow } = words()
    return [yesterday, thisDay, tomorrow][index - today + 1] ?? formatDay(day + DAY_MS / 2)
  }
  return (
    <div class="guide-days" role="group" aria-label={words().days}>
      <button type="button" class="chip guide-to-now" onClick={onNow}>
        {words().now}
      </button>
      {days.map((day, index) => (
        <button type="button" key={day} class="chip" aria-pressed={index === current} onClick={() => onChoose(day)}>
          {name(index, day)}
        </button>
      ))}
    </div>
  )
}
