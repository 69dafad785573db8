import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { jobId, queueJob, startJob } from '../../../core/jobs/job.ts'
import type { JobWish } from '../../../core/jobs/job.ts'
import type { JobContext } from '../../../core/jobs/jobs.ts'
import { createMemoryJobs, ownJobs } from '../../fakes/memory-jobs.ts'

const wish = (subject: string | null = 'dream', more: Partial<JobWish> = {}): JobWish => ({
  kind: 'source-refresh',
  subject,
  name: 'Dream',
  askedBy: null,
  ...more,
})

/** Work that goes on until the test ends it. */
function longWork() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const contexts: JobContext[] = []
  const work = (context: JobContext): Promise<void> => {
    contexts.push(context)
    context.signal.addEventListener('abort', () => reject(context.signal.reason as Error))
    return promise
  }
  return { work, contexts, finish: () => resolve(), fail: (error: Error) => reject(error) }
}

test('run() runs a job to its end and remembers what came of it', async () => {
  const { jobs, clock } = ownJobs()
  const { work, contexts, finish } = longWork()
  const { id, done } = jobs.run(wish('dream', { askedBy: 'Jo' }), work)
  assert.equal(jobs.find(id)?.state, 'running')
  contexts[0]?.report({ step: 'asking', done: 3, total: 9, unit: 'channels' })
  contexts[0]?.note({ new: 9 })
  clock.now += 5000
  finish()
  await done
  const { queuedAt, startedAt, endedAt, ...job } = jobs.find(id) ?? assert.fail('forgotten')
  assert.deepEqual([startedAt === queuedAt, (endedAt ?? 0) - queuedAt], [true, 5000])
  assert.deepEqual(job, {
    id: 'j1',
    kind: 'source-refresh',
    subject: 'dream',
    name: 'Dream',
    askedBy: 'Jo',
    state: 'done',
    isCancelling: false,
    progress: { step: 'asking', done: 3, total: 9, unit: 'channels' },
    facts: { new: 9 },
    problem: null,
  })
})

test('run() joins the job that is under way about the same thing, and no other', async () => {
  const { jobs } = ownJobs()
  const { work, contexts, finish } = longWork()
  const runs = [jobs.run(wish(), work), jobs.run(wish(), work), jobs.run(wish('other'), work)]
  assert.deepEqual(
    runs.map(({ id }) => id),
    ['j1', 'j1', 'j2'],
  )
  finish()
  await Promise.all(runs.map(({ done }) => done))
  assert.equal(contexts.length, 2)
  assert.equal(jobs.run(wish(), async () => {}).id, 'j3')
})

test('ask() never joins, and gives what the work gives', async () => {
  const { jobs } = ownJobs()
  const test = wish(null, { kind: 'source-test' })
  const asked = [1, 2].map((answer) => jobs.ask(test, () => Promise.resolve(answer)))
  assert.deepEqual(await Promise.all(asked.map(({ done }) => done)), [1, 2])
})

test('run() tells a failure to who asked, to the log, and keeps it', async () => {
  const logged: unknown[] = []
  const { jobs } = ownJobs({
    log: (level, event, facts) => void logged.push([level, event, facts?.['job'], facts?.['code']]),
  })
  const failure = new Failure('source/unreachable', 'Nobody is there')
  const { id, done } = jobs.run(wish(), () => Promise.reject(failure))
  await assert.rejects(done, failure)
  assert.deepEqual([jobs.find(id)?.state, jobs.find(id)?.problem], ['failed', failure])
  assert.deepEqual(logged, [['warn', 'job-failed', 'source-refresh/dream', 'source/unreachable']])
})

test('run() takes what is no failure for a bug of ours', async () => {
  const { jobs } = ownJobs()
  const { id, done } = jobs.run(wish(), () => Promise.reject(new TypeError('x is undefined')))
  await assert.rejects(done, TypeError)
  assert.equal(jobs.find(id)?.problem?.code, 'job/failed')
})

test('cancel() ends a running job when its work has ended', async () => {
  const { jobs } = ownJobs()
  const { work } = longWork()
  const { id, done } = jobs.run(wish(), work)
  const told = jobs.cancel(id)
  assert.deepEqual([told.state, told.isCancelling], ['running', true])
  await assert.rejects(done, { code: 'job/cancelled' })
  const { state, isCancelling, problem } = jobs.find(id) ?? assert.fail('forgotten')
  assert.deepEqual([state, isCancelling, problem], ['cancelled', false, null])
  assert.equal(jobs.cancel(id).state, 'cancelled')
})

test('cancel() of work that was done already changes nothing', async () => {
  const { jobs } = ownJobs()
  const { id, done } = jobs.run(wish(), () => Promise.resolve())
  await done
  assert.throws(() => jobs.cancel(id), { code: 'job/over' })
  assert.throws(() => jobs.cancel(jobId('j99')), { code: 'job/unknown' })
})

test('jobs of a kind wait for a place, and start in their order', async () => {
  const { jobs } = ownJobs({
    atOnce: { 'source-refresh': 1, 'guide-import': 1, 'guide-walk': 1, 'source-test': 1, backup: 1 },
  })
  const first = longWork()
  const runs = ['a', 'b', 'c'].map((id, index) => jobs.run(wish(id), index === 0 ? first.work : async () => {}))
  const other = jobs.run(wish(null, { kind: 'guide-walk' }), async () => {})
  await other.done
  const states = () => runs.map(({ id }) => jobs.find(id)?.state)
  assert.deepEqual(states(), ['running', 'queued', 'queued'])
  const [, second] = runs
  assert.ok(second)
  jobs.cancel(second.id)
  await assert.rejects(second.done, { code: 'job/cancelled' })
  first.finish()
  await runs[2]?.done
  assert.deepEqual(states(), ['done', 'cancelled', 'done'])
  assert.equal(jobs.find(second.id)?.startedAt, null)
})

test('createJobs() shows what a killed process has left as interrupted', () => {
  const running = startJob(queueJob(jobId('jold'), wish(), 1000), 2000)
  const waiting = queueJob(jobId('jnext'), wish('other'), 1500)
  const { jobs, clock, store } = ownJobs({ store: createMemoryJobs([running, waiting]) })
  const left = jobs.list().map(({ id, state, startedAt, endedAt }) => [id, state, startedAt, endedAt])
  assert.deepEqual(left, [
    ['jnext', 'interrupted', null, clock.now],
    ['jold', 'interrupted', 2000, clock.now],
  ])
  assert.deepEqual(
    store.all().map(({ state }) => state),
    ['interrupted', 'interrupted'],
  )
  assert.throws(() => jobs.cancel(jobId('jold')), { code: 'job/over' })
})

test('disposing interrupts what waits and runs, and begins nothing new', async () => {
  const { jobs } = ownJobs({
    atOnce: { 'source-refresh': 1, 'guide-import': 1, 'guide-walk': 1, 'source-test': 1, backup: 1 },
  })
  const { work } = longWork()
  jobs.run(wish('a'), work)
  jobs.run(wish('b'), () => assert.fail('it begins'))
  await jobs[Symbol.asyncDispose]()
  assert.deepEqual(
    jobs.list().map(({ state }) => state),
    ['interrupted', 'interrupted'],
  )
  assert.throws(() => jobs.run(wish('c'), async () => {}), { message: 'The program stops' })
})

test('progress is told and written down now and then, a new step at once', async () => {
  const { jobs, clock, store } = ownJobs({ store: createMemoryJobs() })
  const memory = store as ReturnType<typeof createMemoryJobs>
  let told = 0
  jobs.onChange(() => (told += 1))
  const { work, contexts, finish } = longWork()
  const { id, done } = jobs.run(wish(), work)
  const [context] = contexts
  assert.ok(context)
  const before = { told, writes: memory.state.writes }
  for (let bytes = 0; bytes < 1000; bytes++) {
    clock.now += 1
    context.report({ step: 'fetching', done: bytes, total: null, unit: 'bytes' })
  }
  assert.equal(jobs.find(id)?.progress?.done, 999)
  assert.deepEqual([told - before.told, memory.state.writes - before.writes], [4, 1])
  context.report({ step: 'importing', done: 0, total: null, unit: 'bytes' })
  assert.deepEqual([told - before.told, memory.state.writes - before.writes], [5, 2])
  finish()
  await done
  context.report({ step: 'late', done: 0, total: null, unit: 'bytes' })
  assert.equal(jobs.find(id)?.progress?.step, 'importing')
})

test('end() ends what is under way about a thing, and waits for it', async () => {
  const { jobs } = ownJobs()
  const { work } = longWork()
  const ended = jobs.run(wish('a'), work)
  const kept = jobs.run(wish('b'), longWork().work)
  await jobs.end('source-refresh', 'a')
  assert.deepEqual([jobs.find(ended.id)?.state, jobs.find(kept.id)?.state], ['cancelled', 'running'])
  await jobs[Symbol.asyncDispose]()
})

test('what is over is forgotten, the oldest first, and nothing crowds out the others', async () => {
  const { jobs, clock, store } = ownJobs()
  const rare = jobs.run(wish('rare'), async () => {})
  await rare.done
  for (let round = 0; round < 30; round++) {
    clock.now += 1
    await jobs.run(wish('often'), async () => {}).done
  }
  assert.equal(jobs.list().filter(({ subject }) => subject === 'often').length, 20)
  assert.notEqual(jobs.find(rare.id), null)
  assert.equal(store.all().length, 21)
  for (let source = 0; source < 250; source++) {
    clock.now += 1
    await jobs.run(wish(`s${source}`), async () => {}).done
  }
  assert.deepEqual([jobs.list().length, store.all().length, jobs.find(rare.id)], [200, 200, null])
})
