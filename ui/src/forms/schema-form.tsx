import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import * as v from 'valibot'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { describeFields } from './describe-field.ts'
import type { Field, FieldSpec, MappingSchema } from './describe-field.ts'
import { KEPT, changes, complaint, keyNamed, typedOf, written } from './draft.ts'
import type { Typed } from './draft.ts'
import { FieldInput } from './field-input.tsx'
import { UnsavedGuard } from './unsaved-guard.tsx'
import { words } from './words.ts'

/**
 * A form for the keys of a schema.
 *
 * `before` null: something new, `onSubmit` gets all keys that are written. Else an edit of what the gateway shows (`set`: a
 * secret that it keeps), and `onSubmit` gets the keys that differ, null where one goes back to its default. What `onSubmit`
 * throws is shown at the field that it names, else below the form.
 */
export function SchemaForm({
  schema,
  specs,
  before,
  initial = NOTHING,
  submit,
  busyLabel,
  disabled = false,
  guard = true,
  onSubmit,
  onTyped,
  children,
}: {
  schema: MappingSchema
  specs: readonly FieldSpec[]
  before: Readonly<Record<string, unknown>> | null
  /** What stands in the fields of something new before anybody has typed. */
  initial?: Readonly<Record<string, unknown>>
  /** What the button says. */
  submit: string
  /** What it says while that happens. */
  busyLabel?: string
  disabled?: boolean
  /** Asks before the page is left with something unsaved. */
  guard?: boolean
  onSubmit: (values: Readonly<Record<string, unknown>>) => Promise<void>
  /** What would be sent, after every change. */
  onTyped?: (values: Readonly<Record<string, unknown>>) => void
  /** More buttons beside the one that saves. */
  children?: ComponentChildren
}) {
  const fields = useMemo(() => describeFields(schema, specs), [schema, specs])
  const first = useMemo(
    () => (before === null ? typedAll(fields, initial, true) : typedAll(fields, before, false)),
    [fields, before, initial],
  )
  const typed = useSignal(first)
  const wrong = useSignal<Readonly<Record<string, string>>>({})
  const problem = useSignal<Problem | null>(null)
  const busy = useSignal(false)
  const form = useRef<HTMLFormElement>(null)
  const isKept = ({ key }: Field) => before !== null && isKeptValue(before[key])
  const valuesNow = () => (before === null ? written(fields, typed.peek()) : changes(fields, typed.peek(), before))
  const isDirty = fields.some(({ key }) => typed.value[key] !== first[key])

  const check = (field: Field): string | null => {
    const found = complaint(field, typed.peek()[field.key] ?? '', isKept(field))
    if (found === null) return null
    return found.kind === 'missing' ? words().required : words().wrong(found.should)
  }
  const set = (field: Field, next: Typed) => {
    typed.value = { ...typed.peek(), [field.key]: next }
    // What was complained about is looked at again with every key; the rest only when it is sent.
    if (wrong.peek()[field.key] !== undefined) mark(field.key, check(field))
    onTyped?.(valuesNow())
  }
  const mark = (key: string, text: string | null) => {
    const { [key]: _old, ...others } = wrong.peek()
    wrong.value = text === null ? others : { ...others, [key]: text }
  }
  const focusFirst = () => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  const send = async () => {
    problem.value = null
    const complaints = fields.flatMap((field) => {
      const text = check(field)
      return text === null ? [] : [[field.key, text] as const]
    })
    // Checks over several keys need all of them, so that what the gateway keeps to itself leaves them to it.
    if (complaints.length === 0 && before === null) {
      const whole = v.safeParse(schema, valuesNow())
      const issue = whole.success ? undefined : whole.issues[0]
      const key = String(issue?.path?.[0]?.key ?? '')
      const field = fields.find((one) => one.key === key)
      if (issue !== undefined && field !== undefined)
        complaints.push([key, words().wrong(field.should ?? issue.message)])
    }
    wrong.value = Object.fromEntries(complaints)
    if (complaints.length > 0) return focusFirst()
    busy.value = true
    try {
      await onSubmit(valuesNow())
    } catch (thrown) {
      const found = asProblem(thrown)
      const key = keyNamed(
        found.message,
        fields.map((field) => field.key),
      )
      if (key === null) problem.value = found
      else {
        mark(key, found.message.replace(/^[^:]*:\s*/, ''))
        focusFirst()
      }
    } finally {
      busy.value = false
    }
  }

  const draw = (field: Field) => (
    <FieldInput
      key={field.key}
      field={field}
      typed={typed.value[field.key] ?? ''}
      kept={isKept(field)}
      wrong={wrong.value[field.key] ?? null}
      disabled={disabled}
      onTyped={(next) => set(field, next)}
    />
  )
  const plain = fields.filter(({ advanced = false }) => !advanced)
  const advanced = fields.filter((field) => field.advanced === true)
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {guard && <UnsavedGuard dirty={isDirty && !busy.value} />}
      {plain.map(draw)}
      {advanced.length > 0 && (
        <details class="form-more" open={advanced.some(({ key }) => wrong.value[key] !== undefined)}>
          <summary>{words().more}</summary>
          <div class="form">{advanced.map(draw)}</div>
        </details>
      )}
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {!disabled && (
        <div class="row form-end">
          <button class="button button-strong" disabled={busy.value || (before !== null && !isDirty)}>
            {busy.value ? (busyLabel ?? words().saving) : submit}
          </button>
          {children}
        </div>
      )}
    </form>
  )
}

const NOTHING = {}

const typedAll = (
  fields: readonly Field[],
  values: Readonly<Record<string, unknown>>,
  isOwn: boolean,
): Readonly<Record<string, Typed>> =>
  Object.fromEntries(fields.map((field) => [field.key, typedOf(field, values[field.key], isOwn)]))

/** The gateway has it and does not show it. (In a list `set` is a line like others.) */
const isKeptValue = (value: unknown): boolean => value === KEPT
