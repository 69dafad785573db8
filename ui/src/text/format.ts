/** Bytes as people read them: `12.4 MB`. Powers of 1000, as data rates are. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[power] ?? 'B'}`
}

/** A rate: `8.1 Mbit/s`, below one million `640 kbit/s`. */
export function formatKbps(kbps: number): string {
  return kbps >= 1000 ? `${(kbps / 1000).toFixed(1)} Mbit/s` : `${Math.round(kbps)} kbit/s`
}

/** A span: `3 d 4 h`, `2 h 05 min`, `7 min`, `42 s`. */
export function formatSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(whole / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${days} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return minutes > 0 ? `${minutes} min` : `${whole} s`
}

/** Time of day as this browser writes it, hours and minutes. */
export function formatClock(instant: number): string {
  return new Date(instant).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
}

/** From one time of day to another: `20:15 – 21:45`, `8:15 – 9:45 PM`. */
export function formatClockRange(start: number, stop: number): string {
  return new Intl.DateTimeFormat([], { hour: 'numeric', minute: '2-digit' }).formatRange(start, stop)
}

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
