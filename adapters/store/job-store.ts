import * as v from 'valibot'
import type { JobStore } from '../../core/jobs/desk.ts'
import { JOB_KINDS, JOB_STATES, jobId } from '../../core/jobs/job.ts'
import type { Job } from '../../core/jobs/job.ts'
import type { Database, Row } from './database.ts'
import { readFailure } from './source-event-store.ts'

const Progress = v.object({
  step: v.string(),
  done: v.number(),
  total: v.nullable(v.number()),
  unit: v.picklist(['bytes', 'channels', 'steps']),
})
const Facts = v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()]))

/** Jobs in `guide.db`: a killed process leaves what it has written, and a disk may lose the rest. */
export function createJobStore(database: Database): JobStore {
  return {
    all: () => database.all('select * from job').flatMap(toJob),
    put(job) {
      database.run(
        `insert or replace into job (id, kind, subject, name, asked_by, state, queued_at, started_at, ended_at, progress,
           facts, code, detail) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        job.id,
        job.kind,
        job.subject,
        job.name,
        job.askedBy,
        job.state,
        job.queuedAt,
        job.startedAt,
        job.endedAt,
        job.progress === null ? null : JSON.stringify(job.progress),
        JSON.stringify(job.facts),
        job.problem?.code ?? null,
        job.problem?.message ?? null,
      )
    },
    remove(ids) {
      database.transaction(() => {
        for (const id of ids) database.run('delete from job where id = ?', id)
      })
    },
  }
}

/** None for a kind or state of another version of the program. */
function toJob(row: Row): readonly Job[] {
  const kind = JOB_KINDS.find((one) => one === row['kind'])
  const state = JOB_STATES.find((one) => one === row['state'])
  if (kind === undefined || state === undefined) return []
  const code = textOrNull(row['code'])
  const progress = textOrNull(row['progress'])
  return [
    {
      id: jobId(String(row['id'])),
      kind,
      subject: textOrNull(row['subject']),
      name: String(row['name']),
      askedBy: textOrNull(row['asked_by']),
      state,
      isCancelling: false,
      queuedAt: Number(row['queued_at']),
      startedAt: numberOrNull(row['started_at']),
      endedAt: numberOrNull(row['ended_at']),
      progress: progress === null ? null : v.parse(Progress, JSON.parse(progress)),
      facts: v.parse(Facts, JSON.parse(String(row['facts']))),
      problem: code === null ? null : readFailure(code, String(row['detail'])),
    },
  ]
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
