import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext, useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import { words } from '../shell/words.ts'
import { Icon } from './icon.tsx'

/** A short message about something that was done, with the way back. */
export type Toast = {
  readonly text: string
  /** Takes it back; what goes wrong with that is shown as a toast of its own. */
  readonly undo?: () => Promise<void>
  /** It went wrong: stays until it is dismissed. */
  readonly bad?: boolean
}

type Shown = Toast & { readonly id: number }

/** The messages of a page. */
export type Toasts = {
  readonly shown: ReadonlySignal<readonly Shown[]>
  show(toast: Toast): void
  /** Shows what was thrown. */
  fail(thrown: unknown): void
  dismiss(id: number): void
  /** The shelves on the page, the one on top last: it alone shows the messages. */
  readonly shelves: ReadonlySignal<readonly object[]>
  /** Puts a shelf above the others; gives the function that takes it away. */
  addShelf(shelf: object): () => void
}

// More at a time are read by nobody.
const MOST = 4
const STAYS_MS = 6000
// Long enough to read, think and reach for it.
const STAYS_WITH_UNDO_MS = 12_000

/** Makes the list of messages; the shell shows it. */
export function createToasts(): Toasts {
  const shown = signal<readonly Shown[]>([])
  const shelves = signal<readonly object[]>([])
  let last = 0
  const show = (toast: Toast) => {
    last += 1
    shown.value = [...shown.peek(), { ...toast, id: last }].slice(-MOST)
  }
  return {
    shown,
    show,
    fail: (thrown) => {
      const problem = asProblem(thrown)
      const advice = problem.advice === null ? '' : `. ${problem.advice}`
      show({ text: `${problem.title}${advice}`, bad: true })
    },
    dismiss: (id) => {
      shown.value = shown.peek().filter((toast) => toast.id !== id)
    },
    shelves,
    addShelf: (shelf) => {
      shelves.value = [...shelves.peek(), shelf]
      return () => {
        shelves.value = shelves.peek().filter((other) => other !== shelf)
      }
    },
  }
}

/** Hands the messages down the page tree. */
export const ToastsContext = createContext<Toasts | null>(null)

/** The messages: `useToasts().show({ text, undo })`. Throws outside of `ToastsContext.Provider`. */
export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext)
  if (toasts === null) throw new TypeError('useToasts() needs a ToastsContext.Provider above it')
  return toasts
}

/**
 * The messages themselves, at the lower edge of the page. Every dialog has a shelf of its own inside: what is outside of it
 * cannot be reached by keyboard and is hidden from screen readers while it is open.
 */
export function ToastShelf() {
  const toasts = useToasts()
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => toasts.addShelf(place), [toasts])
  const isOnTop = toasts.shelves.value.at(-1) === place
  useEffect(() => {
    // The top layer: above all that lies on the page, also above a player that fills the screen.
    const element = place.current
    if (isOnTop && element !== null && 'showPopover' in element && !element.matches(':popover-open'))
      element.showPopover()
  }, [isOnTop])
  if (!isOnTop) return null
  return (
    <div ref={place} class="toasts" popover="manual" role="region" aria-label={words().messages}>
      <ul aria-live="polite">
        {toasts.shown.value.map((toast) => (
          <ToastCard key={toast.id} toast={toast} toasts={toasts} />
        ))}
      </ul>
    </div>
  )
}

function ToastCard({ toast, toasts }: { toast: Shown; toasts: Toasts }) {
  const card = useRef<HTMLLIElement>(null)
  const { id, undo, bad = false } = toast
  useEffect(() => {
    if (bad) return
    const staysMs = undo === undefined ? STAYS_MS : STAYS_WITH_UNDO_MS
    const look = () => {
      // Whoever reads it or is about to press its button keeps it.
      if (card.current?.matches(':hover, :focus-within') === true) timer = setTimeout(look, 1000)
      else toasts.dismiss(id)
    }
    let timer = setTimeout(look, staysMs)
    return () => clearTimeout(timer)
  }, [id, bad, undo, toasts])
  const takeBack = async (back: () => Promise<void>) => {
    toasts.dismiss(id)
    try {
      await back()
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  return (
    <li ref={card} class={`toast${bad ? ' toast-bad' : ''}`}>
      {bad && <Icon name="alert" />}
      <span>{toast.text}</span>
      {undo !== undefined && (
        <button type="button" class="button" onClick={() => void takeBack(undo)}>
          {words().undo}
        </button>
      )}
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={words().dismiss}
        onClick={() => toasts.dismiss(id)}
      >
        <Icon name="close" />
      </button>
    </li>
  )
}
