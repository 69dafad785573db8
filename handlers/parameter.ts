import * as v from 'valibot'
import { Failure } from '../core/errors.ts'

/**
 * The value of a query parameter that has a closed list of values; absent or empty: `fallback`.
 *
 * Fails with `http/bad-request` for any other value; the message names what is allowed and does not repeat the value.
 */
export function oneOf<const T extends string>(
  value: string | undefined,
  parameter: { readonly name: string; readonly allowed: readonly T[]; readonly fallback: NoInfer<T> },
): T {
  if (value === undefined || value === '') return parameter.fallback
  const found = parameter.allowed.find((candidate) => candidate === value)
  if (found !== undefined) return found
  const allowed = parameter.allowed.map((word) => `"${word}"`).join(', ')
  const choice = parameter.allowed.length > 1 ? `one of ${allowed}` : allowed
  throw new Failure('http/bad-request', `Parameter "${parameter.name}" should be ${choice}`, {
    parameter: parameter.name,
  })
}

/** A whole number from 0 to `max`, as a query parameter spells it. */
export const wholeNumber = (max: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,7}$/), v.transform(Number), v.maxValue(max))
