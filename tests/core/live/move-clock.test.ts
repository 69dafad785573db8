import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { moveClock } from '../../../core/live/move-clock.ts'
import { CLOCK_MODULUS, diff90k } from '../../../core/live/timestamps.ts'
import { clip, CLIPS } from './clips.ts'
import { judge } from './ts-judge.ts'

const anyDelta = fc.integer({ min: -CLOCK_MODULUS + 1, max: CLOCK_MODULUS - 1 })

for (const name of CLIPS) {
  test(`moveClock() moves every time of ${name} by the same, and nothing else`, () => {
    const delta = 2 ** 33 - 90_000
    const bytes = clip(name)
    moveClock(bytes, delta)
    const before = judge(clip(name))
    const after = judge(bytes)
    assert.deepEqual(after.faults, before.faults)
    assert.ok(before.pcr.length > 0)
    assert.deepEqual(
      after.pcr.map((pcr, index) => diff90k(pcr, before.pcr[index] ?? 0)),
      before.pcr.map(() => -90_000),
    )
    for (const [pid, times] of before.dts)
      assert.deepEqual(
        after.dts.get(pid)?.map((dts, index) => diff90k(dts, times[index] ?? 0)),
        times.map(() => -90_000),
      )
  })
}

test('moveClock() is undone by moving back', () => {
  const original = clip('h264-open-ac3').subarray(0, 188 * 200)
  fc.assert(
    fc.property(anyDelta, (delta) => {
      const bytes = original.slice()
      moveClock(bytes, delta)
      moveClock(bytes, -delta)
      assert.deepEqual(bytes, original)
    }),
    { numRuns: 50 },
  )
})
