import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineClock } from '../../../adapters/playout/line-clock.ts'

const QUANTUM = 28_800
const START = Date.UTC(2026, 10, 21, 20, 15)

/** A line clock with both of its clocks in the test's hands. */
function bench(): { clock: LineClock; time: { wall: number; steady: number } } {
  const time = { wall: START, steady: 5000 }
  return { clock: new LineClock({ now: () => time.wall, steady: () => time.steady }, QUANTUM), time }
}

test('LineClock runs with the steady clock', () => {
  const { clock, time } = bench()
  assert.equal(clock.position, START * 90)
  time.steady += 1000
  assert.equal(clock.position, (START + 1000) * 90)
})

test('LineClock follows a wall clock that runs faster by no more than a thousandth', () => {
  const { clock, time } = bench()
  time.steady += 10_000
  time.wall += 11_000
  assert.equal(clock.follow(), 0)
  assert.equal(clock.position, (START + 10_010) * 90)
})

for (const { name, byMs } of [
  { name: 'forward', byMs: 3_600_000 },
  { name: 'back', byMs: -3_600_000 },
])
  test(`LineClock goes on where the wall clock is set ${name}, and moves the plan`, () => {
    const { clock, time } = bench()
    const before = clock.position
    time.wall += byMs
    assert.equal(clock.follow(), byMs)
    assert.ok(Math.abs(clock.position - before) <= QUANTUM / 2, 'the line has not jumped')
    assert.equal(clock.position - clock.shift, time.wall * 90)
    assert.equal(Math.abs(clock.shift % QUANTUM), 0)
    assert.equal(clock.follow(), 0)
  })

test('LineClock.skip() moves the plan on, by whole quanta', () => {
  const { clock } = bench()
  const before = clock.position
  clock.skip(QUANTUM + 1)
  assert.equal(clock.position, before - 2 * QUANTUM)
})
