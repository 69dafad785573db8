import * as v from 'valibot'
import type { Field, RowsSpec } from './describe-field.ts'

/** What stands in a field: the text as typed, or the position of a switch. */
export type Typed = string | boolean

/** What the gateway shows in place of a secret, and takes for "as it is" (`core/config/masked.ts`). */
export const KEPT = 'set'

/** A row for what the gateway keeps at a place of a list, from 1, and takes for it wherever it stands then. */
export const keptRow = (place: number): string => `${KEPT}:${place}`

/** The place that a row keeps; null: the row is something new. */
export function placeOf(row: string): number | null {
  const [, place] = /^set:(\d+)$/.exec(row) ?? []
  return place === undefined ? null : Number(place)
}

/** The rows that are not empty. */
export const rowsOf = (typed: string): readonly string[] =>
  typed.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))

/** What is wrong with each row: it is none, or stands there twice. */
export function rowComplaints(
  { parse }: Pick<RowsSpec, 'parse'>,
  rows: readonly string[],
): readonly ('wrong' | 'twice' | null)[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    if (placeOf(row) !== null) return null
    const one = parse(row)
    if (one === null) return 'wrong'
    if (seen.has(one)) return 'twice'
    seen.add(one)
    return null
  })
}

/** What a field shows for a value of the gateway; undefined: nothing is written there. Secrets show only where we know them ourselves. */
export function typedOf(field: Field, value: unknown, isOwn = false): Typed {
  if (field.kind === 'switch') return typeof value === 'boolean' ? value : field.default === true
  if (value === undefined || value === null || value === KEPT) return ''
  if (field.kind === 'secret' && !isOwn) return ''
  if (field.kind === 'rows' && Array.isArray(value))
    return value.map((one, index) => (isOwn && typeof one === 'string' ? one : keptRow(index + 1))).join('\n')
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string' || typeof one === 'number').join('\n')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The value that a field means; undefined: nothing is written there. */
export function valueOf(field: Field, typed: Typed): unknown {
  if (typeof typed === 'boolean') return typed
  const text = typed.trim()
  if (field.kind === 'lines' || field.kind === 'rows') {
    const lines = rowsOf(text)
    return lines.length === 0 ? undefined : lines
  }
  if (text === '') return undefined
  // A number that cannot be read stays text: the schema says what is wrong with it.
  if (field.kind === 'number')
    return Number.isFinite(Number(text.replace(',', '.'))) ? Number(text.replace(',', '.')) : text
  // A port is `auto` or a number; what is all digits is a number wherever the schema takes one.
  if (field.kind === 'text' && /^\d+$/.test(text) && !accepts(field, text) && accepts(field, Number(text)))
    return Number(text)
  // A password may begin or end with a space.
  return field.kind === 'secret' ? typed : text
}

const accepts = ({ schema }: Field, value: unknown): boolean => schema === null || v.safeParse(schema, value).success

/** What is wrong with a field by itself; null: nothing. `isKept`: the gateway has a value for it that is not shown. */
export function complaint(
  field: Field,
  typed: Typed,
  isKept: boolean,
): { readonly kind: 'missing' | 'wrong'; readonly should: string } | null {
  const value = valueOf(field, typed)
  if (value === undefined) return field.required && !isKept ? { kind: 'missing', should: '' } : null
  if (field.kind === 'rows' && field.rows !== undefined) {
    const isWrong = rowComplaints(field.rows, rowsOf(String(typed))).some((one) => one !== null)
    return isWrong ? { kind: 'wrong', should: field.should ?? '' } : null
  }
  if (field.schema === null) return null
  const parsed = v.safeParse(field.schema, value)
  if (parsed.success) return null
  return { kind: 'wrong', should: field.should ?? parsed.issues[0].message }
}

/** All keys that are written, for something new. */
export function written(fields: readonly Field[], typed: Readonly<Record<string, Typed>>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const value = valueOf(field, typed[field.key] ?? '')
    // A switch in its first position needs no line.
    if (value === undefined || (field.kind === 'switch' && value === field.default)) continue
    values[field.key] = value
  }
  return values
}

/** The keys that differ from what was there, for an edit; null: back to the default. */
export function changes(
  fields: readonly Field[],
  typed: Readonly<Record<string, Typed>>,
  before: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const now = typed[field.key] ?? ''
    if (now === typedOf(field, before[field.key])) continue
    values[field.key] = valueOf(field, now) ?? null
  }
  return values
}

/** The key that a sentence of the gateway is about (`source.url: should be …`, `"name" should be …`), if it is one of these. */
export function keyNamed(message: string, keys: readonly string[]): string | null {
  const path = /^([\w.[\]-]+):/.exec(message)?.[1]?.split(/[.[\]]+/) ?? []
  const quoted = [...message.matchAll(/"([A-Za-z]\w*)"/g)].map(([, name]) => name ?? '')
  return [...path.toReversed(), ...quoted].find((name) => keys.includes(name)) ?? null
}
