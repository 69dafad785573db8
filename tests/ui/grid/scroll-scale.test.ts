import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { revealing, scrollScale } from '../../../ui/src/grid/scroll-scale.ts'

test('scrollScale() is one to one for lists that can be drawn', () => {
  const scale = scrollScale(3_600_000, 800)
  assert.deepEqual([scale.height, scale.toList(1234), scale.toScroll(1234)], [3_600_000, 1234, 1234])
})

test('scrollScale() reaches both ends of a list of any length, and comes back to the same place', () => {
  const any = fc.record({ rows: fc.integer({ min: 1, max: 5_000_000 }), view: fc.integer({ min: 100, max: 3000 }) })
  fc.assert(
    fc.property(any, fc.float({ min: 0, max: 1, noNaN: true }), ({ rows, view }, share) => {
      const list = rows * 36
      const scale = scrollScale(list, view)
      assert.ok(scale.height <= 8_000_000)
      const furthest = Math.max(0, scale.height - view)
      assert.ok(Math.abs(scale.toList(furthest) - Math.max(0, list - view)) < 0.01)
      const top = share * Math.max(0, list - view)
      assert.ok(Math.abs(scale.toList(scale.toScroll(top)) - top) < 0.01)
    }),
  )
})

test('revealing() moves a list only as far as a row needs', () => {
  const list = { top: 1000, viewHeight: 400, rowHeight: 40 }
  assert.equal(revealing(30, list), 1000, 'it is in view')
  assert.equal(revealing(10, list), 400)
  assert.equal(revealing(40, list), 1240)
})
