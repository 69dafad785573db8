import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Planner } from '../../../core/linear/planner.ts'
import { formatClock, formatDay } from '../text/format.ts'
import { stripPieces } from './day-strip.ts'
import { words } from './words.ts'

const HOUR_MS = 3_600_000
const HOUR_WIDTH = 190
const DAYS = 8
/** Narrower pieces have no room for a name, pixels. */
const LEAST_NAMED = 44

const widthOf = (start: number, stop: number): number => ((stop - start) / HOUR_MS) * HOUR_WIDTH

/** The midnights of this clock's days from today on. */
export function daysFrom(now: number): readonly number[] {
  const day = new Date(now)
  return Array.from({ length: DAYS }, (_, index) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + index).getTime(),
  )
}

/** What will really play on a day, drawn to scale; `day` is a midnight of this clock. */
export function PlanStrip({
  planner,
  days,
  day,
  isUnsaved,
  onDay,
}: {
  planner: Planner | null
  days: readonly number[]
  day: number
  isUnsaved: boolean
  onDay: (day: number) => void
}) {
  const texts = words().strip
  const to = days[days.indexOf(day) + 1] ?? day + 24 * HOUR_MS
  const pieces = useMemo(
    () => (planner === null ? [] : stripPieces(planner.items(day, to), day, to)),
    [planner, day, to],
  )
  const scroller = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    // Today begins with now, other days with the morning.
    const hour = Date.now() > day && Date.now() < to ? (Date.now() - day) / HOUR_MS - 0.5 : 6
    element.scrollLeft = Math.max(0, hour * HOUR_WIDTH)
  }, [day, to, planner === null])
  const isEmpty = planner !== null && pieces.every(({ kind }) => kind === 'off')
  return (
    <section class="strip" aria-label={texts.title}>
      <header class="strip-head">
        <h2>
          {texts.title}
          {isUnsaved && <small> {texts.unsaved}</small>}
        </h2>
        <div class="guide-days" role="group" aria-label={texts.days}>
          {days.map((one, index) => (
            <button key={one} type="button" class="chip" aria-pressed={one === day} onClick={() => onDay(one)}>
              {[texts.today, texts.tomorrow][index] ?? formatDay(one + 12 * HOUR_MS)}
            </button>
          ))}
        </div>
      </header>
      {planner === null && <p class="help">{texts.loading}</p>}
      {isEmpty && <p class="nothing">{texts.nothing}</p>}
      <div class="strip-line" ref={scroller} tabIndex={0} role="group" aria-label={texts.title}>
        <ol class="plain strip-pieces" style={{ width: `${((to - day) / HOUR_MS) * HOUR_WIDTH}px` }}>
          {pieces.map(({ id, start, stop, kind, title }) => {
            const name = title === '' ? texts.kinds[kind] : title
            const label = texts.item(name, formatClock(start), formatClock(stop))
            return (
              <li
                key={`${id}/${start}`}
                class={`strip-piece strip-${kind}`}
                style={{
                  left: `${((start - day) / HOUR_MS) * HOUR_WIDTH}px`,
                  width: `${widthOf(start, stop)}px`,
                }}
                title={label}
              >
                <span class="visually-hidden">{label}</span>
                {widthOf(start, stop) >= LEAST_NAMED && (
                  <span class="strip-name" aria-hidden="true">
                    <small>{formatClock(start)}</small> {name}
                  </span>
                )}
              </li>
            )
          })}
        </ol>
      </div>
    </section>
  )
}
