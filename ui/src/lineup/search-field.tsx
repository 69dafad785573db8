import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { words } from './words.ts'

// One request a pause in typing, not one a key.
const PAUSE_MS = 150

/** Finds channels by name or number. `/` anywhere on the page comes here, Escape empties it, ↓ goes into the list. */
export function SearchField({
  total,
  onSearch,
  onDown,
}: {
  total: number | null
  onSearch: (text: string) => void
  onDown: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLInputElement) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    addEventListener('keydown', onKeyDown)
    return () => {
      clearTimeout(pause.current)
      removeEventListener('keydown', onKeyDown)
    }
  }, [])
  const search = (text: string, waitMs: number) => {
    clearTimeout(pause.current)
    pause.current = setTimeout(() => onSearch(text.trim()), waitMs)
  }
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        placeholder={words().search}
        aria-label={words().searchLabel}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => search(event.currentTarget.value, PAUSE_MS)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault()
            onDown()
          } else if (event.key === 'Escape') {
            event.currentTarget.value = ''
            search('', 0)
          }
        }}
      />
      <span class="search-count" role="status">
        {total === null ? '' : words().channelCount(total)}
      </span>
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}
