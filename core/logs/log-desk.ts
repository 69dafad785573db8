import type { LogLevel } from '../log.ts'
import { logJudge } from './log-filter.ts'
import type { LogFilter } from './log-filter.ts'
import type { LogLine, LogRing } from './log-ring.ts'

/** Which lines are asked for: `limit` of them behind the newest `offset` ones, up to the line `until`. */
export type LogWish = LogFilter & {
  readonly until?: number | undefined
  readonly offset: number
  readonly limit: number
}

/** A window of the log, newest first. `total`: how many lines the filter means, up to `until`. */
export type LogWindow = { readonly until: number; readonly total: number; readonly lines: readonly LogLine[] }

/** What came since somebody looked last, oldest first; `leftOut` lines before them were too many. */
export type LogNews = { readonly lines: readonly LogLine[]; readonly leftOut: number; readonly newest: number }

/** Port: the last lines of the log, and what is new. */
export interface LogDesk {
  read(wish: LogWish): LogWindow
  newest(): number
  /** At most `most` lines that came after the line `after`, of this level and above: the last ones. */
  news(after: number, level: LogLevel, most: number): LogNews
  /** `person` wants to be told of new lines for a minute: those of this level and above. Gives when that ends. */
  follow(person: string, level: LogLevel): number
  /** What a person wants to be told of now, and which line was the newest when they began; null: nothing. */
  followed(person: string): { readonly level: LogLevel; readonly after: number } | null
  /** What is written at all. */
  level(): LogLevel
  /** Calls `listener`, which must not block, after each line; gives the function that ends it. */
  onLine(listener: () => void): () => void
}

/** How long somebody is told of new lines without asking again. */
const FOLLOW_MS = 60_000

/** A desk over a ring; `level` gives what is written at all. */
export function createLogDesk({
  ring,
  level,
  now,
}: {
  readonly ring: LogRing
  readonly level: () => LogLevel
  readonly now: () => number
}): LogDesk & { readonly told: () => void } {
  const followers = new Map<string, { readonly level: LogLevel; readonly after: number; readonly until: number }>()
  const followed = (person: string) => {
    const found = followers.get(person)
    return found === undefined || found.until <= now() ? null : found
  }
  const listeners = new Set<() => void>()
  return {
    read({ until = ring.newest(), offset, limit, ...filter }) {
      const suits = logJudge(filter)
      const lines: LogLine[] = []
      let total = 0
      for (const line of ring.backwards(until)) {
        if (!suits(line)) continue
        if (total >= offset && lines.length < limit) lines.push(line)
        total += 1
      }
      return { until: Math.min(until, ring.newest()), total, lines }
    },
    newest: () => ring.newest(),
    news(after, wanted, most) {
      const suits = logJudge({ level: wanted })
      const lines: LogLine[] = []
      let found = 0
      for (const line of ring.backwards()) {
        if (line.id <= after) break
        if (!suits(line)) continue
        found += 1
        if (lines.length < most) lines.push(line)
      }
      return { lines: lines.reverse(), leftOut: found - lines.length, newest: ring.newest() }
    },
    follow(person, wanted) {
      const until = now() + FOLLOW_MS
      for (const [name, one] of followers) if (one.until <= now()) followers.delete(name)
      followers.set(person, { level: wanted, after: followed(person)?.after ?? ring.newest(), until })
      return until
    },
    followed,
    level,
    onLine(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    told() {
      for (const listener of listeners) listener()
    },
  }
}
