import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DEFAULT_HOUSE } from '../../../../core/linear/house-format.ts'
import { houseGrid, houseProgram } from '../../../../core/linear/joiner/house-grid.ts'
import { ItemFeed } from '../../../../core/linear/joiner/item-feed.ts'
import { buildPat, buildPmt, packetize } from '../../../../core/live/psi.ts'
import { packPes } from '../../../../core/live/remux/pes-packets.ts'
import { add90k } from '../../../../core/live/timestamps.ts'
import { pictureOf, soundOf } from '../../../adapters/playout/fake-encoders.ts'

const GRID = houseGrid(DEFAULT_HOUSE)
const FROM = GRID.quantum * 1000
const PROGRAM = houseProgram(DEFAULT_HOUSE, [null])
const NAMES = new TextDecoder()

/** Packets of one encoder, whose clock begins at `clock`. Times are ticks from its beginning. */
class Encoder {
  readonly #clock: number
  readonly #counters = new Map<number, number>()

  constructor(clock = 900_000) {
    this.#clock = clock
  }

  tables(): Uint8Array {
    return Uint8Array.from([...packetize(buildPat(PROGRAM, 1), 0, 0), ...packetize(buildPmt(PROGRAM), 0x1000, 0)])
  }

  picture(at: number, { isKey = false, shownAt = at }: { isKey?: boolean; shownAt?: number } = {}): Uint8Array {
    const [pts90k, dts90k] = [add90k(this.#clock, shownAt), add90k(this.#clock, at)]
    return this.#pes({ kind: 'video', pts90k, dts90k, isRandomAccess: isKey, bytes: pictureOf(`p${at}`, isKey) })
  }

  /** `frames`: how many stand in one PES packet. */
  sound(at: number, frames = 1): Uint8Array {
    const time = add90k(this.#clock, at)
    const bytes = Array.from({ length: frames }, (_, index) => [...soundOf(`s${at + index * GRID.sound}`)]).flat()
    return this.#pes({ kind: 'audio', pts90k: time, dts90k: time, isRandomAccess: true, bytes: Uint8Array.from(bytes) })
  }

  #pes(unit: Omit<Parameters<typeof packPes>[0], 'pid' | 'streamType' | 'clock90k'>): Uint8Array {
    const [pid, streamType] = unit.kind === 'video' ? [0x100, 0x1b] : [0x101, 0x0f]
    const packets = packPes({ ...unit, pid, streamType, clock90k: null }, this.#counters.get(pid) ?? 0)
    this.#counters.set(pid, ((this.#counters.get(pid) ?? 0) + packets.length / 188) & 15)
    return packets
  }
}

const newFeed = (from = FROM): ItemFeed => new ItemFeed({ house: DEFAULT_HOUSE, audioTracks: 1 }, from)

const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

/** A second: a key frame at 0 and after `gop` pictures, sound beside it. */
function second(encoder: Encoder, gop = 25): Uint8Array {
  const parts = [encoder.tables()]
  let sound = 0
  for (let index = 0; index < 25; index++) {
    parts.push(encoder.picture(index * GRID.picture, { isKey: index % gop === 0 }))
    for (; sound < (index + 1) * GRID.picture; sound += GRID.sound) parts.push(encoder.sound(sound))
  }
  return join(parts)
}

test('ItemFeed puts an encoder at its place, wherever its clock begins and however its bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 33 - 1 }),
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }),
      (clock, cuts) => {
        const feed = newFeed()
        const bytes = second(new Encoder(clock))
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const length = cuts[turn % cuts.length] ?? 188
          feed.push(bytes.slice(at, at + length))
          at += length
        }
        feed.finish()
        for (let index = 0; index < 25; index++) {
          const at = FROM + index * GRID.picture
          const picture = feed.picture(at)
          assert.equal(picture?.at, at)
          assert.equal(picture?.shownAt, at)
          assert.ok(NAMES.decode(picture?.bytes).endsWith(`p${index * GRID.picture}`))
        }
      },
    ),
    { numRuns: 30 },
  )
})

test('ItemFeed gives the frame of sound of a place, and says which will not come', () => {
  const encoder = new Encoder()
  const feed = newFeed()
  feed.push(
    join([
      encoder.tables(),
      encoder.picture(0, { isKey: true }),
      encoder.picture(GRID.picture),
      encoder.sound(0),
      encoder.sound(GRID.sound * 3),
    ]),
  )
  const names = [0, 1, 2, 3].map((index) => feed.sound(FROM + index * GRID.sound)?.[0] ?? null)
  assert.deepEqual(
    names.map((name) => (name === null ? null : NAMES.decode(name.subarray(7)))),
    ['s0', null, null, `s${GRID.sound * 3}`],
  )
  assert.equal(feed.sound(FROM + 4 * GRID.sound), null, 'not there yet')
  feed.finish()
  assert.deepEqual(feed.sound(FROM + 4 * GRID.sound), [null])
})

test('ItemFeed takes packed sound apart, and leaves out what would come twice', () => {
  const encoder = new Encoder()
  const feed = newFeed()
  // AAC of encoders that cannot drop their priming frame begins before the picture.
  feed.push(join([encoder.tables(), encoder.sound(-GRID.sound), encoder.sound(0, 4), encoder.sound(GRID.sound * 2, 4)]))
  feed.push(join([encoder.picture(0, { isKey: true }), encoder.picture(GRID.picture)]))
  const names = [0, 1, 2, 3, 4, 5].map((index) => feed.sound(FROM + index * GRID.sound)?.[0] ?? new Uint8Array())
  assert.deepEqual(
    names.map((name) => NAMES.decode(name.subarray(7))),
    [0, 1, 2, 3, 4, 5].map((index) => `s${index * GRID.sound}`),
  )
})

test('ItemFeed keeps the order of pictures that are shown in another one than they are decoded in', () => {
  const house = { ...DEFAULT_HOUSE, mode: 'copy' } as const
  const feed = new ItemFeed({ house, audioTracks: 1 }, FROM)
  const encoder = new Encoder()
  const { picture: step } = GRID
  // I P B B, as FFmpeg copies them: the time of decoding two pictures before that of showing.
  const shown = [2, 5, 3, 4]
  const parts = shown.map((place, index) =>
    encoder.picture(index * step, { shownAt: place * step, isKey: index === 0 }),
  )
  feed.push(join([encoder.tables(), ...parts]))
  feed.finish()
  const pictures = shown.map((_, index) => feed.picture(FROM + index * step))
  assert.deepEqual(
    pictures.map((one) => [(one?.at ?? 0) - FROM, (one?.shownAt ?? 0) - FROM].map((time) => time / step)),
    [
      [0, 0],
      [1, 3],
      [2, 1],
      [3, 2],
    ],
  )
})

test('ItemFeed.entry() finds where a decoder can start, and forgets what lies before', () => {
  const feed = newFeed()
  feed.push(second(new Encoder(), 10))
  feed.finish()
  assert.equal(feed.entry(FROM + GRID.picture), FROM + 10 * GRID.picture)
  assert.equal(feed.entry(FROM + 21 * GRID.picture), null)
  assert.ok(feed.heldBytes < second(new Encoder(), 10).length / 5)
})

test('ItemFeed.restart() moves the newest place to start to where it is wanted', () => {
  const feed = newFeed()
  assert.equal(feed.restart(FROM), false)
  feed.push(second(new Encoder(), 10))
  feed.finish()
  const there = FROM + GRID.quantum * 7
  assert.equal(feed.restart(there), true)
  const first = feed.picture(there)
  assert.equal(first?.at, there)
  assert.ok(NAMES.decode(first?.bytes).endsWith(`p${20 * GRID.picture}`))
  assert.equal(feed.heldTo, there + 5 * GRID.picture)
})

test('ItemFeed follows an encoder over half of what the clock can tell', () => {
  const feed = newFeed()
  const encoder = new Encoder()
  feed.push(join([encoder.tables(), encoder.picture(0, { isKey: true })]))
  const jump = 2 ** 31
  for (let turn = 1; turn <= 5; turn++) feed.push(encoder.picture(turn * jump))
  feed.finish()
  assert.equal(feed.heldTo, FROM + 5 * jump + GRID.picture)
})

test('ItemFeed refuses what is no transport stream', () => {
  const feed = newFeed()
  feed.push(second(new Encoder()))
  assert.throws(() => feed.push(new Uint8Array(2000)), { code: 'live/not-mpeg-ts' })
})
