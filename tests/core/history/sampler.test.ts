import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inSteps, meanOf } from '../../../core/history/sample.ts'
import type { Sample } from '../../../core/history/sample.ts'
import { MEAN_MS, Sampler } from '../../../core/history/sampler.ts'
import { aSample, T0 } from './samples.ts'

const HOUR_MS = 3_600_000

function memorySamples() {
  const kept = new Map<number, Sample>()
  return {
    kept,
    add: (sample: Sample) => void kept.set(sample.at, sample),
    between: (from: number, to: number, most: number) =>
      [...kept.values()].filter(({ at }) => at >= from && at < to).slice(0, most),
    forget() {},
  }
}

/** A sampler that was asked every second for so long; the rate rises by one each second. */
function lookedAt(ms: number) {
  const store = memorySamples()
  const sampler = new Sampler(store, T0)
  for (let passed = 0; passed < ms; passed += 1000) sampler.add(aSample({ at: T0 + passed, inKbps: passed / 1000 }))
  return { store, sampler }
}

test('Sampler makes one sample of ten seconds', () => {
  const { sampler } = lookedAt(31_000)
  const { items, stepMs } = sampler.find({ from: T0, to: T0 + HOUR_MS, stepMs: 10_000 })
  assert.equal(stepMs, 10_000)
  assert.deepEqual(
    items.map(({ at, inKbps }) => [at - T0, inKbps]),
    [
      [0, 4.5],
      [10_000, 14.5],
      [20_000, 24.5],
    ],
  )
})

test('Sampler keeps means of five minutes in its store, and the last two hours in detail', () => {
  const { store, sampler } = lookedAt(3 * HOUR_MS + 10_000)
  assert.equal(store.kept.size, 36)
  assert.equal(store.kept.get(T0)?.inKbps, 149.5)
  const detail = sampler.find({ from: T0 + 2 * HOUR_MS, to: T0 + 3 * HOUR_MS, stepMs: 1 })
  assert.equal(detail.items.length, 360)
  const all = sampler.find({ from: T0, to: T0 + 4 * HOUR_MS, stepMs: MEAN_MS })
  assert.equal(all.items.length, 36, 'every five minutes once, wherever they come from')
  assert.deepEqual(
    all.items.map(({ at }) => at),
    all.items.map((_, index) => T0 + index * MEAN_MS),
  )
})

test('Sampler takes longer steps where there would be too many points', () => {
  const { sampler } = lookedAt(HOUR_MS)
  const { stepMs, items } = sampler.find({ from: T0 - 720 * HOUR_MS, to: T0 + HOUR_MS, stepMs: 10_000 })
  assert.ok(stepMs >= (721 * HOUR_MS) / 1000)
  assert.ok(items.length >= 1 && items.length <= 1000)
})

test('Sampler.close() keeps what there is of the last five minutes', () => {
  const { store, sampler } = lookedAt(65_000)
  sampler.close()
  assert.deepEqual([...store.kept.keys()], [T0])
})

test('meanOf() leaves what is not known out, and the worst delay of the loop is the worst', () => {
  const mean = meanOf(
    [
      aSample({ cpuPercent: null, loopDelayMs: 4, slots: { box: 2 } }),
      aSample({ cpuPercent: 30, loopDelayMs: 80, slots: { panel: 1 } }),
    ],
    T0,
  )
  assert.deepEqual([mean?.cpuPercent, mean?.loopDelayMs, mean?.slots], [30, 80, { box: 1, panel: 0.5 }])
  assert.equal(meanOf([], T0), null)
})

test('inSteps() keeps order and borders for any samples', () => {
  const samples = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 60 })
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 1_000_000 }), (times, step) => {
      const sorted = times.toSorted((a, b) => a - b).map((at) => aSample({ at, outKbps: at }))
      const steps = inSteps(sorted, step)
      assert.equal(new Set(steps.map(({ at }) => at)).size, steps.length)
      for (const [index, { at, outKbps }] of steps.entries()) {
        assert.equal(at % step, 0)
        assert.ok(outKbps >= at - 0.01 && outKbps < at + step)
        assert.ok(index === 0 || at > (steps[index - 1]?.at ?? 0))
      }
    }),
  )
})
