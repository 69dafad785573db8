import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { GuideAnswer, GuideProgramme } from '../../ui/src/guide/answers.ts'
import { cellAt, cellsOf } from '../../ui/src/guide/cells.ts'
import { openGuideTiles } from '../../ui/src/guide/guide-tiles.ts'
import { move } from '../../ui/src/guide/moves.ts'
import { daysAround, halfHours, instantOf, xOf } from '../../ui/src/guide/time-line.ts'

const HOUR = 3_600_000
const programme = (start: number, stop: number, title = 'News'): GuideProgramme => ({
  start,
  stop,
  title,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
  canReplay: false,
})

test('an instant is drawn where it is read', () => {
  const line = { from: 100 * HOUR, to: 200 * HOUR, hourWidth: 240 }
  assert.equal(xOf(line, 101.5 * HOUR), 360)
  assert.equal(instantOf(line, 360), 101.5 * HOUR)
})

test('days begin at midnight of this clock and are as long as they are', () => {
  const days = daysAround(new Date(2026, 10, 21, 20, 15).getTime(), { past: 1, ahead: 2 })
  assert.deepEqual(
    days.map((day) => [new Date(day).getDate(), new Date(day).getHours()]),
    [20, 21, 22, 23].map((date) => [date, 0]),
  )
})

test('the ruler has the half hours of a stretch, ends included', () => {
  assert.deepEqual(halfHours(10.2 * HOUR, 11.5 * HOUR), [10.5 * HOUR, 11 * HOUR, 11.5 * HOUR])
  assert.deepEqual(halfHours(10.1 * HOUR, 10.2 * HOUR), [])
})

test('a row has no holes and no overlaps, whatever the guide tells', () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 20 })), { maxLength: 12 })
  fc.assert(
    fc.property(spans, (told) => {
      const cells = cellsOf(
        told.map(([start, length]) => programme(start, start + length)),
        10,
        80,
      )
      assert.equal(cells[0]?.start, 10)
      assert.ok((cells.at(-1)?.stop ?? 0) >= 80)
      for (const [index, cell] of cells.entries()) {
        assert.ok(cell.stop > cell.start)
        if (index > 0) assert.equal(cell.start, cells[index - 1]?.stop)
      }
    }),
  )
})

test('a programme that two answers tell is drawn once', () => {
  const told = [programme(0, 60), programme(60, 90), programme(60, 90)]
  assert.deepEqual(
    cellsOf(told, 0, 120).map(({ start, stop, programme: one }) => [start, stop, one?.title ?? null]),
    [
      [0, 60, 'News'],
      [60, 90, 'News'],
      [90, 120, null],
    ],
  )
})

test('keys go from programme to programme and from channel to channel', () => {
  const cells = cellsOf([programme(0, 60), programme(60, 90)], 0, 120)
  assert.equal(cellAt(cells, 70)?.start, 60)
  const ground = { total: 100, page: 10, cells: () => cells, from: 0, to: 120 }
  assert.deepEqual(move('ArrowRight', { row: 3, at: 10 }, ground), { row: 3, at: 60 })
  assert.deepEqual(move('ArrowLeft', { row: 3, at: 70 }, ground), { row: 3, at: 59 })
  assert.deepEqual(move('ArrowLeft', { row: 3, at: 10 }, ground), { row: 3, at: 0 })
  assert.deepEqual(move('ArrowDown', { row: 3, at: 70 }, ground), { row: 4, at: 70 })
  assert.deepEqual(move('PageDown', { row: 95, at: 70 }, ground), { row: 99, at: 70 })
  assert.equal(move('x', { row: 3, at: 70 }, ground), null)
})

/** A gateway of 100 channels, each with a programme an hour, that notes what it was asked. */
function aGateway() {
  const asked: string[] = []
  const request = async (path: string): Promise<GuideAnswer> => {
    asked.push(path)
    const query = new URL(path, 'http://house').searchParams
    const offset = Number(query.get('offset'))
    const from = Date.parse(query.get('from') ?? '')
    return {
      revision: '1',
      total: 100,
      items: Array.from({ length: Math.min(30, 100 - offset) }, (_, index) => ({
        channelId: `c${offset + index + 1}`,
        number: String(offset + index + 1),
        name: `Channel ${offset + index + 1}`,
        hasLogo: false,
        ownLogo: null,
        programmes: Array.from({ length: 6 }, (__, hour) => programme(from + hour * HOUR, from + (hour + 1) * HOUR)),
      })),
    }
  }
  return { asked, request }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}

test('only tiles that are looked at are asked for, each once', async () => {
  const { asked, request } = aGateway()
  const tiles = openGuideTiles('News', () => 0, request)
  tiles.look({ first: 25, last: 40, from: 7 * HOUR, to: 10 * HOUR })
  await settle()
  tiles.look({ first: 25, last: 40, from: 7 * HOUR, to: 10 * HOUR })
  await settle()
  assert.equal(asked.length, 2)
  assert.ok(asked.every((path) => path.includes('group=News') && path.includes('limit=30')))
  assert.equal(tiles.total.value, 100)
  assert.equal(tiles.head(35)?.channelId, 'c36')
  assert.equal(tiles.head(70), null)
  assert.deepEqual(
    tiles.programmes(35, 7 * HOUR, 8 * HOUR).map(({ start }) => start / HOUR),
    [6, 7, 8, 9, 10, 11],
  )
  assert.ok(tiles.isKnown(35, 7 * HOUR, 8 * HOUR) && !tiles.isKnown(35, 11 * HOUR, 13 * HOUR))
})

test('a tile is asked for again when it is old, and everything after a change of the line-up', async () => {
  const { asked, request } = aGateway()
  let now = 0
  const tiles = openGuideTiles(null, () => now, request)
  const look = { first: 0, last: 10, from: 0, to: HOUR }
  tiles.look(look)
  await settle()
  now += 6 * 60_000
  tiles.look(look)
  await settle()
  assert.equal(asked.length, 2)
  tiles.reset()
  assert.equal(tiles.head(0), null)
  await settle()
  assert.equal(asked.length, 3)
})

test('a failure is told once and not repeated in a circle', async () => {
  let asked = 0
  const tiles = openGuideTiles(
    null,
    () => 0,
    async () => {
      asked++
      throw new TypeError('no network')
    },
  )
  tiles.look({ first: 0, last: 10, from: 0, to: 30 * HOUR })
  await settle()
  assert.ok(asked <= 2)
  assert.equal(tiles.problem.value?.status, 0)
})
