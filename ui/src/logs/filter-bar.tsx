import { useId } from 'preact/hooks'
import { LOG_LEVELS } from '../../../core/log.ts'
import { Icon } from '../parts/icon.tsx'
import { formatDateTime } from '../text/format.ts'
import { FILTER_KEYS } from './filter.ts'
import type { Filter } from './filter.ts'
import { words } from './words.ts'

/** A value as people read it: times in their own zone. */
const shown = (key: (typeof FILTER_KEYS)[number], value: string): string =>
  key === 'from' || key === 'to' ? formatDateTime(Date.parse(value)) : value

/** What lines are shown: severity, words, and a chip for each thing that they have to be about. */
export function FilterBar({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const id = useId()
  const chips = FILTER_KEYS.filter((key) => key !== 'text' && filter[key] !== '')
  return (
    <div class="logs-filter" role="search">
      <label class="visually-hidden" for={`${id}-level`}>
        {words().level}
      </label>
      <select
        id={`${id}-level`}
        value={filter.level}
        onChange={(event) => {
          const level = LOG_LEVELS.find((one) => one === event.currentTarget.value)
          if (level !== undefined) onChange({ ...filter, level })
        }}
      >
        {LOG_LEVELS.map((level) => (
          <option key={level} value={level}>
            {words().atLeast[level]}
          </option>
        ))}
      </select>
      <label class="visually-hidden" for={`${id}-text`}>
        {words().search}
      </label>
      <input
        id={`${id}-text`}
        type="search"
        placeholder={words().search}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.currentTarget.value.trim() })}
      />
      {chips.map((key) => (
        <button
          key={key}
          type="button"
          class="logs-chip"
          aria-label={words().without(words().about[key], shown(key, filter[key]))}
          onClick={() => onChange({ ...filter, [key]: '' })}
        >
          <span class="logs-chip-about">{words().about[key]}</span> {shown(key, filter[key])}
          <Icon name="close" />
        </button>
      ))}
    </div>
  )
}
