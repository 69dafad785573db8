/** The clock on the wall of a panel: catch-up times and texts of the guide are in its zone, not in the viewer's. */
export interface PanelClock {
  /** The instant as the panel writes times in catch-up addresses: `YYYY-MM-DD:HH-MM`. */
  archiveStart(instant: number): string
  /** The instant of `YYYY-MM-DD HH:MM:SS` on that clock; null: that is no time. */
  parse(text: string): number | null
}

/** What a panel says about its clock. */
export type PanelClockFacts = {
  /** IANA name; may be empty or unknown here. */
  readonly timezone: string
  /** Epoch seconds. */
  readonly timestampNow: number | null
  /** The same moment on the panel's wall, `YYYY-MM-DD HH:MM:SS`. */
  readonly timeNow: string
}

const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS

/**
 * The clock that these facts describe: by zone, else by the difference of the two times to the quarter of an hour, else
 * UTC. Source: protocols/xtream.md §2.1.
 */
export function createPanelClock({ timezone, timestampNow, timeNow }: PanelClockFacts): PanelClock {
  const zone = zoneOffset(timezone)
  const wall = wallTime(timeNow)
  const fixed =
    wall === null || timestampNow === null ? 0 : Math.round((wall - timestampNow * 1000) / QUARTER_MS) * QUARTER_MS
  // A difference of more than a day is a clock that stands.
  const offsetAt = zone ?? (() => (Math.abs(fixed) > 15 * 60 * MINUTE_MS ? 0 : fixed))
  return {
    archiveStart(instant) {
      const text = new Date(instant + offsetAt(instant)).toISOString()
      return `${text.slice(0, 10)}:${text.slice(11, 13)}-${text.slice(14, 16)}`
    },
    parse(text) {
      const local = wallTime(text)
      if (local === null) return null
      // The offset at the instant itself, which may be another one than at the same reading in UTC.
      return local - offsetAt(local - offsetAt(local))
    },
  }
}

/** The reading of a wall clock as if it were UTC; null: that is none. */
function wallTime(text: string): number | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(text.trim()) ?? []
  const instant = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`)
  return Number.isNaN(instant) ? null : instant
}

/** What the zone's wall clock is ahead of UTC, milliseconds, by instant; null: the platform does not know the zone. */
function zoneOffset(timezone: string): ((instant: number) => number) | null {
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
    return null // a name that only the panel knows
  }
}
