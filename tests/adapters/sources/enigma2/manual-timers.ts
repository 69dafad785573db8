import type { Timers } from '../../../../adapters/sources/timers.ts'

/** A clock that only moves when it is told to, with its timers. */
export interface ManualTimers extends Timers {
  now(): number
  advance(ms: number): void
  pending(): number
  /** Milliseconds until the next one; null without any. */
  soonest(): number | null
}

/** Makes a clock that stands. */
export function createManualTimers(): ManualTimers {
  let time = 1_000_000
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>()
  return {
    now: () => time,
    pending: () => waiting.size,
    soonest: () => (waiting.size === 0 ? null : Math.min(...[...waiting].map(({ at }) => at)) - time),
    after(ms, run) {
      const entry = { at: time + ms, run }
      waiting.add(entry)
      return () => void waiting.delete(entry)
    },
    advance(ms) {
      const end = time + ms
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        waiting.delete(next)
        time = Math.max(time, next.at)
        next.run()
      }
      time = end
    },
  }
}
