import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RingClock } from '../../../../core/live/ring/ring-clock.ts'

const PIECE_90K = 45_000
const PIECE_MS = 500

/** Asks for the date of each piece of half a second; `wall` says when the piece begins, milliseconds. */
function dates(count: number, wall: (index: number) => number): number[] {
  let now = 0
  const clock = new RingClock(() => now)
  return Array.from({ length: count }, (_, index) => {
    now = wall(index)
    return clock.dateMs(index * PIECE_90K)
  })
}

const rises = (found: readonly number[]): boolean =>
  found.every((date, index) => index === 0 || date >= (found[index - 1] ?? 0) + PIECE_MS)

describe('dates of a ring', () => {
  test('count on by media time', () => {
    assert.deepEqual(
      dates(4, (index) => 1000 + index * PIECE_MS),
      [1000, 1500, 2000, 2500],
    )
  })

  test('do not follow a stall that is caught up', () => {
    const found = dates(200, (index) => index * PIECE_MS + (index > 20 && index < 70 ? 8000 : 0))
    assert.deepEqual(
      found,
      found.map((_, index) => index * PIECE_MS),
    )
  })

  test('follow the wall, once and forward, where media time has lost some', () => {
    const found = dates(200, (index) => index * PIECE_MS + (index > 20 ? 900 : 0))
    assert.equal(found[20], 20 * PIECE_MS)
    assert.equal(found[199], 199 * PIECE_MS + 900)
    assert.ok(rises(found))
    const steps = found.filter((date, index) => index > 0 && date - (found[index - 1] ?? 0) !== PIECE_MS)
    assert.equal(steps.length, 1)
  })

  test('leave small differences alone', () => {
    const found = dates(200, (index) => index * PIECE_MS + (index > 20 ? 400 : 0))
    assert.equal(found[199], 199 * PIECE_MS)
  })

  test('begin anew with the wall after a break', () => {
    let now = 1000
    const clock = new RingClock(() => now)
    clock.dateMs(0)
    clock.restart()
    now = 60_000
    assert.equal(clock.dateMs(PIECE_90K), 60_000)
  })
})
