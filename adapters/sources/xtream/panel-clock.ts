import { wallInstant, wallTime, zoneOffset } from '../../../core/wall-clock.ts'

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
      return local === null ? null : wallInstant(local, offsetAt)
    },
  }
}
