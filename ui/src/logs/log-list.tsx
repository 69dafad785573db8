import { useSignal } from '@preact/signals'
import type { Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { formatClockSeconds, formatDateTime } from '../text/format.ts'
import type { LogLine } from './answers.ts'
import { gist } from './gist.ts'
import type { LogSource } from './log-source.ts'
import { words } from './words.ts'

/** Height of a row, as `logs.css` has it. */
const ROW_PX = 36
/** Rows above and below what is seen. */
const SPARE = 10
/** Lines are asked for where scrolling rests for so long: whoever drags through all of them means the last ones. */
const REST_MS = 80

/** The lines, of which only those in sight are in the page: one tab stop, arrows, Enter opens. */
export function LogList({
  source,
  isAtTop,
  onOpen,
}: {
  source: LogSource
  isAtTop: Signal<boolean>
  onOpen: (line: LogLine) => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const top = useSignal(0)
  const height = useSignal(800)
  const active = useSignal(0)
  const version = source.version.value
  const size = source.size()
  const first = Math.max(0, Math.floor(top.value / ROW_PX) - SPARE)
  const last = Math.min(size, Math.ceil((top.value + height.value) / ROW_PX) + SPARE)
  const current = Math.min(active.value, size - 1)

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      if (entry !== undefined) height.value = entry.contentRect.height
    })
    if (box.current !== null) watch.observe(box.current)
    return () => watch.disconnect()
  }, [height])
  useEffect(() => {
    if (isAtTop.value && box.current !== null) box.current.scrollTop = 0
  }, [isAtTop.value])

  useEffect(() => {
    const timer = setTimeout(() => source.look(first, last), REST_MS)
    return () => clearTimeout(timer)
  }, [source, first, last, version])

  const go = (place: number) => {
    active.value = Math.max(0, Math.min(size - 1, place))
    const rowTop = active.value * ROW_PX
    const { current: list } = box
    if (list === null) return
    if (rowTop < list.scrollTop) list.scrollTop = rowTop
    else if (rowTop + ROW_PX > list.scrollTop + list.clientHeight) list.scrollTop = rowTop + ROW_PX - list.clientHeight
  }
  const onKey = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height.value / ROW_PX) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: size - 1,
    }
    const place = steps[event.key]
    if (place !== undefined) go(place)
    else if (event.key === 'Enter') {
      const line = source.line(current)
      if (line !== null) onOpen(line)
    } else return
    event.preventDefault()
  }
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
  return (
    <div
      ref={box}
      class="logs-list"
      role="listbox"
      aria-label={words().list}
      aria-activedescendant={`line-${current}`}
      tabIndex={0}
      onKeyDown={onKey}
      onScroll={(event) => {
        top.value = event.currentTarget.scrollTop
        isAtTop.value = event.currentTarget.scrollTop < ROW_PX
        if (isAtTop.value) source.show()
      }}
    >
      <div class="logs-space" role="presentation" style={{ height: `${size * ROW_PX}px` }}>
        {rows.map((place) => (
          <Row
            key={place}
            place={place}
            size={size}
            line={source.line(place)}
            isActive={place === current}
            onOpen={(line) => {
              active.value = place
              onOpen(line)
            }}
          />
        ))}
      </div>
    </div>
  )
}

function Row({
  place,
  size,
  line,
  isActive,
  onOpen,
}: {
  place: number
  size: number
  line: LogLine | null
  isActive: boolean
  onOpen: (line: LogLine) => void
}) {
  return (
    <div
      id={`line-${place}`}
      class={`logs-row${line === null ? '' : ` logs-${line.level}`}`}
      role="option"
      aria-selected={isActive}
      aria-setsize={size}
      aria-posinset={place + 1}
      style={{ transform: `translateY(${place * ROW_PX}px)` }}
      onClick={() => line !== null && onOpen(line)}
    >
      {line !== null && (
        <>
          <time dateTime={new Date(line.at).toISOString()} title={formatDateTime(line.at)}>
            {formatClockSeconds(line.at)}
          </time>
          <span class="logs-level">{words().levels[line.level]}</span>
          <span class="logs-event">{line.event}</span>
          <span class="logs-gist">{gist(line.facts)}</span>
        </>
      )}
    </div>
  )
}
