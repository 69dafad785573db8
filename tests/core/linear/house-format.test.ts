import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gopPictures, HOUSE_FRAME_RATES, onGrid90k, quantum90k } from '../../../core/linear/house-format.ts'

describe('quantum of a house format', () => {
  const table: readonly [24 | 25 | 30 | 50 | 60, 'aac' | 'ac3' | 'mp2', number][] = [
    [25, 'aac', 28_800],
    [25, 'ac3', 14_400],
    [25, 'mp2', 10_800],
    [50, 'aac', 28_800],
    [30, 'aac', 48_000],
    [60, 'ac3', 72_000],
    [24, 'mp2', 270_000],
  ]
  for (const [frameRate, audioCodec, ticks] of table)
    it(`${frameRate} pictures and ${audioCodec}`, () => assert.equal(quantum90k({ frameRate, audioCodec }), ticks))

  it('holds whole pictures in a GOP of about two seconds', () => {
    assert.equal(gopPictures({ frameRate: 25, audioCodec: 'aac' }), 48)
    for (const frameRate of HOUSE_FRAME_RATES)
      assert.ok(Number.isInteger(gopPictures({ frameRate, audioCodec: 'aac' })))
  })

  it('puts instants on the nearest multiple', () => {
    const at = Date.UTC(2026, 10, 21, 20, 15)
    const ticks = onGrid90k(at, 28_800)
    assert.equal(ticks % 28_800, 0)
    assert.ok(Math.abs(ticks - at * 90) <= 14_400)
  })
})
