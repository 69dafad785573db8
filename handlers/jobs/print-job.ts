import type { Job } from '../../core/jobs/job.ts'
import { toProblem } from '../problem.ts'
import { printInstant } from '../status.ts'

/** A job as the API shows it; instants in ISO 8601. `cancelling`: it was told to end and has not yet. */
export const printJob = (job: Job) => ({
  id: job.id,
  kind: job.kind,
  subject: job.subject,
  name: job.name,
  askedBy: job.askedBy,
  state: job.state,
  cancelling: job.isCancelling,
  queuedAt: printInstant(job.queuedAt),
  startedAt: printInstant(job.startedAt),
  endedAt: printInstant(job.endedAt),
  progress: job.progress,
  facts: job.facts,
  problem: job.problem === null ? null : toProblem(job.problem),
})
