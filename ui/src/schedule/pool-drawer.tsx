import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LibraryFilter } from '../../../core/library/library-filter.ts'
import { MEDIA_KINDS } from '../../../core/library/media-item.ts'
import { POOL_MODES } from '../../../core/linear/document/pool.ts'
import type { Pool } from '../../../core/linear/document/pool.ts'
import type { Revision } from '../../../core/linear/document/revision.ts'
import { Dialog } from '../parts/dialog.tsx'
import type { Draft } from './draft.ts'
import { words } from './words.ts'

/** One pool: a rule, or the files that were put into it, and the order in which they come. */
export function PoolDrawer({ draft, id, onClose }: { draft: Draft; id: string; onClose: () => void }) {
  const plan = draft.plan.value
  const pool = plan.pools.find((one) => one.id === id)
  const mode = useSignal<Pool['mode']>(pool?.mode ?? 'shuffle')
  useEffect(() => {
    if (pool === undefined) onClose()
  }, [pool, onClose])
  if (pool === undefined) return null
  const texts = words().pools
  const change = (next: Pool) => {
    draft.change((now) => ({ ...now, pools: now.pools.map((one) => (one.id === id ? next : one)) }))
  }
  const apply = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const query = pool.query === null ? null : filterOf(fields)
    // Finds of another rule are no finds of this one.
    const items = JSON.stringify(query) === JSON.stringify(pool.query) ? pool.items : []
    const groupBy = fields.get('together') === null ? null : ('series' as const)
    change({ ...pool, query, items, mode: mode.peek(), groupBy })
    onClose()
  }
  const query = pool.query ?? {}
  return (
    <Dialog
      title={id}
      open
      side
      onClose={onClose}
      actions={
        <>
          <button
            type="button"
            class="button button-danger"
            disabled={isUsed(plan, id)}
            title={isUsed(plan, id) ? texts.inUse : undefined}
            onClick={() => {
              draft.change((now) => ({ ...now, pools: now.pools.filter((one) => one.id !== id) }))
              onClose()
            }}
          >
            {texts.remove}
          </button>
          <button type="submit" form="pool-form" class="button button-strong">
            {texts.done}
          </button>
        </>
      }
    >
      <form
        id="pool-form"
        class="plain pool-form"
        onSubmit={(event) => {
          event.preventDefault()
          apply(event.currentTarget)
        }}
      >
        <label class="field">
          <span class="label">{texts.mode}</span>
          <select
            value={mode.value}
            onChange={(event) => {
              mode.value = POOL_MODES.find((one) => one === event.currentTarget.value) ?? 'shuffle'
            }}
          >
            {POOL_MODES.map((one) => (
              <option key={one} value={one}>
                {texts.modes[one]}
              </option>
            ))}
          </select>
        </label>
        {mode.value === 'shuffle' && (
          <label class="choice">
            <input name="together" type="checkbox" defaultChecked={pool.groupBy === 'series'} />
            <span>{texts.keepTogether}</span>
          </label>
        )}
        {pool.query === null ? (
          <p>{texts.items(pool.items.length)}</p>
        ) : (
          <>
            <fieldset class="slot-days">
              <legend class="label">{texts.kinds}</legend>
              {MEDIA_KINDS.map((kind) => (
                <label key={kind} class="choice">
                  <input name={`kind-${kind}`} type="checkbox" defaultChecked={query.kinds?.includes(kind) ?? false} />
                  <span>{words().library.kinds[kind]}</span>
                </label>
              ))}
            </fieldset>
            <Lines name="series" label={texts.series} lines={query.series ?? []} />
            <Lines name="genres" label={texts.genres} lines={query.genres ?? []} />
            <label class="field">
              <span class="label">{texts.words}</span>
              <input name="words" type="text" maxLength={300} autocomplete="off" defaultValue={query.words ?? ''} />
            </label>
            <label class="field">
              <span class="label">{texts.folder}</span>
              <input name="folder" type="text" maxLength={2000} autocomplete="off" defaultValue={query.folder ?? ''} />
            </label>
            <Range name="year" label={texts.years} from={query.yearFrom} to={query.yearTo} />
            <Range
              name="minutes"
              label={texts.minutes}
              from={query.minSeconds === undefined ? undefined : query.minSeconds / 60}
              to={query.maxSeconds === undefined ? undefined : query.maxSeconds / 60}
            />
          </>
        )}
      </form>
    </Dialog>
  )
}

function Lines({ name, label, lines }: { name: string; label: string; lines: readonly string[] }) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <textarea name={name} rows={3} spellcheck={false} defaultValue={lines.join('\n')} />
    </label>
  )
}

function Range({
  name,
  label,
  from,
  to,
}: {
  name: string
  label: string
  from: number | undefined
  to: number | undefined
}) {
  return (
    <fieldset class="pool-range">
      <legend class="label">{label}</legend>
      {(['From', 'To'] as const).map((end) => (
        <input
          key={end}
          name={`${name}${end}`}
          type="number"
          min={0}
          max={10_000}
          aria-label={`${label} ${end === 'From' ? '≥' : '≤'}`}
          defaultValue={String((end === 'From' ? from : to) ?? '')}
        />
      ))}
    </fieldset>
  )
}

/** The rule as written in the form; what is empty is no part of it. */
function filterOf(fields: FormData): LibraryFilter {
  const text = (name: string): string => String(fields.get(name) ?? '').trim()
  const lines = (name: string): string[] =>
    text(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const whole = (name: string, times = 1): number | undefined =>
    text(name) === '' ? undefined : Math.round(Number(text(name)) * times)
  const kinds = MEDIA_KINDS.filter((kind) => fields.get(`kind-${kind}`) !== null)
  const parts: LibraryFilter = {
    kinds: kinds.length === 0 ? undefined : kinds,
    series: lines('series').length === 0 ? undefined : lines('series'),
    genres: lines('genres').length === 0 ? undefined : lines('genres'),
    words: text('words') || undefined,
    folder: text('folder') || undefined,
    yearFrom: whole('yearFrom'),
    yearTo: whole('yearTo'),
    minSeconds: whole('minutesFrom', 60),
    maxSeconds: whole('minutesTo', 60),
  }
  // What is not asked for is left out, so that two equal rules are written alike.
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))
}

/** Whether something of the plan names the pool. */
function isUsed({ slots, filler, bumpers }: Revision, id: string): boolean {
  const named = [
    ...filler,
    ...Object.values(bumpers),
    ...slots.flatMap((slot) => [
      ...(slot.show.kind === 'pool' ? [slot.show.pool] : []),
      ...(slot.filler ?? []),
      ...Object.values(slot.bumpers ?? {}),
    ]),
  ]
  return named.includes(id)
}
