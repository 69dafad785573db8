import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { advanceJob, endJob, jobId, queueJob, startJob } from '../../../core/jobs/job.ts'
import { makeDataFolder } from './data-folder.ts'

test('createJobStore() finds jobs again as they were written, in the next run', async () => {
  await using folder = await makeDataFolder()
  const wish = { kind: 'source-refresh', subject: 'dream', name: 'Dream', askedBy: 'Jo' } as const
  const queued = queueJob(jobId('j1'), wish, 1)
  const running = startJob(queueJob(jobId('j2'), { ...wish, kind: 'guide-walk', subject: null, askedBy: null }, 2), 3)
  const moved = advanceJob(running, { step: 'asking', done: 1, total: null, unit: 'channels' })
  const failed = endJob(startJob(queueJob(jobId('j3'), wish, 4), 5), {
    state: 'failed',
    at: 6,
    problem: new Failure('source/login', 'Refused'),
    facts: { new: 3, ok: false, word: 'no', none: null },
  })
  {
    await using store = await folder.open()
    for (const job of [queued, running, moved, failed]) store.jobs.put(job)
    store.jobs.remove([queued.id])
  }
  await using store = await folder.open()
  const found = store.jobs.all().toSorted((a, b) => a.queuedAt - b.queuedAt)
  assert.deepEqual(found, [moved, failed])
})
