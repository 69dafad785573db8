import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { advanceJob, endJob, isOver, JOB_STATES, jobId, queueJob, startJob } from '../../../core/jobs/job.ts'
import type { Job, JobEnd, JobState } from '../../../core/jobs/job.ts'

const queued = queueJob(jobId('j1'), { kind: 'guide-walk', subject: null, name: 'Guide', askedBy: null }, 1)
const running = startJob(queued, 2)
const of = (state: JobState): Job =>
  state === 'queued' ? queued : state === 'running' ? running : endJob(running, { state, at: 3 })

test('a job is queued, then runs, then is over for good', () => {
  for (const state of JOB_STATES) {
    const job = of(state)
    assert.equal(isOver(job), state !== 'queued' && state !== 'running')
    if (state !== 'queued') assert.throws(() => startJob(job, 4), TypeError)
    if (state !== 'running')
      assert.throws(() => advanceJob(job, { step: 'asking', done: 0, total: null, unit: 'steps' }), TypeError)
    if (isOver(job)) assert.throws(() => endJob(job, { state: 'done', at: 4 }), TypeError)
  }
})

for (const state of ['done', 'cancelled', 'interrupted', 'failed'] as const satisfies readonly JobEnd[]) {
  test(`endJob() keeps a problem only of a job that failed: ${state}`, () => {
    const problem = new Failure('source/timeout', 'Too slow')
    const ended = endJob(running, { state, at: 9, problem })
    assert.deepEqual([ended.endedAt, ended.problem], [9, state === 'failed' ? problem : null])
  })
}
