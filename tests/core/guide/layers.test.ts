import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanProgrammes } from '../../../core/guide/clean.ts'
import { holesIn, overlay, planLayers, shift } from '../../../core/guide/layers.ts'
import type { FeedRank } from '../../../core/guide/layers.ts'
import type { GuideMatch } from '../../../core/guide/match/match.ts'
import { aProgramme, at, spans } from './samples.ts'

const RANKS: Readonly<Record<string, FeedRank>> = {
  document: { rank: 0, shiftMinutes: 0 },
  shifted: { rank: 1, shiftMinutes: 60 },
  receiver: { rank: 100, shiftMinutes: 0 },
  panel: { rank: 101, shiftMinutes: 0 },
  broadcast: { rank: 1000, shiftMinutes: 0 },
}
const aMatch = (feed: string, score: number): GuideMatch => ({
  feed,
  channel: `${feed}-id`,
  name: feed,
  score,
  kind: 'name',
  reason: '',
})
const plan = (given: Partial<Parameters<typeof planLayers>[0]>): readonly string[] =>
  planLayers({
    channel: { guide: { feed: 'receiver', channel: 'own' } },
    choice: null,
    matches: [],
    broadcast: { feed: 'broadcast', channel: '1:2:3' },
    rankOf: (feed) => RANKS[feed] ?? null,
    ...given,
  }).map(({ feed, channel, shiftMinutes }) => `${feed} ${channel} ${shiftMinutes}`)

for (const { name, given, layers } of [
  { name: 'the own guide before the broadcast', given: {}, layers: ['receiver own 0', 'broadcast 1:2:3 0'] },
  {
    name: 'a certain match of a document first',
    given: { matches: [aMatch('document', 1)] },
    layers: ['document document-id 0', 'receiver own 0', 'broadcast 1:2:3 0'],
  },
  {
    name: 'a match that is only sure behind the own guide',
    given: { matches: [aMatch('document', 0.9)] },
    layers: ['receiver own 0', 'document document-id 0', 'broadcast 1:2:3 0'],
  },
  {
    name: 'no suggestion',
    given: { matches: [aMatch('document', 0.7)] },
    layers: ['receiver own 0', 'broadcast 1:2:3 0'],
  },
  {
    name: 'the guides of all its streams by rank',
    given: {
      channel: {
        guide: { feed: 'panel', channel: 'p' },
        guides: [
          { feed: 'panel', channel: 'p' },
          { feed: 'receiver', channel: 'r' },
        ],
      },
    },
    layers: ['receiver r 0', 'panel p 0', 'broadcast 1:2:3 0'],
  },
  {
    name: 'no guide whose feed is gone',
    given: { channel: { guide: { feed: 'gone', channel: 'x' } }, broadcast: null },
    layers: [],
  },
  {
    name: 'what was decided and nothing else, with the shifts of decision and feed',
    given: {
      matches: [aMatch('document', 1)],
      choice: { by: 'owner', layers: [{ feed: 'shifted', channel: 's', shiftMinutes: -30 }] },
    },
    layers: ['shifted s 30'],
  },
  { name: 'nothing where that was decided', given: { choice: { by: 'owner', layers: [] } }, layers: [] },
] as const) {
  test(`planLayers() takes ${name}`, () => {
    assert.deepEqual(plan(given), layers)
  })
}

for (const { name, upper, lower, merged } of [
  {
    name: 'fills a hole',
    upper: [aProgramme(0, 60), aProgramme(120, 180)],
    lower: [aProgramme(60, 120)],
    merged: [
      [0, 60],
      [60, 120],
      [120, 180],
    ],
  },
  {
    name: 'fills before and behind',
    upper: [aProgramme(60, 120)],
    lower: [aProgramme(0, 60), aProgramme(120, 180)],
    merged: [
      [0, 60],
      [60, 120],
      [120, 180],
    ],
  },
  {
    name: 'cuts what reaches out of a hole a little',
    upper: [aProgramme(0, 60), aProgramme(120, 180)],
    lower: [aProgramme(50, 125)],
    merged: [
      [0, 60],
      [60, 120],
      [120, 180],
    ],
  },
  {
    name: 'drops what would lose more than half',
    upper: [aProgramme(0, 60), aProgramme(90, 180)],
    lower: [aProgramme(0, 90)],
    merged: [
      [0, 60],
      [90, 180],
    ],
  },
  {
    name: 'fills a hole with several',
    upper: [aProgramme(0, 30)],
    lower: [aProgramme(0, 30), aProgramme(30, 60), aProgramme(60, 90)],
    merged: [
      [0, 30],
      [30, 60],
      [60, 90],
    ],
  },
  {
    name: 'leaves holes of minutes',
    upper: [aProgramme(0, 60), aProgramme(63, 120)],
    lower: [aProgramme(58, 64)],
    merged: [
      [0, 60],
      [63, 120],
    ],
  },
  { name: 'takes the other where there is nothing', upper: [], lower: [aProgramme(0, 60)], merged: [[0, 60]] },
]) {
  test(`overlay() ${name}`, () => {
    assert.deepEqual(
      spans(overlay([upper, lower])).map(([from, to]) => [from, to]),
      merged,
    )
  })
}

const anyGuide = fc
  .array(
    fc
      .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 120 }))
      .map(([from, length]) => aProgramme(from, from + length)),
    { maxLength: 12 },
  )
  .map((programmes) => cleanProgrammes(programmes))

test('overlay() keeps the first guide as it is, adds nothing that overlaps, and stays in order', () => {
  fc.assert(
    fc.property(fc.array(anyGuide, { minLength: 1, maxLength: 4 }), (layers) => {
      const merged = overlay(layers)
      const [first = []] = layers.filter((layer) => layer.length > 0)
      for (const programme of first) assert.ok(merged.includes(programme))
      for (const [index, programme] of merged.entries()) {
        assert.ok(programme.stop > programme.start)
        assert.ok(programme.stop <= (merged[index + 1]?.start ?? Infinity))
      }
    }),
  )
})

for (const { name, programmes, holes } of [
  { name: 'none but of minutes', programmes: [aProgramme(-10, 60), aProgramme(62, 130)], holes: null },
  { name: 'one between', programmes: [aProgramme(0, 60), aProgramme(66, 120)], holes: [60, 66] },
  { name: 'one at the beginning', programmes: [aProgramme(10, 120)], holes: [0, 10] },
  { name: 'one at the end', programmes: [aProgramme(0, 100)], holes: [100, 120] },
  { name: 'several as one', programmes: [aProgramme(0, 20), aProgramme(40, 60), aProgramme(90, 120)], holes: [20, 90] },
  { name: 'all of it', programmes: [], holes: [0, 120] },
]) {
  test(`holesIn() finds ${name}`, () => {
    const expected = holes === null ? null : { from: at(holes[0] ?? 0), to: at(holes[1] ?? 0) }
    assert.deepEqual(holesIn(programmes, { from: at(0), to: at(120) }), expected)
  })
}

test('shift() moves programmes, and gives the same list for no shift', () => {
  const programmes = [aProgramme(0, 60)]
  assert.equal(shift(programmes, 0), programmes)
  assert.deepEqual(spans(shift(programmes, -30)), [[-30, 30, 'From 0']])
})
