import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Weekday } from '../../../core/linear/document/values.ts'
import { WEEKDAYS } from '../../../core/linear/document/values.ts'
import {
  addDays,
  DAY_MINUTES,
  dayIn,
  minuteOf,
  mondayOf,
  printMinute,
  weekBlocks,
} from '../../../ui/src/schedule/week.ts'

const MONDAY = '2026-11-23'
const slot = (id: string, at: string, days: readonly Weekday[] | null = null) => ({
  id,
  at,
  days: days === null ? null : [...days],
  from: null,
  until: null,
})

describe('the week of a schedule', () => {
  test('a slot holds until the next one, also over midnight', () => {
    const blocks = weekBlocks([slot('day', '06:00'), slot('night', '22:30')], MONDAY)
    assert.deepEqual(
      blocks.filter(({ day }) => day === 1),
      [
        { slot: 'night', day: 1, from: 0, to: 360, isStart: false },
        { slot: 'day', day: 1, from: 360, to: 1350, isStart: true },
        { slot: 'night', day: 1, from: 1350, to: 1440, isStart: true },
      ],
    )
    assert.equal(blocks[0]?.slot, 'night', 'the Sunday before goes on')
  })

  test('a slot of one day holds until it comes again', () => {
    const blocks = weekBlocks([slot('only', '20:15', ['wed'])], MONDAY)
    assert.equal(blocks.length, 8)
    assert.deepEqual(blocks[0], { slot: 'only', day: 0, from: 0, to: 1440, isStart: false })
  })

  test('dates that a slot is not for leave it out', () => {
    const advent = { ...slot('advent', '18:00'), from: '2026-11-29', until: '2026-12-24' }
    const blocks = weekBlocks([slot('day', '06:00'), advent], MONDAY)
    assert.deepEqual(
      blocks.filter(({ slot: id, isStart }) => id === 'advent' && isStart).map(({ day }) => day),
      [6],
    )
  })

  test('blocks of any slots lie one after the other without a hole', () => {
    const anySlot = fc.record({
      id: fc.stringMatching(/^[a-z]{1,3}$/),
      at: fc.nat(DAY_MINUTES - 1).map(printMinute),
      days: fc.option(fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 })),
      from: fc.constant(null),
      until: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(anySlot, { minLength: 1, maxLength: 12 }), (slots) => {
        let at = 0
        for (const { day, from, to } of weekBlocks(slots, MONDAY)) {
          assert.equal(day * DAY_MINUTES + from, at)
          assert.ok(to > from && to <= DAY_MINUTES)
          at = day * DAY_MINUTES + to
        }
        assert.equal(at, 7 * DAY_MINUTES)
      }),
    )
  })
})

test('minutes are printed as the clock says them', () => {
  assert.equal(printMinute(0), '00:00')
  assert.equal(printMinute(-15), '23:45')
  assert.equal(printMinute(1455), '00:15')
  assert.equal(minuteOf('20:15:30'), 1215)
})

test('days of the calendar', () => {
  assert.equal(addDays('2026-12-30', 3), '2027-01-02')
  assert.equal(mondayOf('2026-11-29'), MONDAY)
  assert.equal(mondayOf(MONDAY), MONDAY)
  assert.equal(dayIn('Pacific/Kiritimati', Date.UTC(2026, 10, 21, 12)), '2026-11-22')
})
