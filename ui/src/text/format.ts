import { locale } from './language.ts'

// Making one costs more than using it a thousand times; a page has one or two locales and a dozen styles.
const MOST_KEPT = 64
const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

function keep<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  kind: new (locale: string, options: object) => T,
  options: object,
): T {
  const key = `${kind.name} ${locale()} ${JSON.stringify(options)}`
  const known = kept.get(key)
  if (known instanceof kind) return known
  if (kept.size >= MOST_KEPT) kept.clear()
  const made = new kind(locale(), options)
  kept.set(key, made)
  return made
}

/** A number with the digits after the point that are asked for: `12,345`. */
export function formatNumber(value: number, digits = 0): string {
  return keep(Intl.NumberFormat, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/** A number and its word: `1 channel`, `1,234 channels`. Right for languages with one plural, as English and German. */
export const counted = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** A share, 0 … 1, as percent: `42%`, `42 %`. */
export function formatShare(share: number): string {
  return keep(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 0 }).format(share)
}

/** Bytes as people read them: `12.4 MB`. Powers of 1000, as data rates are. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${formatNumber(value, power > 0 && value < 10 ? 1 : 0)} ${units[power] ?? 'B'}`
}

/** A rate: `8.1 Mbit/s`, below one million `640 kbit/s`. */
export function formatKbps(kbps: number): string {
  return kbps >= 1000 ? `${formatNumber(kbps / 1000, 1)} Mbit/s` : `${formatNumber(kbps)} kbit/s`
}

/** A short span with one digit after the point: `2.4 s`. */
export const formatSeconds = (seconds: number, digits = 1): string => `${formatNumber(seconds, digits)} s`

/** A span: `3 d 4 h`, `2 h 05 min`, `7 min`, `42 s` (symbols of the SI, the same in every language). */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(whole / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${formatNumber(days)} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return minutes > 0 ? `${minutes} min` : `${whole} s`
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** How long ago an instant is, or how far ahead, seen from `now`: `5 min ago`, `in 2 hr.`, `yesterday`. */
export function formatAgo(instant: number, now: number): string {
  const seconds = (instant - now) / 1000
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const)
  return keep(Intl.RelativeTimeFormat, { numeric: 'auto', style: 'short' }).format(Math.trunc(seconds / length), unit)
}

const CLOCK = { hour: 'numeric', minute: '2-digit' }

/** Time of day as this browser writes it, hours and minutes. */
export const formatClock = (instant: number): string => keep(Intl.DateTimeFormat, CLOCK).format(instant)

/** Time of day with seconds, for logs. */
export const formatClockSeconds = (instant: number): string =>
  keep(Intl.DateTimeFormat, { ...CLOCK, second: '2-digit' }).format(instant)

/** From one time of day to another: `20:15 – 21:45`, `8:15 – 9:45 PM`. */
export const formatClockRange = (start: number, stop: number): string =>
  keep(Intl.DateTimeFormat, CLOCK).formatRange(start, stop)

/** A day: `3 Mar 2026`. */
export const formatDate = (instant: number): string =>
  keep(Intl.DateTimeFormat, { dateStyle: 'medium' }).format(instant)

/** A day near today: `Tue 3 Mar`. */
export const formatDay = (instant: number): string =>
  keep(Intl.DateTimeFormat, { weekday: 'short', day: 'numeric', month: 'short' }).format(instant)

/** Day and time of day: `3 Mar 2026, 20:15`. */
export const formatDateTime = (instant: number): string =>
  keep(Intl.DateTimeFormat, { dateStyle: 'medium', timeStyle: 'short' }).format(instant)

/** How much of [start, stop) is over at `now`, 0 … 1. */
export function progressOf({ start, stop }: { start: number; stop: number }, now: number): number {
  return stop <= start ? 0 : Math.min(1, Math.max(0, (now - start) / (stop - start)))
}

/** Two letters for a channel without a picture: `Das Erste HD` → `DE`. Words that only name the quality do not count. */
export function initials(name: string): string {
  const words = name
    .replace(/[^\p{L}\p{N} ]+/gu, ' ')
    .split(' ')
    .filter((word) => word !== '' && !/^(hd|sd|uhd|4k|tv|the|der|die|das|el|la|le)$/i.test(word))
  const [first = name.trim(), second] = words
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0] ?? '', [...second][0] ?? '']
  return letters.join('').toLocaleUpperCase()
}

/** A stable hue, 0 … 359, for a text. */
export function hueOf(text: string): number {
  let hash = 0
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return hash % 360
}
