import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { channelKey } from '../../../core/lineup/channel.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { programmesBetween } from '../../../core/linear/programmes.ts'
import { continued, createLinearGuide, readLinearSnapshot, writeLinearSnapshot } from '../../../core/linear/snapshot.ts'
import { ANCHOR_MS, anyDoc, CATALOGUE } from './any-doc.ts'

const DAY_MS = 86_400_000
const KEY = channelKey(7)

/** As a front has it of a house that wrote it at an instant. */
function guideOf(doc: ChannelDoc, at: number) {
  const planner = createPlanner(doc, CATALOGUE)
  const lines = writeLinearSnapshot([{ key: KEY, doc, catalogue: CATALOGUE, checkpoint: planner.checkpoint(at) }])
  return { planner, lines, guide: createLinearGuide(readLinearSnapshot(lines.join(''))) }
}

describe('createLinearGuide()', () => {
  test('says what the house says, of every schedule', () => {
    fc.assert(
      fc.property(anyDoc, fc.integer({ min: 5, max: 20 }), (doc, days) => {
        const at = ANCHOR_MS + days * DAY_MS
        const { planner, guide } = guideOf(doc, at - 3 * DAY_MS)
        const window = { from: at, to: at + 2 * DAY_MS }
        assert.deepEqual(guide.programmes(KEY, window), programmesBetween(planner, CATALOGUE, window))
      }),
      { numRuns: 25 },
    )
  })

  const base = readChannelDoc({
    id: 'x',
    name: 'X',
    anchorDay: '2026-03-20',
    revisions: [
      { from: '2026-03-20', pools: [{ id: 'p', items: ['f0', 'f1', 'f2'] }] },
      { from: '2026-03-25', pools: [{ id: 'p', items: ['f3', 'f4', 'f5'] }] },
    ],
  })

  test('leaves out revisions that are over, and what only they name', () => {
    const { lines, guide, planner } = guideOf(base, ANCHOR_MS + 10 * DAY_MS)
    assert.equal(lines.length, 3)
    assert.ok(!lines.join('').includes('"f0"') && lines.join('').includes('"f3"'))
    const window = { from: ANCHOR_MS + 12 * DAY_MS, to: ANCHOR_MS + 13 * DAY_MS }
    assert.deepEqual(guide.programmes(KEY, window), programmesBetween(planner, CATALOGUE, window))
  })

  test('says nothing of channels it does not have, and of the time before its state', () => {
    const { guide } = guideOf(base, ANCHOR_MS + 10 * DAY_MS)
    assert.deepEqual(
      guide.programmes(channelKey(8), { from: ANCHOR_MS + 12 * DAY_MS, to: ANCHOR_MS + 13 * DAY_MS }),
      [],
    )
    assert.deepEqual(guide.programmes(KEY, { from: ANCHOR_MS, to: ANCHOR_MS + DAY_MS }), [])
  })

  test('is another revision when a schedule is another one', () => {
    const revisionOf = (doc: ChannelDoc): string => guideOf(doc, ANCHOR_MS + 10 * DAY_MS).guide.revision
    assert.equal(revisionOf(base), revisionOf({ ...base }))
    assert.notEqual(revisionOf(base), revisionOf({ ...base, seed: 1 }))
  })
})

test('readLinearSnapshot() refuses what is none', () => {
  for (const text of ['', '{}', '{"format":2,"revision":"a"}\n{}', '{"format":1,"revision":"a"}\n{}\nnonsense'])
    assert.throws(() => readLinearSnapshot(text))
})

test('continued() goes on where what is known ends, without a hole or an overlap', () => {
  const at = (start: number, stop: number, title: string) => ({
    start,
    stop,
    title,
    subtitle: null,
    description: null,
    categories: [],
    season: null,
    episode: null,
    repeat: false,
  })
  const known = [at(0, 10, 'a'), at(10, 20, 'b')]
  assert.deepEqual(
    continued(known, [at(5, 12, 'x'), at(12, 25, 'y'), at(25, 30, 'z')]).map(({ start, stop, title }) => [
      start,
      stop,
      title,
    ]),
    [
      [0, 10, 'a'],
      [10, 20, 'b'],
      [20, 25, 'y'],
      [25, 30, 'z'],
    ],
  )
  assert.deepEqual(continued([], [at(5, 12, 'x')]).length, 1)
  assert.equal(continued(known, []), known)
})
