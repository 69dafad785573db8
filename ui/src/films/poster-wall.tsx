import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { at } from '../api/base.ts'
import type { Pages } from '../grid/pages.ts'
import { windowOf } from '../grid/window.ts'
import { hueOf, initials } from '../text/format.ts'
import type { Entry } from './answers.ts'
import { words } from './words.ts'

/** Pixels of a poster with its title, as the style sheet draws it. */
const POSTER = { width: 168, height: 300 }

/** Posters in rows, of which only those in view exist. One tab stop; arrows move, Enter opens. */
export function PosterWall({
  pages,
  total,
  onOpen,
}: {
  pages: Pages<Entry>
  total: number
  onOpen: (entry: Entry) => void
}) {
  const wall = useRef<HTMLUListElement>(null)
  const view = useSignal({ top: 0, height: globalThis.innerHeight, columns: 4 })
  const chosen = useSignal(0)
  const moveFocus = useRef(false)
  const version = pages.version.value
  const { columns } = view.value

  useLayoutEffect(() => {
    const measure = () => {
      const element = wall.current
      if (element === null) return
      const { top, width } = element.getBoundingClientRect()
      const next = { top: -top, height: innerHeight, columns: Math.max(2, Math.floor(width / POSTER.width)) }
      const old = view.peek()
      if (old.top !== next.top || old.height !== next.height || old.columns !== next.columns) view.value = next
    }
    measure()
    addEventListener('scroll', measure, { passive: true })
    addEventListener('resize', measure)
    return () => {
      removeEventListener('scroll', measure)
      removeEventListener('resize', measure)
    }
  }, [view, total])

  const rows = windowOf({ ...view.value, rowHeight: POSTER.height, total: Math.ceil(total / columns), overscan: 2 })
  const first = rows.first * columns
  const last = Math.min(total, rows.last * columns)
  useEffect(() => pages.look({ first, last }, Date.now()), [pages, first, last, version])

  const focusChosen = () => {
    const button = wall.current?.querySelector<HTMLElement>(`[data-index="${chosen.peek()}"]`)
    moveFocus.current = button == null
    button?.focus()
  }
  useLayoutEffect(() => {
    if (moveFocus.current) focusChosen()
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    }
    const step = steps[event.key]
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    chosen.value = Math.max(0, Math.min(total - 1, chosen.peek() + step))
    focusChosen()
  }
  const stop = chosen.value >= first && chosen.value < last ? chosen.value : first

  return (
    <ul
      ref={wall}
      class="poster-wall"
      aria-label={words().list}
      style={{ '--rows': String(Math.ceil(total / columns)), '--columns': String(columns) }}
      onKeyDown={onKeyDown}
    >
      {Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index).map((index) => {
        const entry = pages.row(index)
        const place = { '--row': String(Math.floor(index / columns)), '--column': String(index % columns) }
        return (
          <li key={index} class="poster-slot" style={place} aria-posinset={index + 1} aria-setsize={total}>
            {entry !== null && (
              <button
                type="button"
                class="poster"
                data-index={index}
                tabIndex={index === stop ? 0 : -1}
                onFocus={() => {
                  chosen.value = index
                }}
                onClick={() => onOpen(entry)}
              >
                <Poster key={entry.id} entry={entry} />
                <span class="poster-name">{entry.name}</span>
                {entry.year !== null && <span class="poster-year">{entry.year}</span>}
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** The picture of a title, or its initials in a colour of its own. */
export function Poster({ entry }: { entry: Pick<Entry, 'name' | 'poster'> }) {
  const broken = useSignal(false)
  if (entry.poster !== null && !broken.value)
    return (
      <img
        class="poster-picture"
        src={at(entry.poster)}
        alt=""
        loading="lazy"
        decoding="async"
        onError={() => {
          broken.value = true
        }}
      />
    )
  return (
    <span class="poster-picture poster-letters" style={{ '--hue': String(hueOf(entry.name)) }} aria-hidden="true">
      {initials(entry.name)}
    </span>
  )
}
