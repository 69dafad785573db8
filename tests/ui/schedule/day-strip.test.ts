import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PlanItem, PlanKind } from '../../../core/linear/plan-item.ts'
import { nearestBlock } from '../../../ui/src/schedule/block-moves.ts'
import { stripPieces } from '../../../ui/src/schedule/day-strip.ts'

const item = (kind: PlanKind, start: number, stop: number, title = 'Film'): PlanItem => ({
  id: `${kind}${start}`,
  start,
  stop,
  kind,
  media: null,
  inMs: 0,
  channel: null,
  text: null,
  guide: { group: 'g', isShown: true, title, subtitle: null },
})

test('the strip cuts at its ends and draws the adverts of a break as one', () => {
  const pieces = stripPieces(
    [
      item('programme', 0, 20),
      item('break', 20, 22),
      item('break', 22, 30),
      item('programme', 30, 60),
      item('programme', 60, 90, 'Next'),
    ],
    10,
    70,
  )
  assert.deepEqual(
    pieces.map(({ start, stop, title }) => [start, stop, title]),
    [
      [10, 20, 'Film'],
      [20, 30, ''],
      [30, 60, 'Film'],
      [60, 70, 'Next'],
    ],
  )
})

test('arrows go from block to block, over days without any', () => {
  const block = (slot: string, day: number, from: number) => ({ slot, day, from, to: from + 60, isStart: true })
  const starts = [block('a', 0, 360), block('b', 0, 1200), block('c', 3, 1215), block('d', 3, 300)]
  const [a, b, c] = starts
  assert.ok(a !== undefined && b !== undefined && c !== undefined)
  assert.equal(nearestBlock(starts, a, 'ArrowDown'), b)
  assert.equal(nearestBlock(starts, a, 'ArrowUp'), null)
  assert.equal(nearestBlock(starts, b, 'ArrowRight'), c)
  assert.equal(nearestBlock(starts, c, 'ArrowLeft'), b)
  assert.equal(nearestBlock(starts, c, 'ArrowRight'), null)
})
