import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createServerClock } from '../../../handlers/xtream/server-clock.ts'

const MINUTE = 60_000

for (const { zone, at, text } of [
  { zone: 'UTC', at: '2026-11-21T20:20:05Z', text: '2026-11-21 20:20:05' },
  { zone: 'Europe/Berlin', at: '2026-07-01T22:30:00Z', text: '2026-07-02 00:30:00' },
  { zone: 'America/New_York', at: '2026-01-01T04:59:59Z', text: '2025-12-31 23:59:59' },
  { zone: 'Asia/Kathmandu', at: '2026-01-01T00:00:00Z', text: '2026-01-01 05:45:00' },
  // The hour that comes twice: both times read the same.
  { zone: 'Europe/Berlin', at: '2026-10-25T00:30:00Z', text: '2026-10-25 02:30:00' },
  { zone: 'Europe/Berlin', at: '2026-10-25T01:30:00Z', text: '2026-10-25 02:30:00' },
])
  test(`print() shows ${at} in ${zone} as ${text}`, () => {
    assert.equal(createServerClock(zone).print(Date.parse(at)), text)
  })

for (const { text, at } of [
  { text: '2026-03-28:20-15', at: '2026-03-28T19:15:00Z' },
  { text: '2026-03-29:20-15', at: '2026-03-29T18:15:00Z' },
  { text: '2026-03-29:20-15-30', at: '2026-03-29T18:15:30Z' },
  { text: '2026-03-29 20:15:30', at: '2026-03-29T18:15:30Z' },
  { text: '2026-03-29_20:15', at: '2026-03-29T18:15:00Z' },
  { text: '20260329-20', at: '2026-03-29T18:00:00Z' },
  { text: '1774807200', at: '2026-03-29T18:00:00Z' },
])
  test(`readStart() reads "${text}" by the clock on the wall in Berlin`, () => {
    assert.equal(createServerClock('Europe/Berlin').readStart(text), Date.parse(at))
  })

for (const text of ['', '7', 'now', '2026-03-29', '2026-13-01:00-00', '2026-03-29:25-00', '20260329'])
  test(`readStart() takes "${text}" for no time`, () => {
    assert.equal(createServerClock('Europe/Berlin').readStart(text), null)
  })

test('a zone that the platform does not know is UTC, and is named so', () => {
  const clock = createServerClock('Mars/Olympus')
  assert.deepEqual([clock.zone, clock.print(0)], ['UTC', '1970-01-01 00:00:00'])
})

test('readStart() undoes print() for every minute but those of the hour that comes twice', () => {
  const zones = ['UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Chatham']
  const clocks = zones.map(createServerClock)
  const anyMinute = fc.integer({ min: Date.UTC(2020, 0) / MINUTE, max: Date.UTC(2036, 0) / MINUTE })
  fc.assert(
    fc.property(fc.constantFrom(...clocks), anyMinute, (clock, minute) => {
      const at = minute * MINUTE
      const read = clock.readStart(
        clock
          .print(at)
          .replace(' ', ':')
          .replace(/(\d\d):(\d\d):\d\d$/, '$1-$2'),
      )
      assert.ok(read !== null)
      // Of a reading that is there twice, one of the two is meant.
      if (read !== at) assert.equal(clock.print(read), clock.print(at))
    }),
  )
})
