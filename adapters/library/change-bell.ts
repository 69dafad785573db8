import type { Timers } from '../../core/live/timers.ts'

/** So soon it rings after the first change, and after the last one. */
const SOON_MS = 2000
/** So seldom while changes come without end: whoever listens reads the whole list, and a first scan takes hours. */
const SELDOM_MS = 32_000

/** Tells listeners that something has changed, soon and not each time. */
export interface ChangeBell extends Disposable {
  /** One of many changes, perhaps: the longer they come, the more of them one ring is for. */
  changed(): void
  /** The last one of many: it rings soon. */
  settled(): void
  onChange(listener: () => void): () => void
}

/** A bell that nobody listens to yet. */
export function createChangeBell(timers: Timers): ChangeBell {
  const listeners = new Set<() => void>()
  let ringing: unknown = null
  let calm: unknown = null
  let waitMs = SOON_MS
  const stop = (): void => {
    timers.clear(ringing)
    timers.clear(calm)
  }
  const ringIn = (ms: number): void => {
    stop()
    ringing = timers.set(() => {
      ringing = null
      waitMs = Math.min(SELDOM_MS, waitMs * 2)
      calm = timers.set(() => (waitMs = SOON_MS), waitMs)
      for (const listener of listeners) listener()
    }, ms)
  }
  return {
    changed() {
      if (ringing === null) ringIn(waitMs)
    },
    settled() {
      waitMs = SOON_MS
      ringIn(SOON_MS)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [Symbol.dispose]() {
      stop()
      listeners.clear()
    },
  }
}
