import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { checkSchedule, SCHEDULE_WARNINGS } from '../../../core/linear/warnings.ts'
import { ANCHOR, ANCHOR_MS, anyDoc, CATALOGUE } from './any-doc.ts'

const DAY = 86_400_000
const MINUTE = 60_000
const films = { id: 'films', items: ['f0', 'f1'], mode: 'sequence' } // 71 and 90 minutes
const ads = { id: 'ads', items: ['a0', 'a1', 'a2', 'a3'] }

const warningsOf = (rest: object, days = 1) =>
  checkSchedule(
    readChannelDoc({ id: 'x', name: 'X', anchorDay: ANCHOR, zone: 'UTC', pools: [films, ads], ...rest }),
    CATALOGUE,
    { from: ANCHOR_MS + 6 * 3_600_000, days },
  )

for (const { what, rest, expected } of [
  { what: 'nothing of a plain channel', rest: {}, expected: [] },
  {
    what: 'a film that runs into the next slot, and by how much',
    rest: {
      slots: [
        { id: 'film', at: '06:00', show: { pool: 'films' }, count: 1 },
        { id: 'news', at: '07:00', show: { channel: 'c1' } },
      ],
    },
    expected: [{ code: 'overrun', slot: 'film', other: 'news', ms: 11 * MINUTE + 123, at: ANCHOR_MS + 420 * MINUTE }],
  },
  {
    what: 'a slot that a long film leaves no time',
    rest: {
      pools: [{ id: 'long', items: ['long'] }],
      slots: [
        { id: 'a', at: '06:00', days: ['fri'], show: { pool: 'long' }, count: 1 },
        { id: 'b', at: '09:00', show: { channel: 'c1' } },
      ],
    },
    expected: [
      { code: 'overrun', slot: 'a', other: 'b', ms: 27 * 60 * MINUTE },
      { code: 'slot-skipped', slot: 'b' },
    ],
  },
  {
    what: 'a pool of which nothing is there, and one with lost files',
    rest: {
      pools: [
        { id: 'gone', items: ['x', 'y'] },
        { ...films, items: ['f0', 'z', 'zz'] },
      ],
      slots: [{ id: 'all', at: '06:00', show: { pool: 'films' } }],
    },
    expected: [
      { code: 'empty-pool', pool: 'gone' },
      { code: 'unknown-media', pool: 'films', count: 2 },
      // Before the slot begins again there is no room for another film.
      { code: 'no-filler', slot: 'all' },
    ],
  },
  {
    what: 'slots at the same time',
    rest: {
      slots: [
        { id: 'a', at: '06:00', show: { pool: 'films' } },
        { id: 'b', at: '06:00', show: { channel: 'c1' } },
      ],
    },
    expected: [{ code: 'same-start', slot: 'a', other: 'b' }],
  },
  {
    what: 'a long stretch without filler',
    rest: {
      slots: [
        { id: 'a', at: '06:00', show: { pool: 'films' }, count: 1 },
        { id: 'b', at: '09:00', show: { channel: 'c1' } },
      ],
    },
    expected: [
      { code: 'long-gap', slot: 'a', ms: 109 * MINUTE - 123, count: 1 },
      { code: 'no-filler', slot: 'a', ms: 109 * MINUTE - 123 },
    ],
  },
  {
    what: 'filler that is longer than the hole',
    rest: {
      filler: ['films'],
      slots: [{ id: 'a', at: '06:00', show: { pool: 'films' }, padToMinutes: 60, filler: ['films'] }],
    },
    expected: [
      { code: 'long-gap', slot: 'a' },
      { code: 'filler-too-long', slot: 'a', pool: 'films' },
    ],
  },
  {
    what: 'a slot in which nothing fits',
    rest: {
      slots: [
        { id: 'a', at: '06:00', show: { channel: 'c1' } },
        { id: 'b', at: '20:00', show: { rerunOf: 'a' }, filler: ['ads'] },
        { id: 'c', at: '20:10', show: { channel: 'c1' } },
      ],
    },
    expected: [{ code: 'slot-empty', slot: 'b', ms: 10 * MINUTE }],
  },
])
  test(`checkSchedule() tells of ${what}`, () => {
    const found = warningsOf(rest)
    assert.deepEqual(
      found.map(({ code }) => code),
      expected.map(({ code }) => code),
    )
    for (const [index, wanted] of expected.entries()) assert.partialDeepStrictEqual(found[index], wanted)
  })

test('checkSchedule() tells the same thing once, however often it happens', () => {
  const found = warningsOf(
    {
      slots: [
        { id: 'film', at: '06:00', show: { pool: 'films' }, count: 1 },
        { id: 'news', at: '07:00', show: { channel: 'c1' } },
      ],
    },
    6,
  )
  assert.equal(found.length, 1)
  assert.partialDeepStrictEqual(found[0], { code: 'overrun', count: 6, ms: 30 * MINUTE + 123 })
})

test('checkSchedule() finds only what it knows, in every schedule', () => {
  fc.assert(
    fc.property(anyDoc, (doc) => {
      for (const warning of checkSchedule(doc, CATALOGUE, { from: ANCHOR_MS, days: 5 })) {
        assert.ok(SCHEDULE_WARNINGS.includes(warning.code))
        assert.ok(warning.count > 0)
        if (warning.at !== null) assert.ok(warning.at > ANCHOR_MS - 2 * DAY && warning.at < ANCHOR_MS + 6 * DAY)
      }
    }),
    { numRuns: 40 },
  )
})
