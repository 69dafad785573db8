import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSelected, isSelected, MOST_IDS, NOTHING, select } from '../../../ui/src/grid/selection.ts'
import type { Selection, SelectionList } from '../../../ui/src/grid/selection.ts'

/** A list of which the first `known` rows are there. */
const listOf = (total: number, known: number): SelectionList => ({
  total,
  idAt: (index) => (index < known ? `c${index}` : null),
  placeOf: (id) => Number(id.slice(1)),
})

test('select() keeps a few rows by their ids and many by their places', () => {
  const list = listOf(1000, 1000)
  const few = select(NOTHING, { from: 3, to: 5 }, true, list)
  assert.deepEqual(few, { kind: 'ids', ids: new Set(['c3', 'c4']) })
  const many = select(few, { from: 10, to: 10 + MOST_IDS }, true, list)
  assert.deepEqual(many, {
    kind: 'rows',
    ranges: [
      { from: 3, to: 5 },
      { from: 10, to: 10 + MOST_IDS },
    ],
  })
  const fewAgain = select(many, { from: 12, to: 900 }, false, list)
  assert.deepEqual(fewAgain, { kind: 'ids', ids: new Set(['c3', 'c4', 'c10', 'c11']) })
})

test('select() takes places where rows are not known, and all where nothing is left out', () => {
  assert.deepEqual(select(NOTHING, { from: 8, to: 12 }, true, listOf(20, 10)), {
    kind: 'rows',
    ranges: [{ from: 8, to: 12 }],
  })
  const all = select(NOTHING, { from: 0, to: 200 }, true, listOf(200, 0))
  assert.deepEqual(all, { kind: 'all' })
  const one = select(all, { from: 7, to: 8 }, false, listOf(200, 0))
  assert.deepEqual(one, {
    kind: 'rows',
    ranges: [
      { from: 0, to: 7 },
      { from: 8, to: 200 },
    ],
  })
  assert.deepEqual(select(one, { from: 7, to: 8 }, true, listOf(200, 0)), { kind: 'all' })
})

test('select() selects what a plain set of places would, whatever is known of the list', () => {
  const TOTAL = 300
  const step = fc.record({ from: fc.nat(TOTAL - 1), length: fc.integer({ min: 1, max: 160 }), isIn: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.nat(TOTAL), (steps, known) => {
      const list = listOf(TOTAL, known)
      const places = new Set<number>()
      let selection: Selection = NOTHING
      for (const { from, length, isIn } of steps) {
        const to = Math.min(TOTAL, from + length)
        selection = select(selection, { from, to }, isIn, list)
        for (let place = from; place < to; place += 1) {
          if (isIn) places.add(place)
          else places.delete(place)
        }
      }
      assert.equal(countSelected(selection, TOTAL), places.size)
      for (let place = 0; place < TOTAL; place += 1)
        assert.equal(isSelected(selection, place, `c${place}`), places.has(place), `row ${place}`)
    }),
  )
})
