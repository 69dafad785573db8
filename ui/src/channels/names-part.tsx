import { useEffect, useRef } from 'preact/hooks'
import type { ChannelRow } from './answers.ts'
import type { Edits } from './edits.ts'
import { words } from './words.ts'

/** Name, number, and who sees it. */
export function NamesPart({ row, revision, edits }: { row: ChannelRow; revision: string; edits: Edits }) {
  const texts = words().drawer
  const { saved } = words()
  const form = useRef<HTMLFormElement>(null)
  // What was there when somebody began to type; null: nobody has.
  const seen = useRef<{ readonly row: ChannelRow; readonly revision: string } | null>(null)
  useEffect(() => {
    if (seen.current !== null) return
    for (const field of ['name', 'number'] as const) {
      const input = form.current?.elements.namedItem(field)
      if (input instanceof HTMLInputElement) input.value = row[field]
    }
  }, [row.name, row.number])
  const save = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const name = String(fields.get('name') ?? '').trim()
    const number = String(fields.get('number') ?? '').trim()
    const begun = seen.current ?? { row, revision }
    seen.current = null
    const isRenamed = name !== begun.row.name
    const isRenumbered = number !== begun.row.number
    if (!isRenamed && !isRenumbered) return
    const change = { ...(isRenamed && { name: name === '' ? null : name }), ...(isRenumbered && { number }) }
    void edits.change(
      begun.row,
      begun.revision,
      change,
      isRenamed ? saved.name(name || row.sourceName) : saved.number(row.name, number),
    )
  }
  return (
    <section class="part">
      <h3>{texts.names}</h3>
      <form
        ref={form}
        class="names-form"
        onInput={() => {
          seen.current ??= { row, revision }
        }}
        onSubmit={(event) => {
          event.preventDefault()
          save(event.currentTarget)
        }}
      >
        <label class="field">
          <span class="label">{texts.number}</span>
          <input
            name="number"
            type="text"
            inputMode="decimal"
            defaultValue={row.number}
            maxLength={10}
            autocomplete="off"
          />
        </label>
        <label class="field">
          <span class="label">{texts.name}</span>
          <input
            name="name"
            type="text"
            defaultValue={row.name}
            maxLength={120}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <button type="submit" class="button">
          {texts.save}
        </button>
      </form>
      {row.name !== row.sourceName && (
        <p class="help">
          {texts.sourceName(row.sourceName)}{' '}
          <button
            type="button"
            class="link"
            onClick={() => void edits.change(row, revision, { name: null }, saved.name(row.sourceName))}
          >
            {texts.backToSource}
          </button>
        </p>
      )}
      <label class="choice">
        <input
          type="checkbox"
          checked={row.enabled}
          onChange={({ currentTarget: { checked } }) =>
            void edits.change(row, revision, { enabled: checked }, saved.enabled(row.name, checked))
          }
        />
        <span>{texts.shown}</span>
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={row.favourite}
          onChange={({ currentTarget: { checked } }) =>
            void edits.change(row, revision, { favourite: checked }, saved.favourite(row.name, checked))
          }
        />
        <span>{texts.favourite}</span>
      </label>
    </section>
  )
}
