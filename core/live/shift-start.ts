import { Failure } from '../errors.ts'

/** Seconds before now, as `start=` spells them: `-300`, `-12.5`. */
const BEHIND = /^-(\d{1,6}(?:\.\d{1,3})?)$/
/** ISO 8601 with a zone: `2026-11-21T20:15:00Z`. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/
/** Seconds since 1970, as players put them into addresses. */
const EPOCH = /^\d{9,10}$/
/** A place for a time that a player has left as it was: it knows nothing to put there. */
const UNFILLED = /^\$?\{.*\}$/
/** Clocks of viewers may be ahead of ours by this much (contract §3.3). */
const SKEW_MS = 30_000

/**
 * How far behind the others `start=` asks to be, milliseconds; 0 for what is said nowhere, and for now.
 *
 * Seconds before now (`-300`) or an instant of the past, in ISO 8601 with a zone or in seconds since 1970. Fails with
 * `http/bad-request`.
 */
export function readStart(text: string | null | undefined, now: number): number {
  if (text === null || text === undefined || text === '' || text === '0' || UNFILLED.test(text)) return 0
  const [, seconds] = BEHIND.exec(text) ?? []
  if (seconds !== undefined) return Math.round(Number(seconds) * 1000)
  const instant = readInstant(text)
  if (Number.isNaN(instant)) {
    const should = 'seconds before now, like "-300", or an instant like "2026-11-21T20:15:00Z"'
    throw new Failure('http/bad-request', `Parameter "start" should be ${should}`, { parameter: 'start' })
  }
  if (instant > now + SKEW_MS)
    throw new Failure('http/bad-request', 'Parameter "start" should be an instant of the past', { parameter: 'start' })
  return Math.max(0, now - instant)
}

function readInstant(text: string): number {
  if (EPOCH.test(text)) return Number(text) * 1000
  // A plus sign in a query that was not escaped is a space.
  const written = text.replace(/ (?=\d\d:\d\d$)/, '+')
  return INSTANT.test(written) ? Date.parse(written) : Number.NaN
}

/**
 * How long the part is that `duration=` (seconds) or `end=` (an instant) ask for, milliseconds; null: neither is told.
 *
 * Fails with `http/bad-request`.
 */
export function readLength(
  asked: { readonly duration: string | undefined; readonly end: string | undefined },
  from: number,
): number | null {
  const wrong = (parameter: string, should: string): Failure =>
    new Failure('http/bad-request', `Parameter "${parameter}" should be ${should}`, { parameter })
  const { duration = '', end = '' } = asked
  if (duration !== '' && !UNFILLED.test(duration)) {
    if (/^\d{1,6}$/.test(duration) && Number(duration) > 0) return Number(duration) * 1000
    throw wrong('duration', 'a number of seconds')
  }
  if (end === '' || UNFILLED.test(end)) return null
  const lastsMs = readInstant(end) - from
  if (lastsMs > 0) return lastsMs
  throw wrong('end', 'an instant behind "start", like "2026-11-21T21:45:00Z"')
}

/** `start=` that asks for the same. */
export const printStart = (behindMs: number): string => `-${(behindMs / 1000).toFixed(3).replace(/\.?0+$/, '')}`

/** `start=` and `duration=` that ask for the same part of the past, whenever they are read. */
export const printPast = (from: number, lastsMs: number): { readonly start: string; readonly duration: string } => ({
  start: String(Math.round(from / 1000)),
  duration: String(Math.max(1, Math.ceil(lastsMs / 1000))),
})
