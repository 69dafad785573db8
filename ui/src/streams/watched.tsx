import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { at } from '../api/base.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ViewingsAnswer } from '../running/answers.ts'
import type { Viewing } from '../running/answers.ts'
import { words } from '../running/words.ts'
import { HISTORY_FIELDS, narrowed, readHistoryFilter, writeHistoryFilter } from './history-filter.ts'
import type { HistoryField, HistoryFilter } from './history-filter.ts'
import { HistoryPicker } from './history-picker.tsx'
import { ViewingRow } from './viewing-row.tsx'

const PAGE = 25

type Known = { readonly total: number; readonly days: number; readonly items: readonly Viewing[] }

/** Who watched what, page by page, narrowed by what the address says; `version` rises when something came to an end. */
export function Watched({ version }: { version: number }) {
  const { query, route } = useLocation()
  const filter = readHistoryFilter(query)
  const wish = writeHistoryFilter(filter)
  const page = useSignal<Known | null>(null)
  const problem = useSignal<Problem | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    ask(`/api/v1/history/streams?limit=${PAGE}${wish === '' ? '' : `&${wish}`}`, ViewingsAnswer, {
      signal: stop.signal,
    })
      .then((answer) => {
        page.value = answer
        problem.value = null
      })
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      })
    return () => stop.abort()
  }, [version, wish, page, problem])
  const change = (next: Partial<HistoryFilter>) => {
    const text = writeHistoryFilter(narrowed(filter, next))
    route(at(`/streams${text === '' ? '' : `?${text}`}`), true)
  }
  const known = page.value
  return (
    <section aria-labelledby="watched" class="watched">
      <header class="watched-head">
        <h2 id="watched">
          {words().watched} {known !== null && <small>{words().watchedLead(known.days)}</small>}
        </h2>
        <div class="watched-filters" role="search" aria-label={words().by.title}>
          {HISTORY_FIELDS.map((field) => (
            <HistoryPicker
              key={`${field} ${filter[field]}`}
              field={field}
              value={filter[field]}
              name={nameOf(known, field, filter[field])}
              onChoose={(value) => change({ [field]: value })}
            />
          ))}
          <ReasonSelect value={filter.reason} onChoose={(reason) => change({ reason })} />
        </div>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {known?.items.length === 0 && <p class="nothing">{wish === '' ? words().none : words().by.none}</p>}
      {known !== null && known.items.length > 0 && (
        <div class="watched-table" tabIndex={0} role="region" aria-label={words().watched}>
          <table>
            <thead>
              <tr>
                {[words().when, words().what, words().who, words().how, words().howLong, words().ended].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {known.items.map((viewing) => (
                <ViewingRow key={viewing.id} viewing={viewing} filter={filter} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {known !== null && (known.total > PAGE || filter.offset > 0) && (
        <nav class="watched-pages" aria-label={words().watched}>
          <button
            type="button"
            class="button"
            disabled={filter.offset === 0}
            onClick={() => change({ offset: Math.max(0, filter.offset - PAGE) })}
          >
            {words().newer}
          </button>
          <span>{words().page(filter.offset + 1, Math.min(known.total, filter.offset + PAGE), known.total)}</span>
          <button
            type="button"
            class="button"
            disabled={filter.offset + PAGE >= known.total}
            onClick={() => change({ offset: filter.offset + PAGE })}
          >
            {words().older}
          </button>
        </nav>
      )}
    </section>
  )
}

/** How a chosen value is called, as the newest line that has it says. */
function nameOf(known: Known | null, field: HistoryField, value: string): string {
  const [first] = known?.items ?? []
  if (field === 'channel' && first?.channelId === value) return first.title
  if (field === 'person' && first?.user?.toLowerCase() === value.toLowerCase()) return first.user
  return value
}

function ReasonSelect({ value, onChoose }: { value: string; onChoose: (reason: string) => void }) {
  return (
    <label class="field">
      <span class="label">{words().reason}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">{words().allReasons}</option>
        <option value="running">{words().goesOn}</option>
        {Object.entries(words().reasons).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
