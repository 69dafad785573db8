import { asFailure, Failure } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobDesk, JobStore } from './desk.ts'
import { outdatedJobs } from './history.ts'
import { advanceJob, endJob, isOver, jobId, queueJob, startJob } from './job.ts'
import type { Job, JobFacts, JobId, JobKind, JobProgress, JobWish } from './job.ts'

/** What work is given: when to end, and where to tell how far it is. */
export type JobContext = {
  readonly signal: AbortSignal
  readonly report: (progress: JobProgress) => void
  /** Adds to what came of it. */
  readonly note: (facts: JobFacts) => void
}

/** A job that was asked for. `done` fails as the work does, with `job/cancelled`, or because the program stops. */
export type JobRun<T = void> = { readonly id: JobId; readonly done: Promise<T> }

/**
 * The one owner of all jobs: starts, ends and remembers them. Disposing ends what runs and waits for it; those jobs are
 * `interrupted`, as are those that a killed process has left.
 */
export interface Jobs extends JobDesk, AsyncDisposable {
  /** Starts a job, or joins the one of this kind about this subject that waits or runs. Fails with `http/busy`. */
  run(wish: JobWish, work: (context: JobContext) => Promise<void>): JobRun
  /** Starts a job of its own, whatever else runs, for what it gives. Fails with `http/busy`. */
  ask<T>(wish: JobWish, work: (context: JobContext) => Promise<T>): JobRun<T>
  /** Ends all jobs about this subject, and resolves when they are over. */
  end(kind: JobKind, subject: string | null): Promise<void>
  /** Calls `listener`, which must not block, when a job changed; gives the function that ends it. */
  onChange(listener: (id: JobId) => void): () => void
}

/** What jobs need. */
export type JobsOptions = {
  readonly store: JobStore
  /** A text that no job had before, of letters and digits. */
  readonly newId: () => string
  readonly now: () => number
  readonly log: Log
  /** How many of a kind run at a time. */
  readonly atOnce?: Readonly<Record<JobKind, number>>
}

/** Sources are different machines, also where they keep their guides, and tests are asked for by people. */
const AT_ONCE: Readonly<Record<JobKind, number>> = {
  'source-refresh': 8,
  'guide-import': 4,
  'guide-walk': 1,
  'source-test': 4,
  backup: 1,
}
/** More than this wait in no house. */
const MOST_WAITING = 500
/** Progress comes with every piece: it is told and written down this often. */
const TELL_EVERY_MS = 250
const SAVE_EVERY_MS = 1000

type Task = {
  job: Job
  readonly ending: AbortController
  readonly begin: () => Promise<void>
  readonly done: Promise<unknown>
  toldAt: number
  savedAt: number
}

/** Takes over what an earlier run has left, and is ready for work. */
export function createJobs({ store, newId, now, log, atOnce = AT_ONCE }: JobsOptions): Jobs {
  /** Also those that are over, the oldest first. */
  const known = new Map<JobId, Job>()
  const open = new Map<JobId, Task>()
  const listeners = new Set<(id: JobId) => void>()
  const stopping = new AbortController()

  for (const job of store.all().toSorted((a, b) => a.queuedAt - b.queuedAt)) {
    const settled = isOver(job) ? job : endJob(job, { state: 'interrupted', at: now() })
    known.set(job.id, settled)
    if (settled !== job) store.put(settled)
  }

  const tell = (id: JobId): void => {
    for (const listener of listeners) listener(id)
  }
  const change = (task: Task, job: Job): void => {
    task.job = job
    task.toldAt = task.savedAt = now()
    known.set(job.id, job)
    store.put(job)
    tell(job.id)
  }
  const forgetOld = (): void => {
    const ids = outdatedJobs(known.values())
    if (ids.length === 0) return
    for (const id of ids) known.delete(id)
    store.remove(ids)
  }

  const contextOf = (task: Task): JobContext => ({
    signal: task.ending.signal,
    report(progress) {
      if (isOver(task.job)) return
      const isNewStep = task.job.progress?.step !== progress.step
      task.job = advanceJob(task.job, progress)
      known.set(task.job.id, task.job)
      const at = now()
      if (isNewStep || at - task.savedAt >= SAVE_EVERY_MS) change(task, task.job)
      else if (at - task.toldAt >= TELL_EVERY_MS) {
        task.toldAt = at
        tell(task.job.id)
      }
    },
    note(facts) {
      if (!isOver(task.job)) task.job = { ...task.job, facts: { ...task.job.facts, ...facts } }
    },
  })

  const runningOf = (kind: JobKind): number =>
    [...open.values()].filter(({ job }) => job.kind === kind && job.state === 'running').length
  const startNext = (kind: JobKind): void => {
    for (const task of open.values()) {
      if (stopping.signal.aborted || runningOf(kind) >= atOnce[kind]) return
      if (task.job.kind === kind && task.job.state === 'queued' && !task.ending.signal.aborted) void task.begin()
    }
  }

  /** How a task has ended, by what its work threw. */
  const close = (task: Task, thrown: unknown): void => {
    const { id, kind, subject } = task.job
    const isEnded = thrown !== null && task.ending.signal.aborted
    const state = thrown === null ? 'done' : !isEnded ? 'failed' : stopping.signal.aborted ? 'interrupted' : 'cancelled'
    open.delete(id)
    if (state === 'failed') {
      const problem = asFailure(thrown, 'job/failed', `"${task.job.name}": the work broke off`)
      log('warn', 'job-failed', {
        job: subject === null ? kind : `${kind}/${subject}`,
        jobId: id,
        code: problem.code,
        detail: problem.message,
        cause: problem.cause,
      })
      change(task, endJob(task.job, { state, at: now(), problem }))
    } else change(task, endJob(task.job, { state, at: now() }))
    forgetOld()
    startNext(kind)
  }

  const ask = <T>(wish: JobWish, work: (context: JobContext) => Promise<T>): JobRun<T> => {
    stopping.signal.throwIfAborted()
    if (open.size >= MOST_WAITING) throw new Failure('http/busy', `${MOST_WAITING} jobs wait already`)
    const { promise: done, resolve, reject } = Promise.withResolvers<T>()
    done.catch(() => {}) // told to those who asked; the job itself remembers
    const id = jobId(`j${newId()}`)
    const task: Task = {
      job: queueJob(id, wish, now()),
      ending: new AbortController(),
      done,
      toldAt: 0,
      savedAt: 0,
      async begin() {
        change(task, startJob(task.job, now()))
        try {
          const result = await work(contextOf(task))
          close(task, null)
          resolve(result)
        } catch (error) {
          const { aborted, reason } = task.ending.signal
          close(task, error)
          reject(aborted ? reason : error)
        }
      },
    }
    task.ending.signal.addEventListener('abort', () => {
      if (task.job.state !== 'queued') return
      close(task, task.ending.signal.reason)
      reject(task.ending.signal.reason)
    })
    open.set(id, task)
    change(task, task.job)
    startNext(wish.kind)
    return { id, done }
  }

  const endTask = (task: Task): void => {
    if (task.ending.signal.aborted) return
    if (task.job.state === 'running') change(task, { ...task.job, isCancelling: true })
    task.ending.abort(new Failure('job/cancelled', `"${task.job.name}" was cancelled`))
  }

  return {
    list: () => [...known.values()].toReversed(),
    find: (id) => known.get(id) ?? null,
    cancel(id) {
      const job = known.get(id)
      if (job === undefined) throw new Failure('job/unknown', 'No job has this id')
      if (isOver(job) && job.state !== 'cancelled') throw new Failure('job/over', `The job is ${job.state} already`)
      const task = open.get(id)
      if (task !== undefined) endTask(task)
      return known.get(id) ?? job
    },
    run(wish, work) {
      for (const { job, done, ending } of open.values()) {
        if (job.kind !== wish.kind || job.subject !== wish.subject || ending.signal.aborted) continue
        return { id: job.id, done: done.then(() => {}) }
      }
      return ask(wish, work)
    },
    ask,
    async end(kind, subject) {
      const tasks = [...open.values()].filter(({ job }) => job.kind === kind && job.subject === subject)
      for (const task of tasks) endTask(task)
      await Promise.allSettled(tasks.map(({ done }) => done))
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      const tasks = [...open.values()]
      const reason = new Error('The program stops')
      stopping.abort(reason)
      for (const { ending } of tasks) ending.abort(reason)
      await Promise.allSettled(tasks.map(({ done }) => done))
    },
  }
}
