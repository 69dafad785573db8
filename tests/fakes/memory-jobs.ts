import type { JobStore } from '../../core/jobs/desk.ts'
import type { Job } from '../../core/jobs/job.ts'
import { createJobs } from '../../core/jobs/jobs.ts'
import type { JobsOptions } from '../../core/jobs/jobs.ts'

/** Jobs in memory; `writes` counts how often something was written down. */
export function createMemoryJobs(given: readonly Job[] = []): JobStore & { readonly state: { writes: number } } {
  const jobs = new Map(given.map((job) => [job.id, job]))
  const state = { writes: 0 }
  return {
    state,
    all: () => [...jobs.values()],
    put(job) {
      state.writes += 1
      jobs.set(job.id, job)
    },
    remove(ids) {
      for (const id of ids) jobs.delete(id)
    },
  }
}

/** An owner of jobs with a clock of its own, whose jobs are `j1`, `j2`, … */
export function ownJobs(options: Partial<JobsOptions> = {}) {
  const clock = { now: Date.UTC(2026, 10, 21, 12) }
  const store = options.store ?? createMemoryJobs()
  let last = 0
  const jobs = createJobs({ store, newId: () => String((last += 1)), now: () => clock.now, log: () => {}, ...options })
  return { jobs, clock, store }
}
