import * as v from 'valibot'
import { plainText } from '../../../core/plain-text.ts'
import { decodeEscaped } from '../../../core/entities.ts'

// Panels spell one and the same thing as number, text, boolean, null, or not at all (protocols/xtream.md §2). These
// schemas take all of it, missing keys too, and never fail: a row with a strange field is still a channel.

const loose = <T>(read: (value: unknown) => T) => v.optional(v.pipe(v.unknown(), v.transform(read)), null)

const toText = (value: unknown): string =>
  typeof value === 'string' ? plainText(decodeEscaped(value)) : typeof value === 'number' ? String(value) : ''

function toNumber(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

function toInstant(value: unknown): number | null {
  const seconds = toNumber(value)
  if (seconds !== null) return seconds > 0 && seconds < 1e11 ? Math.round(seconds * 1000) : null
  const text = typeof value === 'string' ? value.trim().replace(' ', 'T') : ''
  const date = Date.parse(/T\d\d:\d\d(:\d\d)?$/.test(text) ? `${text}Z` : text)
  return Number.isFinite(date) ? date : null
}

/** A finite number, also from text; null for everything else. */
export const looseNumber = loose(toNumber)

/** A text on one line without escapes; '' for what is none. Numbers count as text. */
export const looseText = loose(toText)

/** Truth as panels spell it: true, 1, "1", "true". */
export const looseFlag = loose((value) => value === true || /^(1|true|yes)$/i.test(toText(value)))

/** The id of a thing there, as text of at most 64 of `A-Za-z0-9_-`; null: it has none and cannot be used. */
export const looseId = loose((value) => (/^[\w-]{1,64}$/.test(toText(value)) ? toText(value) : null))

/** An instant as epoch milliseconds, from seconds or a date in UTC; null: none. Zero and less say "never". */
export const looseInstant = loose(toInstant)

/** The values of a list, of an object that stands for one (`{"0": …, "1": …}`), of nothing (`null`, `false`, `""`). */
export const looseList = loose((value): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [],
)

/** An object; an empty one where the panel sends `[]`, `null` or nothing for it. */
export const looseObject = loose((value): Readonly<Record<string, unknown>> =>
  // An object has text keys; what is in it stays unknown.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {},
)

/** The parts of a text that lists things (`Drama, Crime / Thriller`), or of a list of texts; at most 50. */
export const looseWords = loose((value): readonly string[] =>
  toText(Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(',') : value)
    .split(/\s*[,/|;]\s*/)
    .filter((word) => word !== '' && word !== 'N/A')
    .slice(0, 50),
)

/** The first year that a text names (`2019`, `2019-05-01`); null: none. */
export const looseYear = loose((value) => {
  const year = Number(/\b(?:18|19|20|21)\d\d\b/.exec(toText(value))?.[0] ?? Number.NaN)
  return Number.isNaN(year) ? null : year
})
