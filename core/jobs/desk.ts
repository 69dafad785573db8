import type { Job, JobId } from './job.ts'

/** Port: the jobs of this house as people see them. */
export interface JobDesk {
  /** All that are known, the newest first. */
  list(): readonly Job[]
  /** Null: there is no such job, or it is forgotten. */
  find(id: JobId): Job | null
  /**
   * Tells a job to end; one that waits ends at once. Gives the job as it is then.
   *
   * Fails with `job/unknown`, and `job/over` for one that came to another end before.
   */
  cancel(id: JobId): Job
}

/** Port: where jobs are kept from one run to the next. */
export interface JobStore {
  /** In any order. */
  all(): readonly Job[]
  /** Adds the job, or replaces what is kept of it. */
  put(job: Job): void
  remove(ids: readonly JobId[]): void
}
