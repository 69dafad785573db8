import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import type { Pool } from '../../../core/linear/document/pool.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { Combobox } from '../parts/combobox.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScheduleAnswer, SeriesListAnswer } from './answers.ts'
import type { LibraryAnswer } from './answers.ts'
import { freshName } from './slot-edits.ts'
import { dayIn } from './week.ts'
import { words } from './words.ts'

const WHATS = ['films', 'series', 'one', 'all'] as const
type What = (typeof WHATS)[number]

const POOLS: Readonly<Record<What, { readonly query: LibraryFilter; readonly mode: Pool['mode'] }>> = {
  films: { query: { kinds: ['film'] }, mode: 'shuffle' },
  series: { query: { kinds: ['episode'] }, mode: 'rotate' },
  one: { query: { kinds: ['episode'] }, mode: 'sequence' },
  all: { query: { kinds: ['film', 'episode', 'other'] }, mode: 'shuffle' },
}

/** The fewest questions that make a channel; it is on the air afterwards, and everything else can be changed. */
export function NewChannel({
  libraries,
  taken,
  onMade,
  onClose,
}: {
  libraries: readonly LibraryAnswer[]
  /** Ids of channels that there are. */
  taken: readonly string[]
  onMade: (made: ScheduleAnswer) => void
  onClose: () => void
}) {
  const what = useSignal<What>(firstOf(libraries[0]))
  const library = useSignal(libraries[0]?.id ?? '')
  const series = useSignal<string | null>(null)
  const typed = useSignal('')
  const known = useSignal<readonly string[]>([])
  const problem = useSignal<Problem | null>(null)
  const isBusy = useSignal(false)
  const chosen = library.value
  useEffect(() => {
    const stop = new AbortController()
    ask(`/api/v1/media/series?library=${encodeURIComponent(chosen)}`, SeriesListAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        known.value = items.map(({ name }) => name)
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [chosen, known])
  const make = async (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const name = String(fields.get('name') ?? '').trim()
    const number = String(fields.get('number') ?? '').trim()
    const { query, mode } = POOLS[what.peek()]
    const only = what.peek() === 'one' && series.peek() !== null ? { series: [series.peek()] } : {}
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const id = freshName(
      taken.map((one) => ({ id: one })),
      name,
    )
    const document = {
      id,
      name,
      ...(number !== '' && { number }),
      zone,
      anchorDay: dayIn(zone, Date.now()),
      pools: [{ id: freshName([], series.peek() ?? what.peek()), query: { ...query, ...only }, mode }],
    }
    isBusy.value = true
    try {
      onMade(
        await ask('/api/v1/schedules', ScheduleAnswer, { method: 'POST', json: { library: library.peek(), document } }),
      )
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
    isBusy.value = false
  }
  const texts = words().create
  const wanted = typed.value.trim().toLocaleLowerCase()
  return (
    <Dialog
      title={texts.title}
      open
      onClose={onClose}
      actions={
        <button
          type="submit"
          form="new-channel"
          class="button button-strong"
          disabled={isBusy.value || (what.value === 'one' && series.value === null)}
        >
          {texts.make}
        </button>
      }
    >
      <form
        id="new-channel"
        class="plain"
        onSubmit={(event) => {
          event.preventDefault()
          void make(event.currentTarget)
        }}
      >
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        <Field label={texts.name} name="name" autocomplete="off" autofocus />
        <label class="field">
          <span class="label">{texts.number}</span>
          <input name="number" type="text" inputMode="decimal" pattern="\d{1,5}(\.\d{1,3})?" autocomplete="off" />
        </label>
        {libraries.length > 1 && (
          <label class="field">
            <span class="label">{texts.library}</span>
            <select
              value={library.value}
              onChange={(event) => {
                library.value = event.currentTarget.value
                series.value = null
              }}
            >
              {libraries.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="new-what">
          <legend class="label">{texts.what}</legend>
          {WHATS.map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="what"
                value={one}
                checked={what.value === one}
                onChange={() => {
                  what.value = one
                }}
              />
              <span>{texts.whats[one]}</span>
            </label>
          ))}
        </fieldset>
        {what.value === 'one' && (
          <Combobox
            label={texts.series}
            choices={known.value
              .filter((name) => name.toLocaleLowerCase().includes(wanted))
              .slice(0, 50)
              .map((name) => ({ id: name, label: name }))}
            value={series.value}
            onType={(text) => {
              typed.value = text
            }}
            onChoose={(name) => {
              series.value = name
            }}
            empty={texts.noSeries}
          />
        )}
        <p class="help">{texts.help}</p>
      </form>
    </Dialog>
  )
}

/** What the library has most of. */
function firstOf(library: LibraryAnswer | undefined): What {
  if (library === undefined) return 'all'
  const { films, episodes } = library.counts
  return films > 0 ? 'films' : episodes > 0 ? 'series' : 'all'
}
