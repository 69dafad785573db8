import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLogRing } from '../../../core/logs/log-ring.ts'

const aLine = (event: string, facts = '{}') => ({ at: 0, level: 'info' as const, event, facts })

test('createLogRing() keeps the last lines, and their ids go on', () => {
  const ring = createLogRing({ lines: 3, bytes: 1_000_000 })
  for (const event of ['a', 'b', 'c', 'd', 'e']) ring.add(aLine(event))
  assert.deepEqual(
    [...ring.backwards()].map(({ id, event }) => [id, event]),
    [
      [5, 'e'],
      [4, 'd'],
      [3, 'c'],
    ],
  )
  assert.deepEqual(
    [...ring.backwards(4)].map(({ event }) => event),
    ['d', 'c'],
  )
  assert.deepEqual([ring.newest(), ring.size()], [5, 3])
})

test('createLogRing() never holds more than its bounds, and always the newest line', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 200, max: 3000 }),
      (texts, lines, bytes) => {
        const ring = createLogRing({ lines, bytes })
        for (const text of texts) ring.add(aLine(text))
        const held = [...ring.backwards()]
        const size = held.reduce((sum, { event, facts }) => sum + 96 + 2 * (event.length + facts.length), 0)
        assert.equal(held.length, ring.size())
        assert.ok(held.length <= lines)
        assert.ok(size <= bytes || held.length === 1)
        assert.deepEqual(
          held.map(({ event }) => event),
          texts.slice(-held.length).reverse(),
        )
      },
    ),
  )
})
