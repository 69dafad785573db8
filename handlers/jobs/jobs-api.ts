import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { Failure } from '../../core/errors.ts'
import { JOB_KINDS, JOB_STATES, jobId } from '../../core/jobs/job.ts'
import type { JobId } from '../../core/jobs/job.ts'
import type { JobDesk } from '../../core/jobs/desk.ts'
import { requireRole } from '../api-guard.ts'
import { readQuery } from '../body.ts'
import type { Env } from '../env.ts'
import type { Gateway } from '../gateway.ts'
import { wholeNumber } from '../parameter.ts'
import { printJob } from './print-job.ts'

/** Query of `GET /jobs`. */
export const JobsQuery = v.object({
  state: v.optional(v.picklist(JOB_STATES)),
  kind: v.optional(v.picklist(JOB_KINDS)),
  subject: v.optional(v.pipe(v.string(), v.maxLength(64))),
  offset: v.optional(wholeNumber(1_000_000), '0'),
  limit: v.optional(wholeNumber(500), '100'),
})

/** The jobs of this house. Fails with `http/not-found` on a front. */
export function jobsOf({ jobs }: Pick<Gateway, 'jobs'>): JobDesk {
  if (jobs == null) throw new Failure('http/not-found', 'Long work is done by the adapter')
  return jobs
}

/** 202 for a job that was started: where it is, and the job in `job` beside what else is to be said. */
export function accepted(c: Context<Env>, gateway: Pick<Gateway, 'jobs'>, id: JobId, more: object = {}): Response {
  const job = jobsOf(gateway).find(id)
  const headers = { location: `/api/v1/jobs/${id}`, 'cache-control': 'no-store' }
  return c.json({ ...more, job: job === null ? null : printJob(job) }, 202, headers)
}

/**
 * `/api/v1/jobs` for admins: long work, the newest first.
 *
 * `GET /jobs?state=&kind=&subject=&offset=&limit=` (100 at a time, at most 500), `GET /jobs/{id}`, `DELETE /jobs/{id}`
 * tells one to end (202: it may take a moment; its state is `cancelled` then).
 */
export function jobRoutes(gateway: Pick<Gateway, 'jobs'>): Hono<Env> {
  return new Hono<Env>()
    .use('/jobs/*', requireRole('admin'))
    .use('/jobs', requireRole('admin'))
    .get('/jobs', (c) => {
      const { state, kind, subject, offset, limit } = readQuery(c, JobsQuery)
      const found = jobsOf(gateway)
        .list()
        .filter(
          (job) =>
            (state === undefined || job.state === state) &&
            (kind === undefined || job.kind === kind) &&
            (subject === undefined || job.subject === subject),
        )
      const items = found.slice(offset, offset + limit).map(printJob)
      return c.json({ total: found.length, items }, 200, { 'cache-control': 'no-store' })
    })
    .get('/jobs/:id', (c) => {
      const job = jobsOf(gateway).find(jobId(c.req.param('id')))
      if (job === null) throw new Failure('job/unknown', 'No job has this id')
      return c.json(printJob(job), 200, { 'cache-control': 'no-store' })
    })
    .delete('/jobs/:id', (c) => {
      const job = jobsOf(gateway).cancel(jobId(c.req.param('id')))
      return c.json(printJob(job), 202, { 'cache-control': 'no-store' })
    })
}
