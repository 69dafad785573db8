import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Problem } from '../api/problem.ts'
import { Icon } from '../parts/icon.tsx'
import { FLAGS, isFiltered, plainView } from './view.ts'
import type { Flag, View } from './view.ts'
import { words } from './words.ts'

// One request a pause in typing, not one a key.
const PAUSE_MS = 150

/** One thing to filter by, as a field of choices shows it. */
type Options = readonly (readonly [value: string, label: string])[]

/** The chips above the list; what they say stands in the address. */
export function FilterBar({
  view,
  groups,
  sources,
  total,
  problem,
  onView,
  onDown,
}: {
  view: View
  groups: readonly string[]
  sources: readonly { readonly id: string; readonly name: string }[]
  total: number | null
  problem: Problem | null
  onView: (view: View) => void
  /** ↓ in the search field: on to the list. */
  onDown: () => void
}) {
  const { filter: texts } = words()
  const isOwnOpen = useSignal(view.filter !== '')
  const toggle = (flag: Flag) => {
    const flags = new Set(view.flags)
    if (!flags.delete(flag)) flags.add(flag)
    onView({ ...view, flags })
  }
  const pairs = <T extends string>(labels: Readonly<Record<T, string>>): Options => Object.entries<string>(labels)
  return (
    <div class="filter-bar" role="search" aria-label={texts.label}>
      <SearchText value={view.q} onSearch={(q) => onView({ ...view, q })} onDown={onDown} />
      <div class="chips-row">
        <Chip
          label={texts.group}
          any={texts.any.group}
          value={view.group}
          options={groups.map((name) => [name, name])}
          onChoose={(group) => onView({ ...view, group })}
        />
        <Chip
          label={texts.source}
          any={texts.any.source}
          value={view.source}
          options={sources.map(({ id, name }) => [id, name])}
          onChoose={(source) => onView({ ...view, source })}
        />
        <Chip
          label={texts.state}
          any={texts.any.state}
          value={view.state}
          options={pairs(texts.states)}
          onChoose={(state) => onView({ ...view, state: state as View['state'] })}
        />
        <Chip
          label={texts.guide}
          any={texts.any.guide}
          value={view.guide}
          options={pairs(texts.guides)}
          onChoose={(guide) => onView({ ...view, guide: guide as View['guide'] })}
        />
        <Chip
          label={texts.media}
          any={texts.any.media}
          value={view.media}
          options={pairs(texts.medias)}
          onChoose={(media) => onView({ ...view, media: media as View['media'] })}
        />
        <Chip
          label={texts.quality}
          any={texts.any.quality}
          value={view.quality}
          options={pairs(texts.qualities)}
          onChoose={(quality) => onView({ ...view, quality: quality as View['quality'] })}
        />
        {FLAGS.map((flag) => (
          <button
            key={flag}
            type="button"
            class="chip"
            aria-pressed={view.flags.has(flag)}
            onClick={() => toggle(flag)}
          >
            {texts.flags[flag]}
          </button>
        ))}
        <button
          type="button"
          class="chip"
          aria-expanded={isOwnOpen.value}
          onClick={() => {
            isOwnOpen.value = !isOwnOpen.value
          }}
        >
          <Icon name="filter" />
          {texts.own}
        </button>
        {isFiltered(view) && (
          <button type="button" class="link" onClick={() => onView(plainView(view))}>
            {texts.clear}
          </button>
        )}
        <span class="filter-count" role="status">
          {total === null ? '' : words().count(total)}
        </span>
      </div>
      {isOwnOpen.value && (
        <OwnFilter value={view.filter} problem={problem} onFilter={(filter) => onView({ ...view, filter })} />
      )}
    </div>
  )
}

function SearchText({ value, onSearch, onDown }: { value: string; onSearch: (q: string) => void; onDown: () => void }) {
  const input = useRef<HTMLInputElement>(null)
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element &&
        event.target.closest('input, textarea, select, dialog, [role=dialog]') !== null
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      input.current?.select()
      input.current?.focus()
    }
    // Before the frame's own use of the key.
    document.addEventListener('keydown', onKeyDown)
    return () => {
      clearTimeout(pause.current)
      document.removeEventListener('keydown', onKeyDown)
    }
  }, [])
  // The address was changed by something else: a chip that clears, the way back.
  useEffect(() => {
    if (input.current !== null && input.current.value.trim() !== value) input.current.value = value
  }, [value])
  const search = (text: string, waitMs: number) => {
    clearTimeout(pause.current)
    pause.current = setTimeout(() => onSearch(text.trim()), waitMs)
  }
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        placeholder={words().filter.search}
        aria-label={words().filter.search}
        defaultValue={value}
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
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}

/** A field of choices. Its list is made when somebody turns to it: houses have thousands of groups. */
function Chip({
  label,
  any,
  value,
  options,
  onChoose,
}: {
  label: string
  any: string
  value: string | null
  options: Options
  onChoose: (value: string | null) => void
}) {
  const isWanted = useSignal(false)
  const want = () => {
    isWanted.value = true
  }
  const shown = isWanted.value ? options : options.filter(([id]) => id === value)
  const isKnown = value === null || shown.some(([id]) => id === value)
  return (
    <select
      class={`chip chip-select${value === null ? '' : ' chip-on'}`}
      aria-label={label}
      value={value ?? ''}
      onPointerDown={want}
      onFocus={want}
      onChange={(event) => onChoose(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    >
      <option value="">{any}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {shown.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

function OwnFilter({
  value,
  problem,
  onFilter,
}: {
  value: string
  problem: Problem | null
  onFilter: (filter: string) => void
}) {
  const { own, ownHelp } = words().filter
  const isBad = problem?.code === 'lineup/bad-filter' || problem?.code === 'lineup/bad-pattern'
  return (
    <form
      class="own-filter"
      onSubmit={(event) => {
        event.preventDefault()
        onFilter(String(new FormData(event.currentTarget).get('filter') ?? '').trim())
      }}
    >
      <input
        key={value}
        name="filter"
        type="text"
        class="mono"
        aria-label={own}
        aria-describedby="own-filter-help"
        aria-invalid={isBad}
        defaultValue={value}
        maxLength={1000}
        autocomplete="off"
        spellcheck={false}
      />
      <button type="submit" class="button">
        {words().filter.label}
      </button>
      <p id="own-filter-help" class={isBad ? 'form-problem' : 'help'} role={isBad ? 'alert' : undefined}>
        {isBad ? problem.message : ownHelp}
      </p>
    </form>
  )
}
