import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { ChannelAnswer } from '../api/answers.ts'
import { ChannelRow } from './channel-row.tsx'
import type { ChannelPages } from './channel-pages.ts'
import { windowOf } from '../grid/window.ts'
import { words } from './words.ts'

/** What the list can be told from outside (the search field's arrow key). */
export type ListHandle = { enter(): void }

/**
 * The channels as rows of equal height, of which only those in view exist.
 *
 * One row is in the tab order; arrows, Page, Home and End move it, Enter plays.
 */
export function ChannelList({
  pages,
  total,
  now,
  handle,
}: {
  pages: ChannelPages
  total: number
  now: number
  handle: { current: ListHandle | null }
}) {
  const list = useRef<HTMLOListElement>(null)
  const view = useSignal({ top: 0, height: globalThis.innerHeight, rowHeight: 76 })
  const chosen = useSignal(0)
  const moveFocus = useRef(false)
  // Answers fill rows, or empty them when the line-up has changed: draw and look again when one arrives.
  const version = pages.version.value
  const shown = windowOf({ ...view.value, total, overscan: 6 })

  useLayoutEffect(() => {
    const measure = () => {
      const element = list.current
      if (element === null) return
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 76
      const top = -element.getBoundingClientRect().top
      const { height, ...old } = view.peek()
      if (old.top !== top || old.rowHeight !== rowHeight || height !== innerHeight) {
        view.value = { top, height: innerHeight, rowHeight }
      }
    }
    measure()
    addEventListener('scroll', measure, { passive: true })
    addEventListener('resize', measure)
    return () => {
      removeEventListener('scroll', measure)
      removeEventListener('resize', measure)
    }
  }, [view, total])

  const { first, last } = shown
  useEffect(() => pages.look({ first, last }, now), [pages, first, last, now, version])

  const focusRow = () => {
    const link = list.current?.querySelector<HTMLElement>(`[data-row="${chosen.peek()}"] a`)
    moveFocus.current = link == null
    link?.focus({ preventScroll: true })
  }

  const goTo = (row: number) => {
    const index = Math.max(0, Math.min(total - 1, row))
    chosen.value = index
    const element = list.current
    if (element === null) return
    const { rowHeight } = view.peek()
    const top = element.getBoundingClientRect().top + index * rowHeight
    // Keeps the row clear of the page's bar above and the edge below.
    if (top < 150) scrollBy({ top: top - 150 })
    else if (top + rowHeight > innerHeight - 16) scrollBy({ top: top + rowHeight - innerHeight + 16 })
    focusRow()
  }
  handle.current = { enter: () => goTo(chosen.peek()) }

  // A row that was far away exists only after the next drawing, its channel perhaps only after an answer.
  useLayoutEffect(() => {
    if (moveFocus.current) focusRow()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const page = Math.max(1, Math.floor(innerHeight / view.peek().rowHeight) - 3)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: chosen.value + 1,
      ArrowUp: chosen.value - 1,
      PageDown: chosen.value + page,
      PageUp: chosen.value - page,
      Home: 0,
      End: total - 1,
    }
    const row = moves[event.key]
    if (row === undefined) return
    event.preventDefault()
    goTo(row)
  }

  const rows: { index: number; channel: ChannelAnswer | null }[] = []
  for (let index = first; index < last; index += 1) rows.push({ index, channel: pages.row(index) })
  // The row in the tab order must exist even while it is scrolled out of view.
  const focusable = chosen.value >= first && chosen.value < last ? chosen.value : first

  return (
    <ol
      ref={list}
      class="channels"
      style={{ '--rows': String(total) }}
      aria-label={words().channels}
      onKeyDown={onKeyDown}
    >
      {rows.map(({ index, channel }) => (
        <li
          key={index}
          data-row={index}
          class="channel-slot"
          style={{ '--index': String(index) }}
          aria-posinset={index + 1}
          aria-setsize={total}
        >
          {channel === null ? (
            <span class="channel channel-empty" aria-hidden="true" />
          ) : (
            <ChannelRow
              channel={channel}
              now={now}
              tabIndex={index === focusable ? 0 : -1}
              onFocus={() => {
                chosen.value = index
              }}
            />
          )}
        </li>
      ))}
    </ol>
  )
}
