import { asFailure } from '../core/errors.ts'
import type { JobId } from '../core/jobs/job.ts'

/** How a routine is asked to run. */
export type RunWish = {
  /** Who asked; null: it was due. */
  readonly askedBy: string | null
  /** Takes a result that would be refused because it is so much smaller than the one before. */
  readonly accept: boolean
  /** Aborted when the program stops. */
  readonly signal: AbortSignal
}

/** A run under way. `job` null: it is too short to be one. */
export type Run = { readonly job: JobId | null; readonly done: Promise<void> }

/** A thing to be done again and again: every `everyMs`, and sooner when it failed. */
export type Routine = {
  /** For example `source/dream`. */
  readonly name: string
  readonly everyMs: number
  /** How long to wait after the first, second, … failure in a row; the last one repeats. */
  readonly retryMs: readonly number[]
  readonly run: (wish: RunWish) => Run
  /** Called after every run that went well. */
  readonly afterwards?: () => void
}

/** Runs routines when they are due, each one never twice at a time. Disposing waits for what runs. */
export interface Routines extends AsyncDisposable {
  /** Starts a routine, which runs at once; in place of the one of this name. */
  start(routine: Routine): void
  /** It is not run any more; what runs goes on. */
  stop(name: string): void
  /** Runs a routine now, or joins the run under way; null: there is none of this name. */
  now(name: string, wish?: Partial<Pick<RunWish, 'askedBy' | 'accept'>>): Run | null
}

type Entry = {
  readonly routine: Routine
  failures: number
  timer: ReturnType<typeof setTimeout> | null
  running: Run | null
}

/** A scheduler for what this house does by itself. */
export function createRoutines(): Routines {
  const entries = new Map<string, Entry>()
  const stopping = new AbortController()

  const drop = (entry: Entry): void => {
    if (entry.timer !== null) clearTimeout(entry.timer)
    entry.timer = null
  }
  const plan = (entry: Entry, afterMs: number): void => {
    drop(entry)
    if (stopping.signal.aborted || entries.get(entry.routine.name) !== entry) return
    entry.timer = setTimeout(() => void run(entry, null, false), afterMs)
  }

  const settle = async (entry: Entry, done: Promise<void>): Promise<void> => {
    const { routine } = entry
    try {
      await done
      entry.failures = 0
      entry.running = null
      routine.afterwards?.()
    } catch (error) {
      entry.running = null
      // Who cancels it does not want it again a moment later.
      const isWanted = asFailure(error, 'job/failed', '').code !== 'job/cancelled'
      entry.failures = isWanted ? entry.failures + 1 : 0
    } finally {
      const wait = routine.retryMs[Math.min(entry.failures, routine.retryMs.length) - 1]
      plan(entry, entry.failures > 0 && wait !== undefined ? wait : routine.everyMs)
    }
  }

  const run = (entry: Entry, askedBy: string | null, accept: boolean): Run => {
    if (entry.running !== null) return entry.running
    drop(entry)
    let running: Run
    try {
      running = entry.routine.run({ askedBy, accept, signal: stopping.signal })
    } catch (error) {
      running = { job: null, done: Promise.reject(error) }
    }
    entry.running = running
    void settle(entry, running.done)
    return running
  }

  return {
    start(routine) {
      const before = entries.get(routine.name)
      if (before !== undefined) drop(before)
      const entry: Entry = { routine, failures: 0, timer: null, running: null }
      entries.set(routine.name, entry)
      plan(entry, 0)
    },
    stop(name) {
      const entry = entries.get(name)
      entries.delete(name)
      if (entry !== undefined) drop(entry)
    },
    now(name, { askedBy = null, accept = false } = {}) {
      const entry = entries.get(name)
      return entry === undefined || stopping.signal.aborted ? null : run(entry, askedBy, accept)
    },
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('The program stops'))
      for (const entry of entries.values()) drop(entry)
      await Promise.allSettled([...entries.values()].map(({ running }) => running?.done))
    },
  }
}
