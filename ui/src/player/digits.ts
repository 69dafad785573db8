/** A channel number being typed; '' when none is. */
export type TypedNumber = string

/** Numbers longer than this are typing errors. */
const LONGEST = 6

/**
 * The number after one more key; null when the key is no part of a number.
 * Sub-numbers (`12.1`) are typed with a point or comma.
 */
export function typeDigit(typed: TypedNumber, key: string): TypedNumber | null {
  if (/^\d$/.test(key)) return typed.length < LONGEST ? typed + key : typed
  if ((key === '.' || key === ',') && typed !== '' && !typed.includes('.')) return `${typed}.`
  if (key === 'Backspace' && typed !== '') return typed.slice(0, -1)
  return null
}

/** The number to look up: no leading zeros, no trailing point; null when nothing is left. */
export function numberOf(typed: TypedNumber): string | null {
  const [major = '', minor = ''] = typed.split('.')
  if (major === '') return null
  const whole = major.replace(/^0+(?=\d)/, '')
  return minor === '' ? whole : `${whole}.${minor}`
}

/** Position after a step through a list of `total` that has no end: from the last to the first and back. */
export function stepped(position: number, step: 1 | -1, total: number): number {
  return total === 0 ? 0 : (position + step + total) % total
}
