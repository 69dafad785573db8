import type { Brand } from '../brand.ts'
import type { Failure } from '../errors.ts'

/** Id of a job, `j` and letters or digits. */
export type JobId = Brand<string, 'JobId'>

/** The text as the id of a job; it is one only if a job has it. */
export const jobId = (text: string): JobId => text as JobId

/**
 * What can take long: a source is asked for its channels, a guide document is imported, guides are walked channel by
 * channel, a source is tested, a backup is made.
 */
export const JOB_KINDS = ['source-refresh', 'guide-import', 'guide-walk', 'source-test', 'backup'] as const

/** One of them. */
export type JobKind = (typeof JOB_KINDS)[number]

/**
 * How far a job is.
 *
 * ```
 * queued ─a place is free→ running ─→ done | failed
 *    └──────── cancelled ────┴──────→ cancelled
 *    └─ the program has ended ┴─────→ interrupted
 * ```
 */
export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const

/** One of them. */
export type JobState = (typeof JOB_STATES)[number]

/** How a job ends. */
export type JobEnd = Exclude<JobState, 'queued' | 'running'>

/** What is being done and how much of it. */
export type JobProgress = {
  /** A word: `asking`, `fetching`, `importing`, `storing`. */
  readonly step: string
  readonly done: number
  /** Null: not known. */
  readonly total: number | null
  readonly unit: 'bytes' | 'channels' | 'steps'
}

/** What came of a job: counts and words, never an address or a credential. */
export type JobFacts = Readonly<Record<string, string | number | boolean | null>>

/** What is to be done, and for whom. */
export type JobWish = {
  readonly kind: JobKind
  /** Id of the source or guide; null: the whole house, or something that has no id yet. */
  readonly subject: string | null
  /** For people: the name of the source or guide. */
  readonly name: string
  /** Who asked for it; null: it was due. */
  readonly askedBy: string | null
}

/** A piece of long work. Instants are epoch milliseconds. */
export type Job = JobWish & {
  readonly id: JobId
  readonly state: JobState
  /** It was told to end and has not yet. */
  readonly isCancelling: boolean
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** Null: nothing was told. What was reached stays when it has ended. */
  readonly progress: JobProgress | null
  readonly facts: JobFacts
  /** Why it failed; null in every other state. */
  readonly problem: Failure | null
}

/** Whether a job has come to its end. */
export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state !== 'queued' && state !== 'running'

/** A new job that waits for its turn. */
export const queueJob = (id: JobId, { kind, subject, name, askedBy }: JobWish, at: number): Job => ({
  id,
  kind,
  subject,
  name,
  askedBy,
  state: 'queued',
  isCancelling: false,
  queuedAt: at,
  startedAt: null,
  endedAt: null,
  progress: null,
  facts: {},
  problem: null,
})

/** The job at work. Throws `TypeError` unless it was queued. */
export function startJob(job: Job, at: number): Job {
  if (job.state !== 'queued') throw new TypeError(`A job that is ${job.state} cannot start`)
  return { ...job, state: 'running', startedAt: at }
}

/** The job with what it has done so far. Throws `TypeError` unless it runs. */
export function advanceJob(job: Job, progress: JobProgress): Job {
  if (job.state !== 'running') throw new TypeError(`A job that is ${job.state} makes no progress`)
  return { ...job, progress }
}

/** The job at its end; `problem` is kept where it failed. Throws `TypeError` if it was over before. */
export function endJob(
  job: Job,
  end: { readonly state: JobEnd; readonly at: number; readonly problem?: Failure; readonly facts?: JobFacts },
): Job {
  if (isOver(job)) throw new TypeError(`A job that is ${job.state} cannot end again`)
  return {
    ...job,
    state: end.state,
    isCancelling: false,
    endedAt: end.at,
    facts: end.facts ?? job.facts,
    problem: end.state === 'failed' ? (end.problem ?? null) : null,
  }
}
