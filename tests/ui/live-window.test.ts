import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  behindLive,
  behindNewest,
  isWorthIt,
  landing,
  liveWindowOf,
  resumeAt,
} from '../../ui/src/player/live-window.ts'

const ranges = (...pairs: readonly (readonly [number, number])[]): TimeRanges => ({
  length: pairs.length,
  start: (index) => pairs[index]?.[0] ?? 0,
  end: (index) => pairs[index]?.[1] ?? 0,
})

const hour = { start: 1000, end: 4600 }
const short = { start: 1000, end: 1014 }

describe('what one can go back to', () => {
  test('is the last seekable range, where it has an end', () => {
    assert.deepEqual(liveWindowOf(ranges([0, 5], [10, 90])), { start: 10, end: 90 })
    assert.equal(liveWindowOf(ranges()), null)
    assert.equal(liveWindowOf(ranges([0, Number.POSITIVE_INFINITY])), null)
    assert.equal(liveWindowOf(ranges([5, 5])), null)
  })

  test('is worth a seek bar from a minute on', () => {
    assert.equal(isWorthIt(null), false)
    assert.equal(isWorthIt(short), false)
    assert.equal(isWorthIt({ start: 0, end: 60 }), true)
  })

  test('counts as live near its end', () => {
    assert.equal(behindLive(hour, 4590), 0)
    assert.equal(behindLive(hour, 4500), 100)
  })

  test('is never left by a jump, however far', () => {
    assert.equal(landing(hour, -5), 1008)
    assert.equal(landing(hour, 99_999), 4596)
    assert.equal(landing(hour, 2000), 2000)
    const tiny = landing({ start: 0, end: 3 }, 2)
    assert.ok(tiny >= 0 && tiny <= 3)
  })

  test('a pause goes on where it was, or with the oldest that is left', () => {
    assert.equal(resumeAt(hour, 2000), null)
    assert.equal(resumeAt(hour, 500), 1008)
    assert.equal(resumeAt(null, 500), null)
  })

  test('a pause goes on live where nothing is kept', () => {
    assert.equal(resumeAt(short, 980), 1010)
    assert.equal(resumeAt(short, 1008), null)
  })
})

test('behindNewest() is the way to the newest moment, and nothing where there is none', () => {
  assert.equal(behindNewest(ranges([0, 5], [10, 90]), 88.5), 1.5)
  assert.equal(behindNewest(ranges([0, 5]), 6), 0)
  assert.equal(behindNewest(ranges(), 1), null)
})
