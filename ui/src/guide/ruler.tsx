import { formatClock, formatDay } from '../text/format.ts'
import type { TimeLine } from './time-line.ts'
import { halfHours, xOf } from './time-line.ts'

/** The half hours above the programmes. What they say stands in each programme too, so it is not read out. */
export function Ruler({ line, from, to }: { line: TimeLine; from: number; to: number }) {
  return (
    <div class="guide-ruler" aria-hidden="true">
      {halfHours(from, to).map((instant) => (
        <span key={instant} class="guide-tick" style={{ '--x': `${xOf(line, instant)}px` }}>
          {formatClock(instant)}
          {new Date(instant).getHours() === 0 && new Date(instant).getMinutes() === 0 && (
            <small>{formatDay(instant)}</small>
          )}
        </span>
      ))}
    </div>
  )
}
