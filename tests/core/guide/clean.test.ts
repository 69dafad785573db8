import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import { mergeWindow } from '../../../core/guide/merge.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { aProgramme, at, spans } from './samples.ts'

test('cleanProgrammes() sorts', () => {
  assert.deepEqual(spans(cleanProgrammes([aProgramme(60, 90), aProgramme(0, 60)])), [
    [0, 60, 'From 0'],
    [60, 90, 'From 60'],
  ])
})

test('cleanProgrammes() cuts a programme that runs into the next', () => {
  assert.deepEqual(spans(cleanProgrammes([aProgramme(0, 65), aProgramme(60, 90)])), [
    [0, 60, 'From 0'],
    [60, 90, 'From 60'],
  ])
})

test('cleanProgrammes() keeps of two with one start the one that says more', () => {
  const rich = aProgramme(0, 60, { title: 'Rich', description: 'Long text' })
  const poor = aProgramme(0, 55, { title: 'Poor' })
  assert.deepEqual(cleanProgrammes([rich, poor]), [rich])
  assert.deepEqual(cleanProgrammes([poor, rich]), [rich])
})

test('cleanProgrammes() drops what has no length or no start', () => {
  assert.deepEqual(cleanProgrammes([aProgramme(0, 0), aProgramme(10, 5), aProgramme(0, 5, { start: Number.NaN })]), [])
})

test('cleanProgrammes() ends what lasts longer than a day after a day', () => {
  assert.deepEqual(spans(cleanProgrammes([aProgramme(0, 99 * 60)])), [[0, 24 * 60, 'From 0']])
})

const anyProgramme = fc
  .tuple(fc.integer({ min: -600, max: 600 }), fc.integer({ min: -10, max: 2000 }), fc.constantFrom('A', 'B'))
  .map(([from, length, title]) => aProgramme(from, from + length, { title }))

const isOrdered = (programmes: readonly Programme[]): boolean =>
  programmes.every(
    (programme, index) =>
      programme.stop > programme.start && programme.stop <= (programmes[index + 1]?.start ?? Infinity),
  )

test('cleanProgrammes() gives ordered programmes without overlaps for any list, and changes nothing more the second time', () => {
  fc.assert(
    fc.property(fc.array(anyProgramme), (programmes) => {
      const clean = cleanProgrammes(programmes)
      assert.ok(isOrdered(clean))
      assert.deepEqual(cleanProgrammes(clean), clean)
    }),
  )
})

const stored = [aProgramme(-60, 10), aProgramme(10, 60), aProgramme(60, 120), aProgramme(120, 180)]

test('mergeWindow() replaces what starts in the window and keeps the rest', () => {
  const told = [aProgramme(10, 50, { title: 'New' }), aProgramme(50, 120, { title: 'New' })]
  assert.deepEqual(spans(mergeWindow(stored, told, { from: at(0), to: at(120) })), [
    [-60, 10, 'From -60'],
    [10, 50, 'New'],
    [50, 120, 'New'],
    [120, 180, 'From 120'],
  ])
})

test("mergeWindow() takes the source's word for what was running when the window began", () => {
  const told = [aProgramme(-30, 20, { title: 'Running' })]
  assert.deepEqual(spans(mergeWindow(stored, told, { from: at(0), to: at(60) })), [
    [-30, 20, 'Running'],
    [60, 120, 'From 60'],
    [120, 180, 'From 120'],
  ])
})

test('mergeWindow() empties a window in which there is nothing, but not what runs into it', () => {
  assert.deepEqual(spans(mergeWindow(stored, [], { from: at(0), to: at(120) })), [
    [-60, 10, 'From -60'],
    [120, 180, 'From 120'],
  ])
})

test('mergeWindow() gives ordered programmes without overlaps for any stored and told programmes', () => {
  fc.assert(
    fc.property(
      fc.array(anyProgramme),
      fc.array(anyProgramme),
      fc.integer({ min: -300, max: 300 }),
      (old, told, from) => {
        assert.ok(isOrdered(mergeWindow(cleanProgrammes(old), told, { from: at(from), to: at(from + 300) })))
      },
    ),
  )
})
