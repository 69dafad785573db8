/** How hard the program works, since the last reading. */
export type LoadReading = {
  /** Of one processor core, so that four busy cores are 400. */
  readonly cpuPercent: number
  readonly rssBytes: number
  /** How late timers were at worst. */
  readonly loopDelayMs: number
}

/** Reads how hard this process works. Disposing it ends its timer. */
export interface HouseLoad extends Disposable {
  read(): LoadReading
}

/** A timer that should come so often shows how late all others are. */
const BEAT_MS = 100

/** Begins to measure: CPU and memory by the system, lateness by a timer of its own, for not every runtime measures that. */
export function measureLoad(now: () => number = () => performance.now()): HouseLoad {
  let cpu = process.cpuUsage()
  let readAt = now()
  let beatAt = now()
  let worst = 0
  const timer = setInterval(() => {
    const at = now()
    worst = Math.max(worst, at - beatAt - BEAT_MS)
    beatAt = at
  }, BEAT_MS)
  timer.unref?.()
  return {
    read() {
      const at = now()
      const used = process.cpuUsage()
      const passedMs = Math.max(1, at - readAt)
      const usedMs = (used.user + used.system - cpu.user - cpu.system) / 1000
      const reading = {
        cpuPercent: Math.max(0, Math.round((usedMs / passedMs) * 1000) / 10),
        rssBytes: process.memoryUsage().rss,
        loopDelayMs: Math.max(0, Math.round(Math.max(worst, at - beatAt - BEAT_MS) * 10) / 10),
      }
      cpu = used
      readAt = at
      worst = 0
      return reading
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
