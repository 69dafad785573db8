import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import { createRoutines } from '../../runtime/routines.ts'
import type { Routine, Run, RunWish } from '../../runtime/routines.ts'

const HOUR_MS = 3_600_000
const routine = (run: (wish: RunWish) => Run, more: Partial<Routine> = {}): Routine => ({
  name: 'walk',
  everyMs: HOUR_MS,
  retryMs: [HOUR_MS],
  run,
  ...more,
})
const never = (): Promise<void> => new Promise(() => {})

test('now() runs a routine once for all who ask while it runs', async () => {
  await using routines = createRoutines()
  let runs = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  routines.start(
    routine(() => {
      runs += 1
      return { job: null, done: promise }
    }),
  )
  const asked = [routines.now('walk'), routines.now('walk')]
  resolve()
  await Promise.all(asked.map((run) => run?.done))
  assert.equal(runs, 1)
  await routines.now('walk')?.done
  assert.equal(runs, 2)
})

test('now() tells who asked and what they accept; by itself nobody did', async () => {
  await using routines = createRoutines()
  const wishes: (readonly [string | null, boolean])[] = []
  const due = Promise.withResolvers<void>()
  routines.start(
    routine(
      ({ askedBy, accept }) => {
        wishes.push([askedBy, accept])
        return { job: null, done: Promise.resolve() }
      },
      { afterwards: due.resolve },
    ),
  )
  await due.promise
  await routines.now('walk', { askedBy: 'Jo', accept: true })?.done
  assert.deepEqual(wishes, [
    [null, false],
    ['Jo', true],
  ])
})

test('a routine that went well is followed by what comes then', async () => {
  await using routines = createRoutines()
  const afterwards = Promise.withResolvers<void>()
  routines.start(routine(() => ({ job: null, done: Promise.resolve() }), { afterwards: afterwards.resolve }))
  await afterwards.promise
})

for (const { name, failure, runs } of [
  { name: 'tried again soon when it failed', failure: new Failure('source/timeout', 'Too slow'), runs: 2 },
  { name: 'left alone when it was cancelled', failure: new Failure('job/cancelled', 'Enough'), runs: 1 },
]) {
  test(`a routine is ${name}`, async () => {
    await using routines = createRoutines()
    let count = 0
    const again = Promise.withResolvers<void>()
    const run = (): Run => {
      count += 1
      if (count === 2) again.resolve()
      return { job: null, done: count === 1 ? Promise.reject(failure) : Promise.resolve() }
    }
    routines.start(routine(run, { retryMs: [0] }))
    // One that is started later and comes to its end tells that the time has passed.
    const other = Promise.withResolvers<void>()
    if (runs === 2) await again.promise
    else {
      await routines.now('walk')?.done.catch(() => {})
      routines.start(routine(() => (other.resolve(), { job: null, done: Promise.resolve() }), { name: 'other' }))
      await other.promise
    }
    assert.equal(count, runs)
  })
}

test('stop() ends a routine, and a new one of its name takes its place', async () => {
  await using routines = createRoutines()
  const first = Promise.withResolvers<void>()
  routines.start(routine(() => (first.resolve(), { job: null, done: Promise.resolve() })))
  await first.promise
  routines.stop('walk')
  assert.equal(routines.now('walk'), null)
  const second = Promise.withResolvers<void>()
  routines.start(routine(() => (second.resolve(), { job: null, done: Promise.resolve() })))
  await second.promise
})

test('disposing tells what runs to end, waits for it, and starts nothing more', async () => {
  const routines = createRoutines()
  let ended = false
  const run = ({ signal }: RunWish): Run => ({
    job: null,
    done: new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        ended = true
        reject(signal.reason as Error)
      })
    }),
  })
  routines.start(routine(run))
  routines.now('walk')?.done.catch(() => {})
  await routines[Symbol.asyncDispose]()
  assert.equal(ended, true)
  assert.equal(routines.now('walk'), null)
})

test('now() knows no other routine', async () => {
  await using routines = createRoutines()
  routines.start(routine(() => ({ job: null, done: never() }), { everyMs: HOUR_MS }))
  assert.equal(routines.now('sleep'), null)
  routines.stop('walk')
})
