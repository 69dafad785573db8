import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import { createJobs } from '../../runtime/jobs.ts'

const HOUR_MS = 3_600_000
const job = (run: (signal: AbortSignal) => Promise<void>) => ({
  name: 'walk',
  everyMs: HOUR_MS,
  retryMs: [HOUR_MS],
  run,
})

test('createJobs() runs a job once for all who ask while it runs', async () => {
  await using jobs = createJobs({ log: () => {} })
  let runs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  jobs.start(
    job(() => {
      runs += 1
      return promise
    }),
  )
  const asked = [jobs.now('walk'), jobs.now('walk')]
  resolve()
  await Promise.all(asked)
  assert.equal(runs, 1)
  await jobs.now('walk')
  assert.equal(runs, 2)
})

test('createJobs() tells a failure to who asked, to the job and to the log', async () => {
  const logged: unknown[] = []
  await using jobs = createJobs({ log: (level, event, facts) => void logged.push([level, event, facts?.['code']]) })
  const told: (string | null)[] = []
  const failure = new Failure('source/unreachable', 'Nobody is there')
  jobs.start({ ...job(() => Promise.reject(failure)), done: (end) => void told.push(end?.code ?? null) })
  await assert.rejects(jobs.now('walk'), failure)
  assert.deepEqual(told, ['source/unreachable'])
  assert.deepEqual(logged, [['warn', 'job-failed', 'source/unreachable']])
})

test('createJobs() aborts what runs when it is disposed, and waits for it', async () => {
  const jobs = createJobs({ log: () => assert.fail('a stop is no failure') })
  let ended = false
  jobs.start(
    job(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended = true
            reject(signal.reason as Error)
          })
        }),
    ),
  )
  void jobs.now('walk')
  await jobs[Symbol.asyncDispose]()
  assert.equal(ended, true)
})

test('createJobs() knows no other job', async () => {
  await using jobs = createJobs({ log: () => {} })
  await assert.rejects(jobs.now('sleep'), RangeError)
})
