import type { Timers } from '../../core/live/timers.ts'

/** So often it rings at most: a scan changes thousands of items. */
const EVERY_MS = 2000

/** Tells listeners that something has changed, soon and not each time. */
export interface ChangeBell extends Disposable {
  changed(): void
  onChange(listener: () => void): () => void
}

/** A bell that nobody listens to yet. */
export function createChangeBell(timers: Timers): ChangeBell {
  const listeners = new Set<() => void>()
  let timer: unknown = null
  return {
    changed() {
      timer ??= timers.set(() => {
        timer = null
        for (const listener of listeners) listener()
      }, EVERY_MS)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [Symbol.dispose]() {
      if (timer !== null) timers.clear(timer)
      listeners.clear()
    },
  }
}
