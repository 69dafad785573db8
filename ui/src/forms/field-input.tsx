import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import type { Field } from './describe-field.ts'
import type { Typed } from './draft.ts'
import { RowsInput } from './rows-input.tsx'
import { words } from './words.ts'

/** One field of a form: label, input, help, and what is wrong with it. */
export function FieldInput({
  field,
  typed,
  kept,
  wrong,
  disabled = false,
  onTyped,
}: {
  field: Field
  typed: Typed
  /** The gateway has a value here that it does not show. */
  kept: boolean
  /** Null: nothing. */
  wrong: string | null
  disabled?: boolean
  onTyped: (typed: Typed) => void
}) {
  const id = useId()
  const help = [field.help, field.kind === 'lines' ? words().perLine : null].filter((part) => part != null).join('. ')
  const described = [help === '' ? null : `${id}-help`, wrong === null ? null : `${id}-wrong`]
    .filter((part) => part !== null)
    .join(' ')
  const shared = {
    id,
    name: field.key,
    disabled,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': wrong === null ? undefined : true,
  } as const
  const notes = (
    <>
      {help !== '' && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {wrong !== null && (
        <p class="field-wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </>
  )
  if (field.kind === 'switch') {
    return (
      <div class="field field-switch">
        <input
          {...shared}
          type="checkbox"
          role="switch"
          checked={typed === true}
          onChange={(event) => onTyped(event.currentTarget.checked)}
        />
        <label for={id}>{field.label}</label>
        {notes}
      </div>
    )
  }
  if (field.kind === 'rows' && field.rows !== undefined) {
    return (
      <fieldset class="field rows-field" aria-describedby={shared['aria-describedby']}>
        <legend class="label">{field.label}</legend>
        <RowsInput
          rows={field.rows}
          typed={String(typed)}
          placeholder={field.placeholder}
          disabled={disabled}
          isWrong={wrong !== null}
          onTyped={onTyped}
        />
        {notes}
      </fieldset>
    )
  }
  return (
    <div class="field">
      <label class="label" for={id}>
        {field.label}
      </label>
      <Entry field={field} typed={String(typed)} kept={kept} shared={shared} onTyped={onTyped} />
      {notes}
    </div>
  )
}

type Shared = {
  readonly id: string
  readonly name: string
  readonly disabled: boolean
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

function Entry(props: { field: Field; typed: string; kept: boolean; shared: Shared; onTyped: (typed: Typed) => void }) {
  const { field, typed, kept, shared, onTyped } = props
  const { default: fallback } = field
  const hint =
    field.placeholder ??
    (typeof fallback === 'string' || typeof fallback === 'number' ? words().byDefault(String(fallback)) : undefined)
  if (field.kind === 'choice') {
    return (
      <select
        {...shared}
        value={typed === '' ? String(fallback ?? '') : typed}
        onChange={(event) => onTyped(event.currentTarget.value)}
      >
        {field.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    )
  }
  if (field.kind === 'lines') {
    return (
      <textarea
        {...shared}
        rows={Math.min(8, Math.max(2, typed.split('\n').length + 1))}
        spellcheck={false}
        autocapitalize="none"
        placeholder={field.placeholder}
        value={typed}
        onInput={(event) => onTyped(event.currentTarget.value)}
      />
    )
  }
  if (field.kind === 'secret') return <SecretInput {...props} />
  if (field.kind === 'number') {
    return (
      <span class="field-unit">
        <input
          {...shared}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          placeholder={hint}
          value={typed}
          onInput={(event) => onTyped(event.currentTarget.value)}
        />
        {field.unit !== undefined && <span aria-hidden="true">{field.unit}</span>}
      </span>
    )
  }
  return (
    <input
      {...shared}
      type="text"
      autocomplete={field.autocomplete ?? 'off'}
      autocapitalize="none"
      spellcheck={false}
      placeholder={kept ? words().kept : hint}
      value={typed}
      onInput={(event) => onTyped(event.currentTarget.value)}
    />
  )
}

function SecretInput({
  field,
  typed,
  kept,
  shared,
  onTyped,
}: {
  field: Field
  typed: string
  kept: boolean
  shared: Shared
  onTyped: (typed: Typed) => void
}) {
  const open = useSignal(false)
  const secret = {
    ...shared,
    autocomplete: field.autocomplete ?? ('new-password' as const),
    autocapitalize: 'none',
    spellcheck: false,
    placeholder: kept ? words().kept : field.placeholder,
    value: typed,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onTyped(event.currentTarget.value),
  } as const
  return (
    <span class="field-secret">
      {open.value ? <input type="text" {...secret} /> : <input type="password" {...secret} />}
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={open.value ? words().hide : words().show}
        aria-pressed={open.value}
        onClick={() => {
          open.value = !open.peek()
        }}
      >
        <Icon name={open.value ? 'hidden' : 'eye'} />
      </button>
    </span>
  )
}
