import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { catalogued } from '../../../core/linear/catalogue.ts'
import type { ChannelDoc } from '../../../core/linear/document.ts'
import { plan, planAt } from '../../../core/linear/plan.ts'
import { readCheckpoint } from '../../../core/linear/plan/checkpoint.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { ANCHOR_MS, anyDoc, CATALOGUE } from './any-doc.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const RUNS = { numRuns: 60 }

/** Hours from a day before the anchor to three weeks after it. */
const anyHour = fc.integer({ min: -24, max: 21 * 24 }).map((hour) => ANCHOR_MS + hour * HOUR)
const anyLength = fc.integer({ min: 1, max: 5 * DAY })

test('plan() covers its window without holes, and every file only as far as it goes', () => {
  fc.assert(
    fc.property(anyDoc, anyHour, anyLength, (doc, from, length) => {
      const to = from + length
      const { items } = plan(doc, CATALOGUE, from, to)
      assert.ok((items[0]?.start ?? Infinity) <= from)
      assert.ok((items.at(-1)?.stop ?? -Infinity) >= to)
      for (const [index, item] of items.entries()) {
        assert.ok(item.start < item.stop)
        assert.ok(Number.isInteger(item.start) && Number.isInteger(item.stop))
        const next = items[index + 1]
        if (next !== undefined) assert.equal(next.start, item.stop)
        if (item.media !== null)
          assert.ok(item.inMs + item.stop - item.start <= (catalogued(CATALOGUE, item.media)?.ms ?? 0))
      }
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length)
    }),
    RUNS,
  )
})

test('plan() of a window is that of its two halves, with or without the checkpoint between them', () => {
  fc.assert(
    fc.property(anyDoc, anyHour, anyLength, anyLength, (doc, from, first, second) => {
      const [middle, to] = [from + first, from + first + second]
      const whole = plan(doc, CATALOGUE, from, to)
      const one = plan(doc, CATALOGUE, from, middle)
      const kept = readCheckpoint(JSON.parse(JSON.stringify(one.checkpoint)))
      const two = plan(doc, CATALOGUE, middle, to, kept)
      assert.deepEqual(plan(doc, CATALOGUE, middle, to).items, two.items)
      const known = new Set(one.items.map(({ id }) => id))
      assert.deepEqual(whole.items, [...one.items, ...two.items.filter(({ id }) => !known.has(id))])
      assert.deepEqual(whole.checkpoint, two.checkpoint)
    }),
    RUNS,
  )
})

test('createPlanner() answers as plan() does, whatever it was asked before', () => {
  fc.assert(
    fc.property(anyDoc, fc.array(fc.tuple(anyHour, anyLength), { minLength: 1, maxLength: 6 }), (doc, windows) => {
      const planner = createPlanner(doc, CATALOGUE)
      for (const [from, length] of windows)
        assert.deepEqual(planner.items(from, from + length), plan(doc, CATALOGUE, from, from + length).items)
    }),
    { numRuns: 30 },
  )
})

test('a later revision leaves everything before it as it was', () => {
  fc.assert(
    fc.property(anyDoc, anyDoc, fc.integer({ min: 1, max: 10 }), fc.boolean(), (doc, other, days, isAtOnce) => {
      const at = ANCHOR_MS + days * DAY + 11 * HOUR + 7
      const from = isAtOnce ? at : `2026-${days < 12 ? '03' : '04'}-${20 + days}`
      const changed: ChannelDoc = {
        ...doc,
        revisions: [doc.revisions[0], { ...other.revisions[0], from }],
      }
      const border = isAtOnce ? at : ANCHOR_MS + (days - 1) * DAY
      const before = plan(doc, CATALOGUE, ANCHOR_MS, border).items
      const after = plan(changed, CATALOGUE, ANCHOR_MS, border).items
      // At a cut the last one ends with it.
      const ended = (items: typeof before) => items.map((item) => ({ ...item, stop: Math.min(item.stop, border) }))
      assert.ok(JSON.stringify(ended(after)) === JSON.stringify(ended(before)))
      if (isAtOnce) assert.equal(after.at(-1)?.stop, at)
    }),
    RUNS,
  )
})

test('an override replaces time and shifts nothing', () => {
  fc.assert(
    fc.property(
      anyDoc,
      anyHour,
      fc.integer({ min: 1, max: 9 * HOUR }),
      fc.constantFrom<ChannelDoc['overrides'][number]['show']>(
        { kind: 'slate', text: 'Storm' },
        { kind: 'media', media: 'a3' },
        { kind: 'live', channel: 'c9' },
      ),
      fc.boolean(),
      (doc, from, length, show, isOpen) => {
        const until = from + length
        const over = { id: 'o', from, until: isOpen ? null : until, show, priority: 0, title: null, createdBy: null }
        const [start, stop] = [from - 3 * HOUR, until + 3 * HOUR]
        const plain = plan(doc, CATALOGUE, start, stop).items
        const covered = plan({ ...doc, overrides: [over] }, CATALOGUE, start, stop).items
        for (const [index, item] of covered.entries()) {
          const next = covered[index + 1]
          if (next !== undefined) assert.equal(next.start, item.stop)
          const isOver = item.start >= from && (isOpen || item.stop <= until)
          if (isOver) {
            assert.ok(item.channel === 'c9' || item.media === 'a3' || item.text === 'Storm')
            continue
          }
          const own = plain.find((one) => one.start <= item.start && one.stop >= item.stop)
          assert.ok(own !== undefined)
          assert.equal(item.media, own.media)
          if (item.media !== null) assert.equal(item.inMs - item.start, own.inMs - own.start)
        }
      },
    ),
    RUNS,
  )
})

test('planAt() gives the item that the plan has there', () => {
  fc.assert(
    fc.property(anyDoc, anyHour, (doc, instant) => {
      const { item, sinceMs } = planAt(doc, CATALOGUE, instant)
      assert.ok(item.start <= instant && instant < item.stop)
      assert.equal(item.start + sinceMs, instant)
    }),
    RUNS,
  )
})
