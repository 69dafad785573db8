import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import type { RowsSpec } from './describe-field.ts'
import { placeOf, rowComplaints, rowsOf } from './draft.ts'

/** Several in one text: as they come out of mails and tables. */
const BETWEEN = /[\s,;|]+/

/** A list of secrets, a row each: kept ones are named by their places, new ones are typed, pasted and checked. */
export function RowsInput({
  rows,
  typed,
  placeholder,
  disabled,
  isWrong,
  onTyped,
}: {
  rows: RowsSpec
  typed: string
  placeholder: string | undefined
  disabled: boolean
  /** Something is wrong with the list as a whole. */
  isWrong: boolean
  onTyped: (typed: string) => void
}) {
  const id = useId()
  const next = useSignal('')
  const field = useRef<HTMLInputElement>(null)
  const lines = typed === '' ? [] : typed.split('\n')
  const complaints = rowComplaints(rows, lines)
  const set = (all: readonly string[]) => onTyped(all.join('\n'))
  const add = (text: string) => {
    const fresh = rows.parse(text) === null ? text.split(BETWEEN).filter((word) => word !== '') : [text]
    next.value = ''
    if (fresh.length > 0) set([...rowsOf(typed), ...fresh.map((one) => rows.parse(one) ?? one)])
  }
  const remove = (at: number) => {
    set(lines.toSpliced(at, 1))
    field.current?.focus()
  }
  const change = (at: number, text: string) => set(lines.with(at, text.replaceAll('\n', ' ')))
  return (
    <>
      {lines.length > 0 && (
        <ol class="plain rows">
          {lines.map((line, at) => (
            <Row
              key={placeOf(line) === null ? `new-${at}` : line}
              rows={rows}
              line={line}
              at={at}
              complaint={complaints[at] ?? null}
              disabled={disabled}
              onTyped={(text) => change(at, text)}
              onLeft={() => set(rowsOf(typed))}
              onRemove={() => remove(at)}
            />
          ))}
        </ol>
      )}
      {!disabled && (
        <div class="row-next">
          <input
            ref={field}
            type="text"
            aria-label={rows.words.next}
            aria-describedby={`${id}-next`}
            aria-invalid={isWrong && lines.length === 0 ? true : undefined}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            placeholder={placeholder}
            value={next.value}
            onInput={({ currentTarget }) => {
              next.value = currentTarget.value
            }}
            onPaste={(event) => {
              const text = event.clipboardData?.getData('text') ?? ''
              if (text.trim().split(BETWEEN).length < 2 || rows.parse(text) !== null) return
              event.preventDefault()
              add(`${next.value} ${text}`)
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || next.value.trim() === '') return
              event.preventDefault()
              add(next.value)
            }}
            onBlur={() => add(next.value)}
          />
          <button type="button" class="button" onClick={() => field.current?.focus()}>
            {rows.words.add}
          </button>
          <p class="help" id={`${id}-next`}>
            {rows.words.nextHelp}
          </p>
        </div>
      )}
    </>
  )
}

function Row({
  rows,
  line,
  at,
  complaint,
  disabled,
  onTyped,
  onLeft,
  onRemove,
}: {
  rows: RowsSpec
  line: string
  /** From 0. */
  at: number
  complaint: 'wrong' | 'twice' | null
  disabled: boolean
  onTyped: (text: string) => void
  /** The field was left: what is empty goes. */
  onLeft: () => void
  onRemove: () => void
}) {
  const id = useId()
  const place = placeOf(line)
  const note = place === null ? null : (rows.note?.(place) ?? null)
  const one = place === null ? rows.parse(line) : null
  const advice = one === null ? null : (rows.advice?.(one) ?? null)
  const name = place === null ? rows.words.fresh(at + 1) : rows.words.kept(place)
  return (
    <li>
      {place === null ? (
        <span class="row-fresh">
          <input
            type="text"
            aria-label={name}
            aria-invalid={complaint === null ? undefined : true}
            aria-describedby={complaint === null && advice === null ? undefined : id}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            disabled={disabled}
            value={line}
            onInput={({ currentTarget }) => onTyped(currentTarget.value)}
            onBlur={onLeft}
          />
          {complaint !== null && (
            <p class="field-wrong" id={id}>
              {rows.words[complaint]}
            </p>
          )}
          {complaint === null && advice !== null && (
            <p class="help" id={id}>
              {advice}
            </p>
          )}
        </span>
      ) : (
        <span class="row-kept">
          <strong>{name}</strong>
          {note !== null && <small class={note.isBad ? 'row-ill' : undefined}>{note.text}</small>}
        </span>
      )}
      {!disabled && (
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={rows.words.remove(place === null ? line : name)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  )
}
