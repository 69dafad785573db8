import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { RowsAnswer } from './answers.ts'
import type { ChannelRow } from './answers.ts'
import type { Edits } from './edits.ts'
import { rowsPath } from './rows.ts'
import { quote } from './view.ts'
import { words } from './words.ts'

/** Makes one channel of several: which of them keeps its number and name is chosen here. */
export function JoinDialog({
  ids,
  edits,
  onDone,
  onClose,
}: {
  ids: readonly string[]
  edits: Edits
  onDone: () => void
  onClose: () => void
}) {
  const rows = useSignal<readonly ChannelRow[]>([])
  const chosen = useSignal<string | null>(null)
  const texts = words().join
  const filter = `id in (${ids.map(quote).join(', ')})`
  useEffect(() => {
    const stop = new AbortController()
    ask(rowsPath(filter, { by: 'number', isDescending: false }, 0, 100), RowsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        rows.value = items
        // Whoever has most streams already is most likely the one that is known.
        const [most] = items.toSorted((a, b) => b.streams.length - a.streams.length)
        chosen.value = most?.id ?? null
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [filter, rows, chosen])
  const join = async () => {
    const into = rows.value.find(({ id }) => id === chosen.value)
    if (into === undefined) return
    const channels = rows.value.flatMap(({ id }) => (id === into.id ? [] : [id]))
    const path = `/api/v1/channels/${into.id}/join`
    if (!(await edits.make(path, { method: 'POST', json: { channels } }, words().saved.joined(into.name)))) return
    onDone()
    onClose()
  }
  return (
    <Dialog
      title={texts.title}
      open
      onClose={onClose}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words().bulk.cancel}
          </button>
          <button
            type="button"
            class="button button-strong"
            disabled={chosen.value === null}
            onClick={() => void join()}
          >
            {texts.do(rows.value.length)}
          </button>
        </>
      }
    >
      <fieldset class="choices">
        <legend>{texts.lead}</legend>
        {rows.value.map((row) => (
          <label key={row.id} class="choice">
            <input
              type="radio"
              name="into"
              checked={row.id === chosen.value}
              onChange={() => {
                chosen.value = row.id
              }}
            />
            <span class="row-number">{row.number}</span>
            <span>{row.name}</span>
            <small>{row.streams.map(({ source }) => source).join(', ')}</small>
          </label>
        ))}
      </fieldset>
    </Dialog>
  )
}
