import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseXmltvTime } from '../../../../core/guide/xmltv/time.ts'

const EIGHT_PM = Date.UTC(2026, 10, 21, 20)

for (const { text, instant } of [
  { text: '20261121200000 +0000', instant: EIGHT_PM },
  { text: '20261121210000 +0100', instant: EIGHT_PM },
  { text: '20261121143000 -0530', instant: EIGHT_PM },
  { text: '20261121200000', instant: EIGHT_PM },
  { text: '202611212000', instant: EIGHT_PM },
  { text: '2026112120', instant: EIGHT_PM },
  { text: '20261121', instant: Date.UTC(2026, 10, 21) },
  { text: '202611212000 +0000', instant: EIGHT_PM },
  { text: '20261121210000 +01:00', instant: EIGHT_PM },
  { text: '20261121210000 +1', instant: EIGHT_PM },
  { text: '20261121210000+0100', instant: EIGHT_PM },
  { text: '20261121200000 Z', instant: EIGHT_PM },
  { text: '20261121200000 UTC', instant: EIGHT_PM },
  { text: '20261121210000 CET', instant: EIGHT_PM },
  { text: '20260621210000 cest', instant: Date.UTC(2026, 5, 21, 19) },
  { text: '20261121150000 EST', instant: EIGHT_PM },
  { text: '2026-11-21T21:00:00.000+01:00', instant: EIGHT_PM },
  { text: '2026-11-21 20:00:00', instant: EIGHT_PM },
  { text: '  20261121200000 +0000 ', instant: EIGHT_PM },
  { text: String(EIGHT_PM / 1000), instant: EIGHT_PM },
  { text: String(EIGHT_PM), instant: EIGHT_PM },
  { text: '20261121240000 +0000', instant: Date.UTC(2026, 10, 22) },
  { text: '20240229000000 +0000', instant: Date.UTC(2024, 1, 29) },
  { text: '20261121200000 XYZ', instant: null },
  { text: '20261321200000 +0000', instant: null },
  { text: '20261121256000 +0000', instant: null },
  { text: '20261121200000 +9900', instant: null },
  { text: '0', instant: null },
  { text: '', instant: null },
  { text: 'tomorrow', instant: null },
]) {
  test(`parseXmltvTime() reads "${text}" as ${instant === null ? 'nothing' : new Date(instant).toISOString()}`, () => {
    assert.equal(parseXmltvTime(text), instant)
  })
}

test('parseXmltvTime() agrees with the calendar for every day and offset', () => {
  const anyInstant = fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) / 1000 })
  fc.assert(
    fc.property(anyInstant, fc.integer({ min: -12 * 60, max: 14 * 60 }), (seconds, offset) => {
      const local = new Date(seconds * 1000 + offset * 60_000)
      if (local.getUTCFullYear() < 1970) return
      const digits = local.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
      const zone = Math.abs(offset)
      const hours = String(Math.floor(zone / 60)).padStart(2, '0')
      const text = `${digits} ${offset < 0 ? '-' : '+'}${hours}${String(zone % 60).padStart(2, '0')}`
      assert.equal(parseXmltvTime(text), seconds * 1000)
    }),
  )
})
