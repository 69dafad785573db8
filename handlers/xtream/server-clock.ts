import { wallInstant, wallTime, zoneOffset } from '../../core/wall-clock.ts'

/** The wall clock that this server shows to Xtream clients: they read and write times of programmes by it. */
export type ServerClock = {
  /** IANA name. */
  readonly zone: string
  /** The instant as `YYYY-MM-DD HH:MM:SS`. */
  print(instant: number): string
  /** The instant that a catch-up address names; null: that is none. */
  readStart(text: string): number | null
}

const MINUTE_MS = 60_000

/** The clock of a zone; one that the platform does not know is UTC. */
export function createServerClock(timeZone: string): ServerClock {
  const known = zoneOffset(timeZone)
  const offsetAt = rememberingLast(known ?? (() => 0))
  return {
    zone: known === null ? 'UTC' : timeZone,
    print: (instant) => new Date(instant + offsetAt(instant)).toISOString().slice(0, 19).replace('T', ' '),
    readStart(text) {
      if (/^\d{9,11}$/.test(text)) return Number(text) * 1000
      const local = wallTime(asReading(text))
      return local === null ? null : wallInstant(local, offsetAt)
    },
  }
}

/** What players send: `YYYY-MM-DD:HH-MM`, with seconds, with a blank, as `YYYYMMDD-HH`. Source: protocols/xtream.md §6. */
function asReading(text: string): string {
  const [, day = '', hour = '', rest = ''] = /^(\d{4}-\d\d-\d\d)[: _T+](\d\d)((?:[-:]\d\d){0,2})$/.exec(text) ?? []
  if (day !== '') return `${day} ${hour}${rest === '' ? ':00' : rest.replaceAll('-', ':')}`
  const [, year, month, date, full] = /^(\d{4})(\d\d)(\d\d)-(\d\d)$/.exec(text) ?? []
  return year === undefined ? '' : `${year}-${month}-${date} ${full}:00`
}

/** Asking the platform for an offset is slow, and lists of programmes ask for one within the same hour again and again. */
function rememberingLast(offsetAt: (instant: number) => number): (instant: number) => number {
  let last = { quarter: Number.NaN, offset: 0 }
  return (instant) => {
    const quarter = Math.floor(instant / (15 * MINUTE_MS)) // no zone changes in between
    if (quarter !== last.quarter) last = { quarter, offset: offsetAt(quarter * 15 * MINUTE_MS) }
    return last.offset
  }
}
