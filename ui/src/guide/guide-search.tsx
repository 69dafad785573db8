import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { formatClock, formatDay } from '../text/format.ts'
import { GuideSearchAnswer } from './answers.ts'
import type { Broadcast } from './answers.ts'
import { words } from './words.ts'

// One request a pause in typing, not one a key.
const PAUSE_MS = 250

/** Finds programmes by the words of their titles; what is chosen is shown in the guide. */
export function GuideSearch({ onChoose }: { onChoose: (broadcast: Broadcast) => void }) {
  const text = useSignal('')
  const found = useSignal<GuideSearchAnswer | null>(null)
  const problem = useSignal<Problem | null>(null)
  const isOpen = useSignal(false)
  const box = useRef<HTMLDivElement>(null)
  const asked = text.value.trim()

  useEffect(() => {
    if (asked.length < 2) {
      found.value = null
      return
    }
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const query = new URLSearchParams({ q: asked })
      ask(`/api/v1/guide/search?${query.toString()}`, GuideSearchAnswer, { signal: stop.signal }).then(
        (answer) => {
          found.value = answer
          problem.value = null
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) problem.value = asProblem(thrown)
        },
      )
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [asked, found, problem])

  const results = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>('.guide-found button') ?? [])]
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      isOpen.value = false
      box.current?.querySelector('input')?.focus()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    const buttons = results()
    if (buttons.length === 0) return
    event.preventDefault()
    const current = buttons.findIndex((button) => button === document.activeElement)
    const next = current + (event.key === 'ArrowDown' ? 1 : -1)
    if (next < 0) box.current?.querySelector('input')?.focus()
    else buttons[Math.min(next, buttons.length - 1)]?.focus()
  }
  const answer = found.value

  return (
    <div
      ref={box}
      class="guide-search"
      onKeyDown={onKeyDown}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && box.current?.contains(relatedTarget) === true)) isOpen.value = false
      }}
    >
      <div class="search" role="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder={words().search.hint}
          aria-label={words().search.label}
          autocomplete="off"
          spellcheck={false}
          onFocus={() => {
            isOpen.value = true
          }}
          onInput={(event) => {
            text.value = event.currentTarget.value
            isOpen.value = true
          }}
        />
      </div>
      {isOpen.value && asked.length >= 2 && (answer !== null || problem.value !== null) && (
        <div class="guide-found">
          {problem.value !== null && <ProblemNote problem={problem.value} />}
          <p class="guide-count" role="status">
            {answer !== null && (answer.total === 0 ? words().search.none(asked) : words().search.found(answer.total))}
            {answer !== null && !answer.isWhole && ` · ${words().search.partly}`}
          </p>
          <ul>
            {answer?.items.map((item) => (
              <li key={`${item.channelId} ${item.programme.start}`}>
                <button
                  type="button"
                  onClick={() => {
                    isOpen.value = false
                    onChoose(item)
                  }}
                >
                  <span class="guide-found-title">{item.programme.title}</span>
                  <span class="guide-found-facts">
                    {item.name} · {formatDay(item.programme.start)} {formatClock(item.programme.start)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
