import { formatClock } from '../text/format.ts'
import type { Cell } from './cells.ts'
import type { TimeLine } from './time-line.ts'
import { xOf } from './time-line.ts'
import { words } from './words.ts'

/** A programme on the time line, or a time of which nothing is known. Its title stays in view while it is scrolled. */
export function ProgrammeCell({
  cell,
  row,
  line,
  now,
  tabIndex,
  onOpen,
  onFocus,
}: {
  cell: Cell
  row: number
  line: TimeLine
  now: number
  tabIndex: number
  onOpen: () => void
  onFocus: () => void
}) {
  const { start, stop, programme } = cell
  const left = xOf(line, start)
  const state = stop <= now ? 'past' : start <= now ? 'running' : 'coming'
  return (
    <div role="gridcell" class="guide-cell" style={{ '--x': `${left}px`, '--w': `${xOf(line, stop) - left}px` }}>
      <button
        type="button"
        class={`guide-programme guide-${programme === null ? 'gap' : state}`}
        data-row={row}
        data-start={start}
        tabIndex={tabIndex}
        aria-disabled={programme === null}
        onClick={() => programme !== null && onOpen()}
        onFocus={onFocus}
      >
        <span class="guide-text">
          <span class="guide-title">{programme?.title ?? words().noProgramme}</span>
          {programme !== null && (
            <span class="guide-time">
              <time>{formatClock(programme.start)}</time>
              {programme.subtitle !== null && <span class="guide-subtitle">{programme.subtitle}</span>}
            </span>
          )}
        </span>
      </button>
    </div>
  )
}
