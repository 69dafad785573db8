import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_HOUSE, quantum90k } from '../../../core/linear/house-format.ts'
import { mediaMsAt, stretchesOf } from '../../../core/linear/stretches.ts'
import { planOf } from '../../adapters/playout/fake-channel.ts'

const QUANTUM = quantum90k(DEFAULT_HOUSE)
const START = Date.UTC(2026, 10, 21, 20, 15)

test('stretchesOf() puts every boundary on the grid, within half a quantum of the plan, without holes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 30 }), (lengths) => {
      const items = planOf(
        START,
        lengths.map((ms) => ({ media: 'a', ms })),
      )
      const stretches = stretchesOf(items, { quantum: QUANTUM, shift: 0 })
      for (const [index, { item, from, to }] of stretches.entries()) {
        assert.equal(from % QUANTUM, 0)
        assert.ok(Math.abs(from - item.start * 90) <= QUANTUM / 2)
        assert.ok(Math.abs(to - item.stop * 90) <= QUANTUM / 2)
        if (index > 0) assert.equal(from, stretches[index - 1]?.to)
      }
    }),
  )
})

test('stretchesOf() leaves out what is too short to be seen', () => {
  const items = planOf(START, [
    { media: 'a', ms: 10_000 },
    { media: 'b', ms: 20 },
    { media: 'c', ms: 10_000 },
  ])
  assert.ok(stretchesOf(items, { quantum: QUANTUM, shift: 0 }).every(({ from, to }) => to - from >= QUANTUM))
})

test('mediaMsAt() tells where in a file a stretch is', () => {
  const [stretch] = stretchesOf(planOf(START, [{ media: 'a', ms: 60_000, inMs: 5000 }]), {
    quantum: QUANTUM,
    shift: QUANTUM * 3,
  })
  assert.ok(stretch !== undefined)
  assert.equal(mediaMsAt(stretch, stretch.from), 5000)
  assert.equal(mediaMsAt(stretch, stretch.from + 900_000), 15_000)
  assert.equal(mediaMsAt(stretch, stretch.from - 90), 5000)
})
