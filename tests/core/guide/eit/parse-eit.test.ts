import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseEit } from '../../../../core/guide/eit/parse-eit.ts'
import { sendEit } from './sections.ts'

const START = Date.UTC(2026, 10, 21, 20, 15, 30)

test('parseEit() reads an event with all that it tells', () => {
  const section = sendEit({
    events: [
      {
        start: START,
        minutes: 95,
        title: 'Tatort',
        short: 'Der Fall',
        long: ['Lang genug, ', 'um zu reichen. Staffel 2, Folge 5'],
        genre: 0x10,
        rating: 9,
      },
    ],
  })
  assert.deepEqual(parseEit(section), {
    tableId: 0x4e,
    service: '1:453:445D',
    serviceId: 0x445d,
    transportStreamId: 0x453,
    originalNetworkId: 1,
    isActual: true,
    isPresentFollowing: true,
    version: 0,
    number: 0,
    programmes: [
      {
        start: START,
        stop: START + 95 * 60_000,
        title: 'Tatort',
        subtitle: 'Der Fall',
        description: 'Lang genug, um zu reichen. Staffel 2, Folge 5',
        categories: ['Series'],
        season: 2,
        episode: 5,
        repeat: false,
        details: { rating: { system: 'DVB', value: '12' } },
      },
    ],
  })
})

for (const { tableId, isActual, isPresentFollowing } of [
  { tableId: 0x4e, isActual: true, isPresentFollowing: true },
  { tableId: 0x4f, isActual: false, isPresentFollowing: true },
  { tableId: 0x50, isActual: true, isPresentFollowing: false },
  { tableId: 0x5f, isActual: true, isPresentFollowing: false },
  { tableId: 0x60, isActual: false, isPresentFollowing: false },
  { tableId: 0x6f, isActual: false, isPresentFollowing: false },
]) {
  test(`parseEit() knows table 0x${tableId.toString(16)}`, () => {
    const eit = parseEit(sendEit({ tableId, version: 7, number: 9, events: [] }))
    assert.deepEqual(
      [eit?.isActual, eit?.isPresentFollowing, eit?.version, eit?.number],
      [isActual, isPresentFollowing, 7, 9],
    )
  })
}

for (const { name, section } of [
  { name: 'of another table', section: sendEit({ tableId: 0x42, events: [] }) },
  { name: 'of a time to come', section: sendEit({ isNext: true, events: [] }) },
  { name: 'that is too short', section: sendEit({ events: [] }).subarray(0, 10) },
]) {
  test(`parseEit() reads no section ${name}`, () => {
    assert.equal(parseEit(section), null)
  })
}

test('parseEit() leaves out events without title, length or a start', () => {
  const section = sendEit({
    events: [
      { start: START, minutes: 30, title: 'A' },
      { start: START, minutes: 0, title: 'no length' },
      { start: START, minutes: 30 },
      { start: START, minutes: 30, title: 'B' },
      { start: START, minutes: 30, title: 'no start' },
    ],
  })
  // An event without a start has all bits set; it is the last one, behind four that are read.
  const at = section.length - 4 - (12 + 2 + 3 + 1 + 9 + 1 + 1)
  section.fill(0xff, at + 2, at + 7)
  assert.deepEqual(
    parseEit(section)?.programmes.map(({ title }) => title),
    ['A', 'B'],
  )
})

test('parseEit() never throws, whatever is damaged, and what it gives is sound', () => {
  const whole = sendEit({
    events: [
      { start: START, minutes: 30, title: 'A', short: 'S', long: ['L'.repeat(40)], genre: 0x23, rating: 3 },
      { start: START + 1_800_000, minutes: 90, title: 'B' },
    ],
  })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 10 }),
      fc.nat(whole.length),
      (changes, end) => {
        const bytes = whole.slice(0, end)
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
        for (const { start, stop, title } of parseEit(bytes)?.programmes ?? []) {
          assert.ok(Number.isSafeInteger(start) && stop > start)
          assert.notEqual(title, '')
        }
      },
    ),
  )
})
