import type { Failure } from '../core/errors.ts'
import { asFailure } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

/** A thing to be done again and again: every `everyMs`, and sooner when it failed. */
export type Job = {
  /** Name in the log, for example `lineup/dream`. */
  readonly name: string
  readonly everyMs: number
  /** How long to wait after the first, second, … failure in a row; the last one repeats. */
  readonly retryMs: readonly number[]
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Told after every run; null: it went well. */
  readonly done?: (failure: Failure | null) => void
}

/** Runs jobs, each one never twice at a time. Disposing aborts what runs and waits for it. */
export interface Jobs extends AsyncDisposable {
  start(job: Job): void
  /** Runs a job now (or joins the run under way) and resolves or fails with it. */
  now(name: string): Promise<void>
}

type Entry = {
  readonly job: Job
  failures: number
  timer: ReturnType<typeof setTimeout> | null
  running: Promise<void> | null
}

/** A scheduler for the refreshes of this house. */
export function createJobs({ log }: { readonly log: Log }): Jobs {
  const entries = new Map<string, Entry>()
  const stopping = new AbortController()

  const plan = (entry: Entry, afterMs: number): void => {
    if (stopping.signal.aborted) return
    if (entry.timer !== null) clearTimeout(entry.timer)
    entry.timer = setTimeout(() => void runNow(entry).catch(() => {}), afterMs)
  }

  const once = async (entry: Entry): Promise<void> => {
    const { job } = entry
    try {
      await job.run(stopping.signal)
      entry.failures = 0
      job.done?.(null)
    } catch (error) {
      if (stopping.signal.aborted) return
      const failure = asFailure(error, 'source/bad-answer', `Job "${job.name}" failed`)
      entry.failures += 1
      log('warn', 'job-failed', {
        job: job.name,
        code: failure.code,
        detail: failure.message,
        failures: entry.failures,
        cause: failure.cause,
      })
      job.done?.(failure)
      throw failure
    } finally {
      const wait = job.retryMs[Math.min(entry.failures, job.retryMs.length) - 1]
      plan(entry, entry.failures > 0 && wait !== undefined ? wait : job.everyMs)
    }
  }

  const runNow = (entry: Entry): Promise<void> => {
    entry.running ??= once(entry).finally(() => {
      entry.running = null
    })
    return entry.running
  }

  return {
    start(job) {
      const entry: Entry = { job, failures: 0, timer: null, running: null }
      entries.set(job.name, entry)
      plan(entry, 0)
    },
    async now(name) {
      const entry = entries.get(name)
      if (!entry) throw new RangeError(`There is no job "${name}"`)
      await runNow(entry)
    },
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('The program stops'))
      for (const entry of entries.values()) if (entry.timer !== null) clearTimeout(entry.timer)
      await Promise.allSettled([...entries.values()].map((entry) => entry.running))
    },
  }
}
