/** The reading of a wall clock as if it were UTC; null: that is none. */
export function wallTime(text: string): number | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(text.trim()) ?? []
  const instant = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`)
  return Number.isNaN(instant) ? null : instant
}

/** The instant of a reading (`wallTime`) on a clock that is `offsetAt` ahead of UTC. */
export const wallInstant = (reading: number, offsetAt: (instant: number) => number): number =>
  // The offset at the instant itself, which may be another one than at the same reading in UTC.
  reading - offsetAt(reading - offsetAt(reading))

/** What the zone's wall clock is ahead of UTC, milliseconds, by instant; null: the platform does not know the zone. */
export function zoneOffset(timezone: string): ((instant: number) => number) | null {
  if (timezone === '') return null
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    return (instant) => {
      const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]))
      const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '00'
      const date = `${part('year')}-${part('month')}-${part('day')}`
      const wall = Date.parse(`${date}T${part('hour')}:${part('minute')}:${part('second')}Z`)
      return wall - Math.floor(instant / 1000) * 1000
    }
  } catch {
    return null // a name that only the source knows
  }
}
