const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Zones that guides name, minutes east of Greenwich. Names that mean several zones are taken as Europeans mean them. */
const ZONES: Readonly<Record<string, number>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  IST: 60,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  TRT: 180,
  NST: -210,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  HST: -600,
  AWST: 480,
  ACST: 570,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  JST: 540,
}

// 20261121200000 +0100, 202611212000, 2026-11-21T20:00:00.000+01:00, 20261121 200000, with any zone behind it
const LOOSE =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]*(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?)?\s*([+-]\s*\d{1,2}:?\d{0,2}|[A-Za-z]{1,5})?$/

/**
 * The instant that a time of XMLTV names, epoch milliseconds; null if it names none.
 *
 * `YYYYMMDDhhmmss ±hhmm` and every shorter form of it; no zone means UTC, as the DTD says. Also what providers write
 * instead: `±hh:mm`, `Z`, names of zones, no blank before the zone, ISO 8601, epoch seconds or milliseconds.
 */
export function parseXmltvTime(text: string): number | null {
  const quick = parseUsual(text)
  if (quick !== null) return quick
  const trimmed = text.trim()
  if (/^1\d{9}$/.test(trimmed)) return Number(trimmed) * 1000
  if (/^1\d{12}$/.test(trimmed)) return Number(trimmed)
  const match = LOOSE.exec(trimmed)
  if (match === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = ''] = match
  const offset = zoneMinutes(zone)
  if (offset === null) return null
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second), offsetMinutes: offset }
  return instant(dayAt(Number(year), Number(month), Number(day)), clock)
}

/** `20261121200000 +0100`, the form of nearly all documents, without a regular expression: a guide has millions. */
function parseUsual(text: string): number | null {
  if (text.length !== 20 || text[14] !== ' ') return null
  const sign = text.charCodeAt(15) === 0x2d ? -1 : text.charCodeAt(15) === 0x2b ? 1 : 0
  const offset = digits(text, 16, 18) * 60 + digits(text, 18, 20)
  if (sign === 0 || Number.isNaN(offset)) return null
  const midnight = dayAt(digits(text, 0, 4), digits(text, 4, 6), digits(text, 6, 8))
  return instant(midnight, {
    hour: digits(text, 8, 10),
    minute: digits(text, 10, 12),
    second: digits(text, 12, 14),
    offsetMinutes: sign * offset,
  })
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Midnight UTC of a day; NaN for what is none. */
function dayAt(year: number, month: number, day: number): number {
  const isDay = year >= 1970 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31
  return isDay ? days(year, month, day) * DAY_MS : Number.NaN
}

type Clock = { readonly hour: number; readonly minute: number; readonly second: number; readonly offsetMinutes: number }

function instant(midnight: number, { hour, minute, second, offsetMinutes }: Clock): number | null {
  const isTime = hour <= 24 && minute <= 59 && second <= 60 && Math.abs(offsetMinutes) <= 15 * 60
  const at = midnight + (hour * 60 + minute - offsetMinutes) * MINUTE_MS + second * 1000
  return isTime && !Number.isNaN(at) ? at : null
}

/** Days since 1970-01-01 of the Gregorian calendar; years counted from March (Howard Hinnant, `days_from_civil`). */
function days(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function zoneMinutes(zone: string): number | null {
  if (zone === '') return 0
  const named = ZONES[zone.toUpperCase()]
  if (named !== undefined) return named
  const [, sign, hours = '', minutes = ''] = /^([+-])\s*(\d{1,2}):?(\d{0,2})$/.exec(zone) ?? []
  if (sign === undefined) return null
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
