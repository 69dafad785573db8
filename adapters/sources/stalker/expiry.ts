/** Until when an account runs: `at` epoch milliseconds, null for "never" and for what only the text can tell. */
export type Expiry = { readonly at: number | null; readonly text: string }

const NEVER = /^(?:unlimited|never|lifetime|0{4}-0{2}-0{2}(?: 0{2}:0{2}:0{2})?|null|none|0)$/i
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Reads an end date as portals write it: `2026-03-05 23:59:00`, `05.03.2026`, `March 5, 2026, 11:59 pm`, `Unlimited`,
 * `0000-00-00 00:00:00`, seconds since 1970. Null: it is none. Zones are unknown: taken as UTC.
 */
export function expiryOf(raw: string): Expiry | null {
  const text = raw.trim().slice(0, 60)
  if (text === '') return null
  if (NEVER.test(text)) return { at: null, text }
  const at = isoDate(text) ?? dottedDate(text) ?? englishDate(text) ?? epoch(text)
  return at === null ? null : { at, text }
}

function isoDate(text: string): number | null {
  const [, date, time = '00:00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?/.exec(text) ?? []
  return date === undefined ? null : finite(Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`))
}

function dottedDate(text: string): number | null {
  const [, day, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})/.exec(text) ?? []
  return year === undefined ? null : finite(Date.UTC(Number(year), Number(month) - 1, Number(day)))
}

/** PHP's `F j, Y, g:i a`. */
function englishDate(text: string): number | null {
  const match = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})(?:,? (\d{1,2}):(\d{2}) ?([ap]m))?/i.exec(text)
  const [, name = '', day, year, hour, minute, half = ''] = match ?? []
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase())
  if (year === undefined || month < 0) return null
  const hours = hour === undefined ? 0 : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  return Date.UTC(Number(year), month, Number(day), hours, Number(minute ?? 0))
}

const epoch = (text: string): number | null => (/^\d{9,10}$/.test(text) ? Number(text) * 1000 : null)

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
