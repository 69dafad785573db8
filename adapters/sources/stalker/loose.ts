import * as v from 'valibot'
import { plainText } from '../../../core/plain-text.ts'

/** Values as PHP writes them: numbers as texts, `false` and `[]` for nothing, objects for lists (stalker.md §3). */

/** Any scalar as text; '' for everything else. */
export const looseText = v.fallback(
  v.pipe(
    v.union([v.string(), v.number(), v.boolean()]),
    v.transform((value) => (value === false ? '' : String(value))),
  ),
  '',
)

/** The same as people read it: on one line, without control characters. */
export const looseLine = v.pipe(looseText, v.transform(plainText))

/** A number; null if it is none. */
export const looseNumber = v.pipe(
  looseText,
  v.transform((text) => (text.trim() === '' ? null : Number(text))),
  v.transform((value) => (value === null || !Number.isFinite(value) ? null : value)),
)

/** Whether it is set: `1`, `"1"`, `true`; not `0`, `""`, `"0"`, `null`, `"false"`. */
export const looseFlag = v.pipe(
  looseText,
  v.transform((text) => !/^(?:|0|false|null|no)$/i.test(text.trim())),
)

/** A list, or the values of an object with numeric keys; empty for anything else. */
export function looseList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return []
  const entries = Object.entries(value)
  return entries.every(([key]) => /^\d+$/.test(key)) ? entries.map(([, member]) => member) : []
}

/** A list as an entry of an object schema. */
export const looseListOf = v.pipe(v.unknown(), v.transform(looseList))

/** Whether it has keys. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The member of an object whatever the case of its key: some panels write `Token` (stalker.md §4.1). */
export function member(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined
  const name = Object.keys(value).find((one) => one.toLowerCase() === key.toLowerCase())
  return name === undefined ? undefined : value[name]
}
