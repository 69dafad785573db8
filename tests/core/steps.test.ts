import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { atOnce, eachInSteps, inSlices, mapInSteps, sortInSteps } from '../../core/steps.ts'
import type { Steps } from '../../core/steps.ts'

const numbers = Array.from({ length: 1000 }, (_, index) => index)

function* sum(): Steps<number> {
  let all = 0
  yield* eachInSteps(numbers, (one) => {
    all += one
  })
  return all
}

test('atOnce() does all steps and gives the result', () => {
  assert.equal(atOnce(sum()), 499_500)
})

test('mapInSteps() makes a list of the same order', () => {
  assert.deepEqual(
    atOnce(mapInSteps(numbers, (one, index) => one + index)),
    numbers.map((one) => 2 * one),
  )
})

test('inSlices() gives way when a slice is over, and gives the same result', async () => {
  let now = 0
  const turns: number[] = []
  const pace = {
    sliceMs: 8,
    now: () => (now += 1), // each look at the clock takes a millisecond
    giveWay: async () => void turns.push(now),
  }
  assert.equal(await inSlices(sum(), pace), 499_500)
  assert.ok(turns.length >= 2, `${turns.length} turns`)
  for (const [index, turn] of turns.entries()) assert.ok(turn - (turns[index - 1] ?? 0) <= 10, turns.join(' '))
})

test('inSlices() ends with what a step or the giving way fails with', async () => {
  const pace = { sliceMs: 0, now: () => 0, giveWay: () => Promise.reject(new Error('the program stops')) }
  await assert.rejects(inSlices(sum(), pace), { message: 'the program stops' })
  const broken = mapInSteps(numbers, () => {
    throw new Error('broken')
  })
  await assert.rejects(inSlices(broken, { ...pace, giveWay: async () => {} }), { message: 'broken' })
})

test('sortInSteps() sorts as toSorted() does, equal ones as they were', () => {
  const members = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 1500, size: 'max' })
  fc.assert(
    fc.property(members, (keys) => {
      const list = keys.map((key, place) => ({ key, place }))
      const byKey = (a: { key: number }, b: { key: number }) => a.key - b.key
      assert.deepEqual(atOnce(sortInSteps(list, byKey)), list.toSorted(byKey))
    }),
    { numRuns: 60 },
  )
})
