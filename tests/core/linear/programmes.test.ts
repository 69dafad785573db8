import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { plan } from '../../../core/linear/plan.ts'
import { createPlanner } from '../../../core/linear/planner.ts'
import { programmesBetween, programmesOf } from '../../../core/linear/programmes.ts'
import { ANCHOR_MS, anyDoc, CATALOGUE, medium } from './any-doc.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const catalogue = {
  revision: 'guide',
  media: {
    pilot: medium(44 * MINUTE, {
      kind: 'episode',
      title: 'Pilot',
      series: 'Harbour',
      season: 1,
      episode: 1,
      plot: 'It begins.',
      genres: ['Drama'],
      airedOn: '1999-09-10',
      breaksMs: [15 * MINUTE, 30 * MINUTE],
      rating: { system: 'FSK', value: '12' },
    }),
    film: medium(95 * MINUTE, { kind: 'film', title: 'The Film', year: 1968, genres: ['Western', 'Drama'] }),
    ad: medium(30_000, { kind: 'filler', title: 'Soap' }),
    ident: medium(5_000, { kind: 'filler', title: 'Station' }),
  },
}
const doc = readChannelDoc({
  id: 'harbour',
  name: 'Harbour TV',
  anchorDay: '2026-01-05',
  pools: [
    { id: 'series', items: ['pilot'] },
    { id: 'films', items: ['film'] },
    { id: 'ads', items: ['ad'] },
    { id: 'idents', items: ['ident'] },
  ],
  filler: ['ads'],
  breaks: { max: 2 },
  bumpers: { before: 'idents' },
  slots: [
    { id: 'first', at: '20:00', show: { pool: 'series' }, count: 1, padToMinutes: 60 },
    { at: '21:00', show: { pool: 'films' }, count: 1, padToMinutes: 60, guide: { title: 'Film night' } },
    { at: '23:00', show: { channel: 'c3' }, guide: { title: 'News' } },
    { at: '23:30', show: { rerunOf: 'first' } },
    { at: '01:00', show: 'off' },
  ],
})
const evening = Date.UTC(2026, 0, 5, 20)
const guide = programmesBetween(createPlanner(doc, catalogue), catalogue, { from: evening, to: evening + 10 * HOUR })
const short = guide.map(({ start, stop, title, subtitle }) => [
  new Date(start).toISOString().slice(11, 16),
  (stop - start) / MINUTE,
  title,
  subtitle,
])

describe('programmesOf()', () => {
  test('makes one programme of all parts around breaks, with its filler and bumpers', () => {
    assert.deepEqual(short, [
      ['20:00', 60, 'Harbour', 'Pilot'],
      ['21:00', 120, 'Film night', 'The Film'],
      ['23:00', 30, 'News', null],
      ['23:30', 44 + 5 / 60, 'Harbour', 'Pilot'],
      // Adverts until one, and then nothing until eight in the evening.
      ['00:14', 19 * 60 + 46 - 5 / 60, 'Harbour TV', null],
    ])
  })

  test('tells what the library knows of an episode', () => {
    const { description, categories, season, episode, repeat, details } = guide[0] ?? {}
    assert.deepEqual(
      { description, categories, season, episode, repeat, details },
      {
        description: 'It begins.',
        categories: ['Series', 'Drama'],
        season: 1,
        episode: 1,
        repeat: false,
        details: { date: '19990910', rating: { system: 'FSK', value: '12' }, isNew: true },
      },
    )
  })

  test('calls a programme of before a repeat, and only the first one new', () => {
    assert.equal(guide[3]?.repeat, true)
    assert.equal(guide[3]?.details?.isNew, undefined)
    const later = programmesBetween(createPlanner(doc, catalogue), catalogue, {
      from: evening + DAY,
      to: evening + DAY + HOUR,
    })
    assert.equal(later[0]?.repeat, true)
  })

  test('calls what is passed on live', () => {
    assert.deepEqual(guide[2]?.details, { isLive: true })
  })

  test('tells of what is above the plan only where its end is known', () => {
    const over = (until: number | null) => ({
      ...doc,
      overrides: [
        {
          id: 'storm',
          from: evening + 20 * MINUTE,
          until,
          show: { kind: 'slate', text: 'Storm' } as const,
          priority: 0,
          title: 'Storm warning',
          createdBy: null,
        },
      ],
    })
    const titles = (until: number | null) =>
      programmesOf(plan(over(until), catalogue, evening, evening + HOUR).items, catalogue).map(({ title }) => title)
    assert.deepEqual(titles(evening + 30 * MINUTE), ['Harbour', 'Storm warning', 'Harbour'])
    assert.deepEqual(titles(null), ['Harbour'])
  })

  test('has neither holes nor overlaps, and says the same of every window', () => {
    fc.assert(
      fc.property(anyDoc, fc.integer({ min: 24, max: 300 }), fc.integer({ min: 1, max: 40 }), (any, hour, hours) => {
        const planner = createPlanner(any, CATALOGUE)
        const [from, to] = [ANCHOR_MS + hour * HOUR, ANCHOR_MS + (hour + hours) * HOUR]
        const found = programmesBetween(planner, CATALOGUE, { from, to })
        assert.ok((found[0]?.start ?? Infinity) <= from)
        assert.ok((found.at(-1)?.stop ?? 0) >= to)
        for (const [index, programme] of found.entries()) {
          assert.ok(programme.start < programme.stop)
          const next = found[index + 1]
          if (next !== undefined) assert.equal(next.start, programme.stop)
        }
      }),
      { numRuns: 40 },
    )
  })
})
