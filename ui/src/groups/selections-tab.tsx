import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import type { Edits } from '../channels/edits.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { SelectionsAnswer } from './answers.ts'
import type { SelectionRow } from './answers.ts'
import { SelectionAddresses } from './selection-addresses.tsx'
import { SelectionDrawer } from './selection-drawer.tsx'
import { words } from './words.ts'

/** The selection of all favourites is there by itself, and is not edited. */
const FAVOURITES = 'favourites'

/** Selections with their addresses. */
export function SelectionsTab({ edits, revision }: { edits: Edits; revision: string }) {
  const texts = words().selections
  const rows = useSignal<readonly SelectionRow[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  /** '': a new one; null: none is edited. */
  const editing = useSignal<string | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    ask('/api/v1/selections', SelectionsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        rows.value = items
        problem.value = null
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [revision, rows, problem])
  return (
    <div class="selections">
      <p class="lead">{texts.lead}</p>
      <p>
        <button
          type="button"
          class="button button-strong"
          onClick={() => {
            editing.value = ''
          }}
        >
          {texts.add}
        </button>
      </p>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {rows.value?.length === 0 && <p class="nothing">{texts.none}</p>}
      <ul class="cards">
        {rows.value?.map((row) => (
          <li key={row.id} class="card">
            <header class="card-head">
              <h2>{row.name}</h2>
              <span class="tag">{words().channels(row.channels)}</span>
              {row.id !== FAVOURITES && (
                <button
                  type="button"
                  class="button"
                  aria-label={texts.edit(row.name)}
                  onClick={() => {
                    editing.value = row.id
                  }}
                >
                  {texts.editShort}
                </button>
              )}
            </header>
            <SelectionAddresses id={row.id} name={row.name} />
          </li>
        ))}
      </ul>
      {editing.value !== null && (
        <SelectionDrawer
          key={editing.value}
          id={editing.value === '' ? null : editing.value}
          edits={edits}
          onClose={() => {
            editing.value = null
          }}
        />
      )}
    </div>
  )
}
