import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoTransponders } from './demo-model.ts'
import { createFrontends } from './frontends.ts'
import type { Frontends } from './frontends.ts'

const { first, second, third, fourth } = demoTransponders

function twoTuners(quadrants: number | null = null): { frontends: Frontends; clock: { ms: number } } {
  const clock = { ms: 0 }
  return { clock, frontends: createFrontends({ count: 2, quadrants, lingerMs: 3000, now: () => clock.ms }) }
}

test('tune() shares a tuner between users of one transponder', () => {
  const { frontends } = twoTuners()
  assert.equal(frontends.tune(first, 'a')?.fresh, true)
  assert.equal(frontends.tune(first, 'b')?.fresh, false)
  assert.equal(frontends.inUse().length, 1)
})

test('tune() gives null when all tuners are held by users', () => {
  const { frontends } = twoTuners()
  frontends.tune(first, 'a')
  frontends.tune(second, 'b')
  assert.equal(frontends.tune(third, 'c'), null)
})

test('a tuner stays tuned for the linger time after its last user', () => {
  const { frontends, clock } = twoTuners()
  frontends.tune(first, 'a')?.release()
  clock.ms = 2999
  assert.equal(frontends.inUse().length, 1)
  clock.ms = 3000
  assert.equal(frontends.inUse().length, 0)
})

test('tune() joins a lingering transponder without moving a tuner', () => {
  const { frontends, clock } = twoTuners()
  frontends.tune(first, 'a')?.release()
  clock.ms = 2000
  assert.equal(frontends.tune(first, 'b')?.fresh, false)
  clock.ms = 9000
  assert.equal(frontends.inUse().length, 1)
})

test('tune() evicts the tuner that lingers longest', () => {
  const { frontends, clock } = twoTuners()
  frontends.tune(first, 'a')?.release()
  clock.ms = 100
  frontends.tune(second, 'b')?.release()
  assert.ok(frontends.tune(third, 'c'))
  assert.deepEqual(
    frontends.inUse().map((use) => use.transponder),
    [second, third],
  )
})

test('release() counts once', () => {
  const { frontends, clock } = twoTuners()
  const lease = frontends.tune(first, 'a')
  frontends.tune(first, 'b')
  lease?.release()
  lease?.release()
  clock.ms = 60_000
  assert.equal(frontends.inUse().length, 1)
})

test('tune() refuses a quadrant that the cables cannot carry, but any transponder inside one', () => {
  const { frontends } = twoTuners(1)
  assert.ok(frontends.tune(first, 'a')) // 19.2 E, high, horizontal
  assert.equal(frontends.tune(fourth, 'b'), null)
  assert.ok(frontends.tune(third, 'c')) // the same quadrant
})
