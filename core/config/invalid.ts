import { Failure } from '../errors.ts'
import { suggest } from '../suggest.ts'

/** A wrong value: one line that names the key and what it should be. Pass `is` only for values that are no secret. */
export function wrongValue(key: string, shouldBe: string, is?: unknown, cause?: unknown): Failure {
  const found = is === undefined ? '' : `, is ${print(is)}`
  return new Failure('config/invalid', `${key}: should be ${shouldBe}${found}`, { key }, cause)
}

/** An unknown key, with the known one it most likely means. */
export function unknownKey(key: string, name: string, known: Iterable<string>): Failure {
  const meant = suggest(name, known)
  return new Failure('config/invalid', `${key}: unknown key${meant === null ? '' : `, did you mean "${meant}"?`}`, {
    key,
  })
}

/** A key that must be there and is not. */
export const missingKey = (key: string, shouldBe?: string): Failure =>
  new Failure('config/invalid', `${key}: missing${shouldBe === undefined ? '' : `, should be ${shouldBe}`}`, { key })

function print(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'object'
        ? Array.isArray(value)
          ? 'a list'
          : 'a mapping'
        : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** A mapping of the config file, read as text keys to unknown values; null (an empty section of YAML) counts as empty. */
export function readMapping(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongValue(key, 'a mapping of keys to values')
  return value as Readonly<Record<string, unknown>>
}
