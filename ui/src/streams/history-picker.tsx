import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { Combobox } from '../parts/combobox.tsx'
import { Icon } from '../parts/icon.tsx'
import { HistoryChoicesAnswer } from '../running/answers.ts'
import { words } from '../running/words.ts'
import type { HistoryField } from './history-filter.ts'

const PAUSE_MS = 200

/** Narrows the history by one field: a search among what it has, or, once chosen, a chip that takes the choice back. */
export function HistoryPicker({
  field,
  value,
  name,
  onChoose,
}: {
  field: HistoryField
  /** '': nothing is chosen. */
  value: string
  /** How the chosen value is called. */
  name: string
  onChoose: (value: string) => void
}) {
  const say = words().by
  const found = useSignal<readonly { readonly id: string; readonly name: string; readonly viewings: number }[]>([])
  /** Null: nobody has looked yet, and nothing is asked. */
  const typed = useSignal<string | null>(null)
  const text = typed.value
  useEffect(() => {
    if (text === null) return
    const stop = new AbortController()
    const query = new URLSearchParams({ of: field, text })
    const timer = setTimeout(
      () => {
        ask(`/api/v1/history/choices?${query.toString()}`, HistoryChoicesAnswer, { signal: stop.signal })
          .then(({ items }) => {
            found.value = items
          })
          .catch(() => {
            // The table beside it says what is wrong; the list stays as it is.
          })
      },
      text === '' ? 0 : PAUSE_MS,
    )
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [field, text, found])
  if (value !== '') {
    return (
      <div class="field">
        <span class="label">{say[field]}</span>
        <button type="button" class="chip" aria-label={say.without(say[field], name)} onClick={() => onChoose('')}>
          {name}
          <Icon name="close" />
        </button>
      </div>
    )
  }
  return (
    <div
      onFocusIn={() => {
        typed.value ??= ''
      }}
    >
      <Combobox
        label={say[field]}
        choices={found.value.map(({ id, name: label, viewings }) => ({ id, label, note: String(viewings) }))}
        value={null}
        placeholder={say.all}
        empty={say.nothing}
        onType={(next) => {
          typed.value = next
        }}
        onChoose={(id) => {
          if (id !== null) onChoose(id)
        }}
      />
    </div>
  )
}
