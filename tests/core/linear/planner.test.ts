import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { plan } from '../../../core/linear/plan.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { ANCHOR, ANCHOR_MS, CATALOGUE } from './any-doc.ts'

const DAY_MS = 86_400_000
const doc = readChannelDoc({
  id: 'line',
  name: 'Line',
  anchorDay: ANCHOR,
  pools: [{ id: 'films', items: ['f0', 'f1', 'f2', 'f3'] }],
})
const changed = { ...doc, seed: 7 }

describe('createPlanner()', () => {
  test('tells listeners of another plan, and not of the same', () => {
    const planner = createPlanner(doc, CATALOGUE)
    let calls = 0
    const stop = planner.onChange(() => calls++)
    planner.replace({ ...doc }, { ...CATALOGUE })
    assert.equal(calls, 0)
    planner.replace(changed, CATALOGUE)
    assert.equal(calls, 1)
    assert.deepEqual(
      planner.items(ANCHOR_MS + DAY_MS, ANCHOR_MS + 2 * DAY_MS),
      plan(changed, CATALOGUE, ANCHOR_MS + DAY_MS, ANCHOR_MS + 2 * DAY_MS).items,
    )
    stop()
    planner.replace(doc, { ...CATALOGUE, revision: 'other' })
    assert.equal(calls, 1)
  })

  test('gives a state from which the same is planned without the days before', () => {
    const planner = createPlanner(doc, CATALOGUE)
    const instant = ANCHOR_MS + 100 * DAY_MS
    const checkpoint = planner.checkpoint(instant)
    assert.ok(checkpoint.at <= instant && checkpoint.day > 20_000)
    assert.deepEqual(
      createPlanner(doc, CATALOGUE, checkpoint).items(instant, instant + DAY_MS),
      planner.items(instant, instant + DAY_MS),
    )
  })

  test('knows what plays at an instant', () => {
    const planner = createPlanner(doc, CATALOGUE)
    const item = planner.at(ANCHOR_MS + 3 * DAY_MS)
    assert.ok(item !== null && item.start <= ANCHOR_MS + 3 * DAY_MS && item.stop > ANCHOR_MS + 3 * DAY_MS)
  })
})
