import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createCalendar, dateNumber, dateText, weekdayOf } from '../../../core/linear/civil-day.ts'
import { clockMs } from '../../../core/linear/document/values.ts'
import { ZONES } from './any-doc.ts'
import vectors from './vectors.json' with { type: 'json' }

const HOUR = 3_600_000

const hours = (zone: string, date: string): number => {
  const calendar = createCalendar(zone, 0)
  return (calendar.startOf(dateNumber(date) + 1) - calendar.startOf(dateNumber(date))) / HOUR
}

for (const { zone, date, clock, instant, why } of vectors.civil)
  test(`instantOf() of ${date} ${clock} in ${zone}: ${why}`, () => {
    const calendar = createCalendar(zone, 0)
    assert.equal(new Date(calendar.instantOf(dateNumber(date), clockMs(clock))).toISOString(), instant)
  })

describe('createCalendar()', () => {
  test('gives days that follow each other and hold their instants', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: Date.UTC(2050, 0) }),
        (zone, hour, instant) => {
          const calendar = createCalendar(zone, hour * HOUR)
          const day = calendar.dayOf(instant)
          assert.ok(calendar.startOf(day) <= instant && instant < calendar.startOf(day + 1))
          const length = (calendar.startOf(day + 1) - calendar.startOf(day)) / HOUR
          assert.ok(length >= 22.9 && length <= 25.1, String(length))
        },
      ),
    )
  })

  test('makes days of 23 and 25 hours where clocks are changed, of 23.5 and 24.5 on Lord Howe', () => {
    assert.equal(hours('Europe/Berlin', '2026-03-29'), 23)
    assert.equal(hours('Europe/Berlin', '2026-10-25'), 25)
    assert.equal(hours('America/New_York', '2026-03-08'), 23)
    assert.equal(hours('Australia/Lord_Howe', '2026-04-05'), 24.5)
    assert.equal(hours('Australia/Lord_Howe', '2026-10-04'), 23.5)
    assert.equal(hours('Europe/Berlin', '2028-02-29'), 24)
  })

  test('pads to the clock on the wall, also where it is not whole hours ahead', () => {
    const kathmandu = createCalendar('Asia/Kathmandu', 0) // 5:45 ahead
    assert.equal(kathmandu.paddedTo(Date.UTC(2026, 0, 1, 0, 20), HOUR / 2), Date.UTC(2026, 0, 1, 0, 45))
    const berlin = createCalendar('Europe/Berlin', 0)
    assert.equal(berlin.paddedTo(Date.UTC(2026, 0, 1, 0, 30), HOUR / 2), Date.UTC(2026, 0, 1, 0, 30))
    assert.equal(berlin.paddedTo(Date.UTC(2026, 0, 1, 0, 30, 0, 1), HOUR / 2), Date.UTC(2026, 0, 1, 1))
  })
})

test('dateText() undoes dateNumber()', () => {
  assert.equal(dateText(dateNumber('2028-02-29')), '2028-02-29')
  assert.equal(weekdayOf(dateNumber('2026-11-21')), 'sat')
  assert.equal(weekdayOf(0), 'thu')
})
