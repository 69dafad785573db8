import type { Timers } from '../timers.ts'

/**
 * How urgent a question is. `play`: a viewer waits, it goes out at once. `list`: at most two at a time, a tenth of a second
 * apart. `guide`: one at a time, a second apart. Source: stalker.md §5.2 and §7; panels ban addresses that ask faster.
 */
export type Urgency = 'play' | 'list' | 'guide'

/** Keeps a portal from being asked too fast. */
export interface Pacer {
  /** Runs the task when its turn has come; rejects with the signal's reason before. */
  run<T>(urgency: Urgency, signal: AbortSignal, task: () => Promise<T>): Promise<T>
}

type Lane = {
  readonly most: number
  readonly gapMs: number
  running: number
  isResting: boolean
  readonly queue: (() => void)[]
}

/** Makes the pacer of one portal. */
export function createPacer(timers: Timers): Pacer {
  const lane = (most: number, gapMs: number): Lane => ({ most, gapMs, running: 0, isResting: false, queue: [] })
  const lanes = { list: lane(2, 100), guide: lane(1, 1000) } as const

  const startNext = (one: Lane): void => {
    if (one.isResting || one.running >= one.most) return
    const next = one.queue.shift()
    if (next === undefined) return
    one.running++
    one.isResting = true
    timers.after(one.gapMs, () => {
      one.isResting = false
      startNext(one)
    })
    next()
  }
  const enter = (one: Lane, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        const index = one.queue.indexOf(start)
        if (index < 0) return
        one.queue.splice(index, 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      one.queue.push(start)
      startNext(one)
    })

  return {
    async run(urgency, signal, task) {
      signal.throwIfAborted()
      if (urgency === 'play') return task()
      const one = lanes[urgency]
      await enter(one, signal)
      try {
        return await task()
      } finally {
        one.running--
        startNext(one)
      }
    },
  }
}
