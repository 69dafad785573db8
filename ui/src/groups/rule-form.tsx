import { useSignal } from '@preact/signals'
import * as v from 'valibot'
import { RuleSchema } from '../../../core/lineup/rule.ts'
import type { Rule } from '../../../core/lineup/rule.ts'
import { words } from './words.ts'

const KINDS = ['rename', 'hide', 'show', 'numbers'] as const
type Kind = (typeof KINDS)[number]

/** A new rule; its id is given by whoever takes it. */
export function RuleForm({ onAdd }: { onAdd: (rule: Rule) => void }) {
  const texts = words().rules
  const kind = useSignal<Kind>('rename')
  const add = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const text = (name: string): string => String(fields.get(name) ?? '').trim()
    const filter = text('filter')
    const read = v.safeParse(RuleSchema, {
      kind: kind.value,
      id: 'new',
      ...(kind.value === 'rename'
        ? { filter: filter === '' ? null : filter, pattern: text('pattern'), replacement: text('replacement') }
        : { filter }),
      ...(kind.value === 'numbers' && { from: Number(text('from')), to: Number(text('to')) }),
    })
    if (!read.success) return
    onAdd(read.output)
    form.reset()
  }
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault()
        add(event.currentTarget)
      }}
    >
      <label class="field">
        <span class="label">{texts.kind}</span>
        <select
          value={kind.value}
          onChange={(event) => {
            kind.value = event.currentTarget.value as Kind
          }}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {texts.kinds[one]}
            </option>
          ))}
        </select>
      </label>
      {kind.value === 'rename' && (
        <>
          <Text name="pattern" label={texts.pattern} required />
          <Text name="replacement" label={texts.replacement} />
        </>
      )}
      {kind.value === 'numbers' && (
        <>
          <Whole name="from" label={texts.from} />
          <Whole name="to" label={texts.to} />
        </>
      )}
      <Text name="filter" label={texts.filter} required={kind.value !== 'rename'} />
      <button type="submit" class="button">
        {texts.add}
      </button>
    </form>
  )
}

function Text({ name, label, required = false }: { name: string; label: string; required?: boolean }) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input name={name} type="text" required={required} maxLength={200} autocomplete="off" spellcheck={false} />
    </label>
  )
}

function Whole({ name, label }: { name: string; label: string }) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input name={name} type="number" required min={1} max={999_999} />
    </label>
  )
}
