import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { plan } from '../../../core/linear/plan.ts'
import { medium } from './any-doc.ts'

const MINUTE = 60_000
const DAY_MS = 86_400_000
const FIRST = '2026-01-05' // a Monday
const START = Date.UTC(2026, 0, 5, 6)

const catalogue = {
  revision: 'rules',
  media: {
    ...Object.fromEntries(
      ['a1', 'a2', 'a3', 'a4'].map((id) => [id, medium(25 * MINUTE, { kind: 'episode', series: 'A', title: id })]),
    ),
    ...Object.fromEntries(
      ['b1', 'b2', 'b3'].map((id) => [id, medium(25 * MINUTE, { kind: 'episode', series: 'B', title: id })]),
    ),
    film: medium(95 * MINUTE, { title: 'Film', breaksMs: [10, 30, 50, 70, 93].map((at) => at * MINUTE) }),
    endless: medium(49 * 60 * MINUTE, { title: 'Endless' }),
    ad30: medium(30_000, { kind: 'filler' }),
    ad45: medium(45_000, { kind: 'filler' }),
    ident: medium(5000, { kind: 'filler' }),
    blink: medium(400, { kind: 'filler' }),
  },
}
const A = { id: 'a', items: ['a1', 'a2', 'a3', 'a4'], mode: 'sequence' }
const BOTH = { id: 'both', items: [...A.items, 'b1', 'b2', 'b3'], mode: 'sequence' }
const FILM = { id: 'film', items: ['film'] }
const ADS = { id: 'ads', items: ['ad30', 'ad45'] }
const pools = [A, BOTH, FILM, ADS, { id: 'idents', items: ['ident'] }, { id: 'none', items: ['lost'] }]

/** `HH:MM kind what`, one an item, for so many hours from six o'clock of the first day on; adverts are counted. */
function told(rest: object, hours: number, from = START): string[] {
  const doc = readChannelDoc({ id: 'rules', name: 'Rules', zone: 'UTC', anchorDay: FIRST, pools, ...rest })
  const lines: string[] = []
  for (const item of plan(doc, catalogue, from, from + hours * 60 * MINUTE).items) {
    const time = new Date(item.start).toISOString().slice(11, item.start % MINUTE === 0 ? 16 : 19)
    const line = `${time} ${item.kind} ${item.media ?? item.channel ?? ''}`.trim()
    const last = lines.at(-1) ?? ''
    if ((item.kind === 'filler' || item.kind === 'break') && last.includes(item.kind)) continue
    lines.push(item.media?.startsWith('ad') === true ? `${time} ${item.kind}` : line)
  }
  return lines
}

describe('plan()', () => {
  test('plays the first pool all day where there are no slots', () => {
    assert.deepEqual(
      told({}, 2),
      ['06:00', '06:25', '06:50', '07:15', '07:40'].map((at, i) => `${at} programme a${(i % 4) + 1}`),
    )
  })

  test('goes on over the start of the day', () => {
    const [first, second] = plan(
      readChannelDoc({ id: 'rules', name: 'Rules', anchorDay: FIRST, pools }),
      catalogue,
      START + DAY_MS,
      START + DAY_MS + 60 * MINUTE,
    ).items
    assert.ok((first?.start ?? 0) < START + DAY_MS && (first?.stop ?? 0) > START + DAY_MS)
    assert.equal(second?.start, first?.stop)
  })

  test('pads to the half hour with filler', () => {
    const slots = [{ at: '06:00', show: { pool: 'a' }, padToMinutes: 30, filler: ['ads'] }]
    assert.deepEqual(told({ slots }, 1), ['06:00 programme a1', '06:25 filler', '06:30 programme a2', '06:55 filler'])
  })

  test("leaves a little time to the channel's card, and much of it to nothing", () => {
    const slots = [
      { at: '06:00', show: { pool: 'a' }, count: 1, padToMinutes: 30, filler: ['long'] },
      { at: '07:00', show: { pool: 'a' }, count: 1 },
      { at: '08:00', show: 'off' },
    ]
    const long = [...pools, { id: 'long', items: ['ad45'] }]
    const doc = readChannelDoc({ id: 'rules', name: 'Rules', zone: 'UTC', anchorDay: FIRST, pools: long, slots })
    const left = plan(doc, catalogue, START, START + 121 * MINUTE).items.filter(({ media }) => media === null)
    assert.deepEqual(
      left.map(({ kind, text, start, stop, guide }) => [kind, text, guide.title, guide.isShown, (stop - start) / 1000]),
      [
        ['slate', null, 'Rules', false, 30],
        ['off', null, 'Rules', false, 35 * 60],
        ['off', null, 'Rules', false, 22 * 60 * 60],
      ],
    )
  })

  test('does not start what would run too far into the next slot', () => {
    const slots = (lateMinutes: number) => [
      { at: '06:00', show: { pool: 'a' } },
      { at: '07:00', show: { channel: 'c1' }, lateMinutes },
      { at: '09:00', show: 'off' },
    ]
    assert.deepEqual(told({ slots: slots(14) }, 2), [
      '06:00 programme a1',
      '06:25 programme a2',
      '06:50 off',
      '07:00 live c1',
    ])
    assert.deepEqual(told({ slots: slots(15) }, 2), [
      '06:00 programme a1',
      '06:25 programme a2',
      '06:50 programme a3',
      '07:15 live c1',
    ])
  })

  test('starts the first programme of a slot that is too short, and one of a slot that bleeds', () => {
    const next = { at: '07:00', show: { channel: 'c1' } }
    assert.deepEqual(told({ slots: [{ at: '06:00', show: { pool: 'film' } }, next] }, 2), [
      '06:00 programme film',
      '07:35 live c1',
    ])
    assert.deepEqual(
      told({ slots: [{ at: '06:00', show: { pool: 'a' }, bleed: true }, next] }, 2).at(-1),
      '07:15 live c1',
    )
  })

  test('shows as many as the slot says, and again what another slot showed', () => {
    const slots = [
      { id: 'prime', at: '06:00', show: { pool: 'a' }, count: 2 },
      { at: '08:00', show: { rerunOf: 'prime' } },
      { at: '09:00', show: 'off' },
    ]
    assert.deepEqual(told({ slots }, 3.1), [
      '06:00 programme a1',
      '06:25 programme a2',
      '06:50 off',
      '08:00 programme a1',
      '08:25 programme a2',
      '08:50 off',
      '09:00 off',
    ])
    assert.deepEqual(told({ slots }, 1, START + DAY_MS)[0], '06:00 programme a3')
  })

  test('gives every marathon another series, and goes on in it where it was left', () => {
    const slots = [
      { at: '06:00', show: { pool: 'both' }, marathon: true },
      { at: '07:00', show: 'off' },
    ]
    const days = Array.from({ length: 4 }, (_, day) =>
      told({ slots }, 0.8, START + day * DAY_MS).map((line) => line.split(' ').at(-1)),
    )
    assert.deepEqual(days, [
      ['a1', 'a2'],
      ['b1', 'b2'],
      ['a3', 'a4'],
      ['b3', 'b1'],
    ])
  })

  test('breaks a padded programme at its own points, and comes back where it left', () => {
    const slots = [
      { at: '06:00', show: { pool: 'film' }, padToMinutes: 60, breaks: { max: 2 }, filler: ['ads'], count: 1 },
      { at: '08:00', show: 'off' },
    ]
    const doc = readChannelDoc({ id: 'rules', name: 'Rules', anchorDay: FIRST, pools, slots })
    const { items } = plan(doc, catalogue, START, START + 120 * MINUTE)
    const parts = items.filter(({ kind }) => kind === 'programme')
    assert.deepEqual(
      parts.map(({ inMs, start, stop }) => [inMs / MINUTE, (stop - start) / MINUTE]),
      [
        [0, 30],
        [30, 40],
        [70, 25],
      ],
    )
    // 25 minutes are left over: 12.5 for each break, of pieces of 30 and 45 seconds.
    const breaks = items.filter(({ kind }) => kind === 'break').reduce((sum, { start, stop }) => sum + stop - start, 0)
    assert.ok(breaks > 24 * MINUTE && breaks <= 25 * MINUTE)
    assert.equal(items.at(-1)?.stop, START + 120 * MINUTE)
  })

  test('puts bumpers around programmes and breaks', () => {
    const slots = [
      {
        at: '06:00',
        show: { pool: 'film' },
        count: 1,
        breaks: { max: 1, seconds: 90 },
        filler: ['ads'],
        bumpers: { before: 'idents', after: 'idents', intoBreak: 'idents', outOfBreak: 'idents' },
      },
      { at: '09:00', show: 'off' },
    ]
    assert.deepEqual(told({ slots }, 1.7).slice(0, 8), [
      '06:00 bumper ident',
      '06:00:05 programme film',
      '06:50:05 bumper ident',
      '06:50:10 break',
      '06:51:25 bumper ident',
      '06:51:30 programme film',
      '07:36:30 bumper ident',
      '07:36:35 filler',
    ])
  })

  test('follows the clock on the wall: what it leaves out comes later, what comes twice comes once', () => {
    const at = (zone: string, day: string): string[] => {
      const doc = readChannelDoc({
        id: 'clock',
        name: 'Clock',
        zone,
        anchorDay: '2026-01-01',
        pools,
        slots: [
          { at: '06:00', show: 'off' },
          { at: '02:30', show: { channel: 'c1' } },
        ],
      })
      const from = Date.parse(`${day}T00:00:00Z`) - DAY_MS / 2
      return plan(doc, catalogue, from, from + DAY_MS)
        .items.filter(({ kind }) => kind === 'live')
        .map(({ start, stop }) => `${new Date(start).toISOString().slice(5, 16)} ${(stop - start) / MINUTE}`)
    }
    assert.deepEqual(at('Europe/Berlin', '2026-03-29'), ['03-29T01:30 150'])
    assert.deepEqual(at('Europe/Berlin', '2026-10-25'), ['10-25T00:30 270'])
    assert.deepEqual(at('America/New_York', '2026-03-08'), ['03-08T07:30 150'])
  })

  test('holds to days of the week and dated ranges', () => {
    const slots = [
      { at: '06:00', show: 'off' },
      { at: '08:00', days: ['tue'], show: { channel: 'c2' } },
      { at: '08:00', from: '2026-01-08', until: '2026-01-09', show: { channel: 'c3' } },
    ]
    const days = Array.from({ length: 7 }, (_, day) =>
      told({ slots }, 1, START + day * DAY_MS + 120 * MINUTE)[0]?.slice(-2),
    )
    assert.deepEqual(days, ['ff', 'c2', 'ff', 'c3', 'c3', 'ff', 'ff'])
  })

  test('shows nothing, and does not fail, where a pool is empty', () => {
    assert.deepEqual(told({ pools: [{ id: 'none', items: ['lost', 'blink'] }] }, 1), ['06:00 off'])
    assert.deepEqual(told({ pools: [], slots: [] }, 1), ['06:00 off'])
    assert.deepEqual(told({ slots: [{ at: '06:00', show: { pool: 'none' }, filler: ['ads'] }] }, 1), ['06:00 filler'])
  })

  test('plays what is longer than a day to its end', () => {
    const [only] = plan(
      readChannelDoc({ id: 'x', name: 'X', anchorDay: FIRST, pools: [{ id: 'p', items: ['endless'] }] }),
      catalogue,
      START + 2 * DAY_MS,
      START + 2 * DAY_MS + MINUTE,
    ).items
    assert.equal(only?.start, START)
    assert.equal(only?.stop, START + 49 * 60 * MINUTE)
  })

  test('goes on in a pool after a revision, and keeps what is on until its end', () => {
    const revisions = [{ from: '2026-01-06', pools: [{ ...A, items: ['a1', 'a1x', 'a2', 'a3', 'a4'] }] }]
    const before = told({}, 24, START)
    const lines = told({ revisions }, 26, START)
    assert.deepEqual(lines.slice(0, before.length), before)
  })
})
