import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printPast, printStart, readLength, readStart } from '../../../core/live/shift-start.ts'
import { Failure } from '../../../core/errors.ts'

const NOW = Date.UTC(2026, 10, 21, 20, 20)

for (const { text, behind } of [
  { text: undefined, behind: 0 },
  { text: '0', behind: 0 },
  { text: '-300', behind: 300_000 },
  { text: '-12.5', behind: 12_500 },
  { text: '2026-11-21T20:15:00Z', behind: 300_000 },
  { text: '2026-11-21T21:15:00 01:00', behind: 300_000 },
  { text: String(NOW / 1000 - 300), behind: 300_000 },
  { text: '{utc}', behind: 0 },
  { text: '${start}', behind: 0 },
])
  test(`readStart() takes ${text ?? 'nothing'} for ${behind / 1000} s`, () =>
    assert.equal(readStart(text, NOW), behind))

for (const text of ['300', 'yesterday', '2026-11-21T20:15:00', '2026-11-21T20:25:00Z', String(NOW / 1000 + 300)])
  test(`readStart() refuses "${text}"`, () =>
    assert.throws(
      () => readStart(text, NOW),
      (error) => error instanceof Failure && error.code === 'http/bad-request',
    ))

for (const { duration, end, lasts } of [
  { duration: undefined, end: undefined, lasts: null },
  { duration: '2700', end: undefined, lasts: 2_700_000 },
  { duration: undefined, end: String(NOW / 1000 + 60), lasts: 60_000 },
  { duration: undefined, end: '2026-11-21T20:50:00Z', lasts: 1_800_000 },
  { duration: '{duration}', end: '{utcend}', lasts: null },
  { duration: '${duration}', end: String(NOW / 1000 + 60), lasts: 60_000 },
])
  test(`readLength() takes ${duration ?? '-'} and ${end ?? '-'} for ${lasts ?? 'nothing'}`, () =>
    assert.equal(readLength({ duration, end }, NOW), lasts))

for (const asked of [
  { duration: '0', end: undefined },
  { duration: '1h', end: undefined },
  { duration: undefined, end: String(NOW / 1000) },
  { duration: undefined, end: 'soon' },
])
  test(`readLength() refuses ${JSON.stringify(asked)}`, () =>
    assert.throws(
      () => readLength(asked, NOW),
      (error) => error instanceof Failure && error.code === 'http/bad-request',
    ))

test('what printStart() and printPast() write reads the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_000 }), (behindMs) =>
      assert.equal(readStart(printStart(behindMs), NOW), behindMs),
    ),
  )
  const seconds = fc.integer({ min: 1, max: 604_800 })
  fc.assert(
    fc.property(seconds, seconds, (ago, lasts) => {
      const { start, duration } = printPast(NOW - ago * 1000, lasts * 1000)
      assert.equal(readStart(start, NOW), ago * 1000)
      assert.equal(readLength({ duration, end: undefined }, NOW - ago * 1000), lasts * 1000)
    }),
  )
})
