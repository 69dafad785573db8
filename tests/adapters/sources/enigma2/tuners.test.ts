import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UNKNOWN_FACTS } from '../../../../adapters/sources/enigma2/facts.ts'
import { createTunerBudget } from '../../../../adapters/sources/enigma2/tuners.ts'

const tuner = { name: 'A', type: 'DVB-S2', use: { live: false, recording: false, stream: false } }

function aBudget(count: number | null, limit: number | null = null) {
  let time = 0
  const tuners = count === null ? null : Array.from({ length: count }, () => tuner)
  const budget = createTunerBudget({
    limit,
    facts: () => ({ ...UNKNOWN_FACTS, tuners }),
    now: () => time,
    log: () => {},
  })
  return { budget, pass: (ms: number) => void (time += ms) }
}

test('total() is the number of tuners, or not known', () => {
  assert.deepEqual(
    [aBudget(8).budget.total(), aBudget(null).budget.total(), aBudget(0).budget.total()],
    [8, null, null],
  )
})

test('total() is what the owner says, whatever the box refuses', () => {
  const { budget } = aBudget(2, 3)
  budget.refused(1)
  assert.equal(budget.total(), 3)
})

test('refused() lowers the estimate to what is open, for two minutes', () => {
  const { budget, pass } = aBudget(8)
  budget.refused(2)
  assert.equal(budget.total(), 2)
  pass(119_999)
  assert.equal(budget.total(), 2)
  pass(1)
  assert.equal(budget.total(), 8)
})

test('refused() never goes below one: the next refusal is the box\u2019s own', () => {
  const { budget } = aBudget(2)
  budget.refused(0)
  assert.equal(budget.total(), 1)
})

test('refused() teaches nothing when all tuners are ours', () => {
  const { budget } = aBudget(2)
  budget.refused(2)
  assert.equal(budget.total(), 2)
})
