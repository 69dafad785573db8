import type { Timers } from '../timers.ts'

/** Who asks, the most urgent first. `guide` and `logo` are background: paced, and held while a stream starts. */
export type Priority = 'playback' | 'ui' | 'guide' | 'logo'

const RANKS: Readonly<Record<Priority, number>> = { playback: 0, ui: 1, guide: 2, logo: 3 }

/** Runs tasks one at a time, the most urgent first. */
export interface RequestQueue {
  run<T>(priority: Priority, signal: AbortSignal, task: () => Promise<T>): Promise<T>
  /** No background task starts within the next `ms` milliseconds. */
  holdBackground(ms: number): void
  /** Rejects all that waits, and all that comes, with `reason`. */
  close(reason: unknown): void
}

type Job = { readonly priority: Priority; readonly start: () => void; readonly refuse: (reason: unknown) => void }

/** `pauseMs` lies between the end of a background task and the start of the next. */
export function createRequestQueue(options: {
  readonly now: () => number
  readonly timers: Timers
  readonly pauseMs: number
}): RequestQueue {
  const { now, timers, pauseMs } = options
  const waiting: Job[] = []
  let isBusy = false
  let backgroundFrom = -Infinity
  let cancelWake: (() => void) | null = null
  let closed: { readonly reason: unknown } | null = null

  const isBackground = ({ priority }: Job): boolean => priority === 'guide' || priority === 'logo'
  const startNext = (): void => {
    cancelWake?.()
    cancelWake = null
    if (isBusy || waiting.length === 0) return
    const wait = backgroundFrom - now()
    const ready = waiting.filter((job) => wait <= 0 || !isBackground(job))
    const [first, ...others] = ready
    if (first === undefined) {
      cancelWake = timers.after(wait, startNext)
      return
    }
    const next = others.reduce((best, job) => (RANKS[job.priority] < RANKS[best.priority] ? job : best), first)
    waiting.splice(waiting.indexOf(next), 1)
    next.start()
  }

  return {
    run(priority, signal, task) {
      if (closed !== null) return Promise.reject(closed.reason)
      if (signal.aborted) return Promise.reject(signal.reason)
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          const index = waiting.indexOf(job)
          if (index < 0) return // it runs: the task has the signal itself
          waiting.splice(index, 1)
          reject(signal.reason)
        }
        const job: Job = {
          priority,
          refuse(reason) {
            signal.removeEventListener('abort', leave)
            reject(reason)
          },
          start() {
            signal.removeEventListener('abort', leave)
            isBusy = true
            const done = (): void => {
              isBusy = false
              if (isBackground(job)) backgroundFrom = Math.max(backgroundFrom, now() + pauseMs)
              startNext()
            }
            task().finally(done).then(resolve, reject)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        waiting.push(job)
        startNext()
      })
    },
    holdBackground(ms) {
      backgroundFrom = Math.max(backgroundFrom, now() + ms)
    },
    close(reason) {
      closed = { reason }
      cancelWake?.()
      for (const job of waiting.splice(0)) job.refuse(reason)
    },
  }
}
