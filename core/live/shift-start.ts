import { Failure } from '../errors.ts'

/** Seconds before now, as `start=` spells them: `-300`, `-12.5`. */
const BEHIND = /^-(\d{1,6}(?:\.\d{1,3})?)$/
/** ISO 8601 with a zone: `2026-11-21T20:15:00Z`. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/
/** Clocks of viewers may be ahead of ours by this much (contract §3.3). */
const SKEW_MS = 30_000

/**
 * How far behind the others `start=` asks to be, milliseconds; 0 for what is said nowhere, and for now.
 *
 * Seconds before now (`-300`) or an instant of the past in ISO 8601 with a zone. Fails with `http/bad-request`.
 */
export function readStart(text: string | null | undefined, now: number): number {
  if (text === null || text === undefined || text === '' || text === '0') return 0
  const [, seconds] = BEHIND.exec(text) ?? []
  if (seconds !== undefined) return Math.round(Number(seconds) * 1000)
  // A plus sign in a query that was not escaped is a space.
  const written = text.replace(/ (?=\d\d:\d\d$)/, '+')
  const instant = INSTANT.test(written) ? Date.parse(written) : NaN
  if (Number.isNaN(instant)) {
    const should = 'seconds before now, like "-300", or an instant like "2026-11-21T20:15:00Z"'
    throw new Failure('http/bad-request', `Parameter "start" should be ${should}`, { parameter: 'start' })
  }
  if (instant > now + SKEW_MS)
    throw new Failure('http/bad-request', 'Parameter "start" should be an instant of the past', { parameter: 'start' })
  return Math.max(0, now - instant)
}

/** `start=` that asks for the same. */
export const printStart = (behindMs: number): string => `-${(behindMs / 1000).toFixed(3).replace(/\.?0+$/, '')}`
