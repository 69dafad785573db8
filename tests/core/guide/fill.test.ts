import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillGaps } from '../../../core/guide/fill.ts'
import { GUIDE_STEP_MS, guideWindow } from '../../../core/guide/window.ts'
import { aProgramme, at, FOUR, spans } from './samples.ts'

const window = { from: at(0), to: at(480) }

test('fillGaps() fills a channel that nothing is known of with blocks of 4 hours', () => {
  assert.deepEqual(spans(fillGaps([], window, 'TV')), [
    [0, 240, 'TV'],
    [240, 480, 'TV'],
  ])
})

test('fillGaps() gives a small gap to the programme before it', () => {
  const slots = fillGaps([aProgramme(0, 235), aProgramme(240, 480)], window, 'TV')
  assert.deepEqual(spans(slots), [
    [0, 240, 'From 0'],
    [240, 480, 'From 240'],
  ])
})

test('fillGaps() fills a longer gap, cut at the full 4 hours', () => {
  const slots = fillGaps([aProgramme(0, 200), aProgramme(300, 480)], window, 'TV')
  assert.deepEqual(spans(slots), [
    [0, 200, 'From 0'],
    [200, 240, 'TV'],
    [240, 300, 'TV'],
    [300, 480, 'From 300'],
  ])
  assert.deepEqual(
    slots.map(({ isFiller }) => isFiller),
    [false, true, true, false],
  )
})

test('fillGaps() keeps programmes that reach over the edges of the window whole', () => {
  const slots = fillGaps([aProgramme(-30, 240), aProgramme(240, 500)], window, 'TV')
  assert.deepEqual(spans(slots), [
    [-30, 240, 'From -30'],
    [240, 500, 'From 240'],
  ])
})

test('guideWindow() stays the same for 4 hours and holds the days asked for', () => {
  assert.deepEqual(guideWindow(FOUR, 7), guideWindow(FOUR + GUIDE_STEP_MS - 1, 7))
  const late = guideWindow(FOUR + GUIDE_STEP_MS - 1, 7)
  assert.ok(late.to >= FOUR + GUIDE_STEP_MS - 1 + 7 * 24 * 3600_000)
  assert.ok(guideWindow(FOUR, 7).from <= FOUR - GUIDE_STEP_MS)
})
