import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { at } from '../api/base.ts'
import { windowOf } from '../grid/window.ts'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import type { Broadcast } from './answers.ts'
import { cellAt, cellsOf } from './cells.ts'
import type { Cell } from './cells.ts'
import type { GuideTiles, RowHead } from './guide-tiles.ts'
import { move } from './moves.ts'
import type { Cursor } from './moves.ts'
import { ProgrammeCell } from './programme-cell.tsx'
import { Ruler } from './ruler.tsx'
import { instantOf, xOf } from './time-line.ts'
import type { TimeLine } from './time-line.ts'
import { useGuideView } from './view.ts'
import { words } from './words.ts'

/** Browsers end a page of more than some 17 million pixels; nobody scrolls there: groups and the search lead further. */
const MOST_ROWS = 200_000
const HOUR_MS = 3_600_000
/** What is drawn beyond the edges, so that a flick does not show an empty room. */
const ROWS_BEYOND = 4
const MS_BEYOND = HOUR_MS

/** What the page may tell the grid. */
export type GuideHandle = {
  /** Brings an instant to the left edge, and a row into view; the row's programme then is where the keyboard stands. */
  goTo(target: { readonly at: number; readonly row?: number; readonly focus?: boolean }): void
}

/** Channels downwards, time to the right; only what is looked at exists. One tab stop, arrows from programme to programme. */
export function GuideGrid({
  tiles,
  span,
  now,
  handle,
  onOpen,
  onLook,
}: {
  tiles: GuideTiles
  /** From which to which instant one can scroll. */
  span: { readonly from: number; readonly to: number }
  now: number
  handle: { current: GuideHandle | null }
  onOpen: (broadcast: Broadcast) => void
  /** The instant at the left edge, when it changes. */
  onLook: (instant: number) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const view = useGuideView(scroller).value
  const cursor = useSignal<Cursor>({ row: 0, at: now })
  const moveFocus = useRef(false)
  const version = tiles.version.value
  const total = Math.min(MOST_ROWS, tiles.total.value ?? 0)
  const line: TimeLine = { ...span, hourWidth: view?.hourWidth ?? 240 }
  const width = xOf(line, span.to)

  const left = view === null ? now : instantOf(line, view.left)
  const right = view === null ? now : instantOf(line, view.left + view.width)
  const drawn = { from: Math.max(span.from, left - MS_BEYOND), to: Math.min(span.to, right + MS_BEYOND) }
  const rows =
    view === null ? { first: 0, last: 0 } : windowOf({ ...view, total: Math.max(total, 1), overscan: ROWS_BEYOND })

  const cells = (row: number, from = drawn.from, to = drawn.to): readonly Cell[] =>
    tiles.isKnown(row, from, to) || tiles.programmes(row, from, to).length > 0
      ? cellsOf(tiles.programmes(row, from, to), from, to)
      : []

  const show = ({ row, at: instant }: Cursor): void => {
    const element = scroller.current
    if (element === null || view === null) return
    const top = row * view.rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + view.rowHeight > element.scrollTop + view.height)
      element.scrollTop = top + view.rowHeight - view.height
    const x = xOf(line, instant)
    if (x < element.scrollLeft || x > element.scrollLeft + view.width - line.hourWidth / 4)
      element.scrollLeft = Math.max(0, x - line.hourWidth / 2)
  }

  const focusCursor = (): void => {
    const { row, at: instant } = cursor.peek()
    const start = cellAt(cells(row), instant)?.start
    const button = scroller.current?.querySelector<HTMLElement>(`[data-row="${row}"][data-start="${start}"]`)
    moveFocus.current = button == null
    button?.focus({ preventScroll: true })
  }

  handle.current = {
    goTo({ at: instant, row, focus = false }) {
      const element = scroller.current
      if (element === null || view === null) return
      element.scrollLeft = Math.max(0, xOf(line, instant) - line.hourWidth / 2)
      if (row !== undefined) element.scrollTop = Math.max(0, row * view.rowHeight - view.height / 3)
      cursor.value = { row: row ?? cursor.peek().row, at: instant }
      if (focus) moveFocus.current = true
    },
  }

  // The first look is at now, a little from the left edge.
  const isMeasured = view !== null
  useLayoutEffect(() => {
    const element = scroller.current
    if (isMeasured && element !== null) element.scrollLeft = Math.max(0, xOf(line, now) - line.hourWidth / 2)
  }, [isMeasured])

  useEffect(() => {
    if (isMeasured) tiles.look({ ...rows, ...drawn })
  }, [tiles, isMeasured, rows.first, rows.last, drawn.from, drawn.to, version])
  useEffect(() => onLook(left), [onLook, left])
  // A programme that was far away exists only after the next drawing, perhaps only after an answer.
  useLayoutEffect(() => {
    if (moveFocus.current) focusCursor()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || view === null) return
    const page = Math.max(1, Math.floor(view.height / view.rowHeight) - 1)
    const next =
      event.key === 'n' || event.key === 'N'
        ? { row: cursor.value.row, at: now }
        : move(event.key, cursor.value, { total, page, cells, ...span })
    if (next === null) return
    event.preventDefault()
    cursor.value = next
    show(next)
    focusCursor()
  }

  // What is in the tab order must exist, also while the cursor is scrolled out of view.
  const { row: wantedRow, at: wantedAt } = cursor.value
  const isInView = wantedRow >= rows.first && wantedRow < rows.last
  const stopRow = isInView ? wantedRow : rows.first
  const stopAt = wantedAt >= drawn.from && wantedAt < drawn.to ? wantedAt : Math.max(left, span.from)
  const stopStart = cellAt(cells(stopRow), stopAt)?.start

  return (
    <div
      ref={scroller}
      class="guide-scroller"
      role="grid"
      aria-label={words().grid}
      aria-rowcount={total}
      onKeyDown={onKeyDown}
    >
      <div class="guide-plane" role="presentation" style={{ '--rows': String(total), '--width': `${width}px` }}>
        <Ruler line={line} from={drawn.from} to={drawn.to} />
        {Array.from({ length: Math.min(rows.last, total) - rows.first }, (_, index) => rows.first + index).map(
          (row) => {
            const head = tiles.head(row)
            return (
              <div key={row} class="guide-row" role="row" aria-rowindex={row + 1} style={{ '--index': String(row) }}>
                <Head head={head} />
                {head !== null &&
                  cells(row).map((cell) => (
                    <ProgrammeCell
                      key={cell.start}
                      cell={cell}
                      row={row}
                      line={line}
                      now={now}
                      tabIndex={row === stopRow && cell.start === stopStart ? 0 : -1}
                      onFocus={() => {
                        const { at: instant } = cursor.peek()
                        const isThere = cell.start <= instant && instant < cell.stop
                        cursor.value = { row, at: isThere ? instant : cell.start }
                      }}
                      onOpen={() => cell.programme !== null && onOpen({ ...head, programme: cell.programme })}
                    />
                  ))}
              </div>
            )
          },
        )}
        {now >= span.from && now < span.to && (
          <div class="guide-now" aria-hidden="true" style={{ '--x': `${xOf(line, now)}px` }} />
        )}
      </div>
    </div>
  )
}

function Head({ head }: { head: RowHead | null }) {
  if (head === null) return <div role="rowheader" class="guide-head" aria-busy="true" />
  const { channelId, number, name } = head
  return (
    <div role="rowheader" class="guide-head">
      <a href={at(`/player/any/${encodeURIComponent(channelId)}`)} tabIndex={-1}>
        <ChannelLogo channel={{ id: channelId, name, hasLogo: head.hasLogo, ownLogo: head.ownLogo }} />
        <span class="guide-channel">
          <span class="guide-name">{name}</span>
          <span class="channel-number">{number}</span>
        </span>
      </a>
    </div>
  )
}
