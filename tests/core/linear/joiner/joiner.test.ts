import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_HOUSE } from '../../../../core/linear/house-format.ts'
import type { Entry, Feed, Picture } from '../../../../core/linear/joiner/feed.ts'
import { gridUp, houseGrid } from '../../../../core/linear/joiner/house-grid.ts'
import { Joiner } from '../../../../core/linear/joiner/joiner.ts'

const GRID = houseGrid(DEFAULT_HOUSE)
const SILENCE = Uint8Array.of(0)

/** A feed that has all from `from` to `to`, under this number; `lacks` names places of sound that never come. */
function fakeFeed(number: number, from: number, to: number, lacks: (at: number) => boolean = () => false): Feed {
  const bytes = Uint8Array.of(number)
  return {
    isOver: true,
    picture(at): Picture | null {
      const place = Math.max(from, gridUp(at - GRID.picture / 2, GRID.picture))
      return place >= to ? null : { at: place, shownAt: place, isKey: place === from, bytes }
    },
    sound: (at) => [at < from || at >= to || lacks(at) ? null : bytes],
  }
}

type Sent = { readonly at: number; readonly from: number }

/** A joiner and what it has sent: places, and the number of the feed. */
function bench(from = 0): { joiner: Joiner; pictures: Sent[]; sound: Sent[] } {
  const pictures: Sent[] = []
  const sound: Sent[] = []
  const joiner = new Joiner({
    house: DEFAULT_HOUSE,
    from,
    sink: {
      picture: ({ at, bytes }) => void pictures.push({ at, from: bytes[0] ?? 0 }),
      sound: (_track, at, bytes) => void sound.push({ at, from: bytes[0] ?? 0 }),
    },
    silence: () => SILENCE,
  })
  return { joiner, pictures, sound }
}

test('Joiner fills every place of pictures and sound once, each from the feed that is on then', () => {
  const quanta = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 12 })
  const beats = fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 5, maxLength: 40 })
  fc.assert(
    fc.property(quanta, beats, (lengths, steps) => {
      let at = 0
      const entries: Entry[] = lengths.map((length, index) => {
        const from = at
        at += length * GRID.quantum
        // What is longer than its stretch is cut.
        return { from, feed: fakeFeed(index + 1, from, at + 50_000) }
      })
      const { joiner, pictures, sound } = bench()
      joiner.air(entries)
      let until = 0
      for (const step of steps) joiner.run((until += step))
      const expected = (place: number): number => entries.findLastIndex(({ from }) => from <= place) + 1
      const end = Math.min(until, at)
      for (const [sent, grid] of [
        [pictures, GRID.picture],
        [sound, GRID.sound],
      ] as const) {
        const places = sent.filter((one) => one.at < end)
        assert.equal(places.length, Math.ceil(end / grid))
        for (const [index, one] of places.entries()) {
          assert.equal(one.at, index * grid)
          assert.equal(one.from, expected(one.at))
        }
      }
    }),
  )
})

test('Joiner sends sound and pictures of the same time together', () => {
  const order: number[] = []
  const joiner = new Joiner({
    house: DEFAULT_HOUSE,
    from: 0,
    sink: { picture: ({ at }) => void order.push(at), sound: (_track, at) => void order.push(at) },
    silence: () => null,
  })
  joiner.air([{ from: 0, feed: fakeFeed(1, 0, 900_000) }])
  joiner.run(450_000)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
})

test('Joiner puts silence where a feed has no sound', () => {
  const { joiner, sound } = bench()
  joiner.air([{ from: 0, feed: fakeFeed(1, 0, 900_000, (at) => at >= 96_000 && at < 192_000) }])
  joiner.run(300_000)
  assert.deepEqual(
    sound.filter(({ from }) => from === 0).map(({ at }) => at),
    Array.from({ length: 50 }, (_, index) => 96_000 + index * GRID.sound),
  )
})

test('Joiner waits for what is not there yet, and says so', () => {
  const { joiner, pictures } = bench()
  let isThere = false
  const feed = fakeFeed(1, 0, 900_000)
  joiner.air([{ from: 0, feed: { ...feed, isOver: false, picture: (at) => (isThere ? feed.picture(at) : null) } }])
  assert.equal(joiner.run(90_000), false)
  assert.deepEqual(pictures, [])
  isThere = true
  assert.equal(joiner.run(90_000), true)
  assert.equal(pictures.length, 25)
})

test('Joiner begins with a picture, wherever the line begins', () => {
  const { joiner, pictures, sound } = bench()
  joiner.begin(GRID.quantum * 5)
  joiner.air([{ from: 0, feed: fakeFeed(1, 0, 9_000_000) }])
  joiner.run(GRID.quantum * 6)
  assert.equal(pictures[0]?.at, GRID.quantum * 5)
  assert.equal(sound[0]?.at, GRID.quantum * 5)
  joiner.begin(0)
  assert.ok(joiner.cursor > GRID.quantum * 5, 'what was sent cannot be taken back')
})

test('Joiner lets the last picture stand for a moment before the next feed, and waits where it would be long', () => {
  for (const { gap, goesOn } of [
    { gap: GRID.quantum, goesOn: true },
    { gap: GRID.quantum * 3, goesOn: false },
  ]) {
    const { joiner, pictures, sound } = bench()
    const next = GRID.quantum * 10
    joiner.air([
      { from: 0, feed: fakeFeed(1, 0, next - gap) },
      { from: next, feed: fakeFeed(2, next, next * 2) },
    ])
    joiner.run(next + GRID.quantum)
    assert.equal(
      pictures.some(({ from }) => from === 2),
      goesOn,
    )
    if (goesOn) assert.equal(sound.length, (next + GRID.quantum) / GRID.sound)
  }
})
