import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Tape } from '../../../core/live/tape.ts'
import { TapeShelf } from '../../../core/live/tape-shelf.ts'
import { memoryTapes } from '../../fakes/memory-tapes.ts'
import { settled } from './fake-house.ts'
import { concat } from './synthetic-ts.ts'
import { textsOf } from '../../fakes/notice-texts.ts'

const REEL = 1000

function openTape() {
  const { store, tapes, disk } = memoryTapes(REEL)
  const lost: string[] = []
  const tape = new Tape({
    file: store.open('c1'),
    reelBytes: REEL,
    onReel: () => {},
    onLost: (reason) => void lost.push(reason),
  })
  return { tape, tapes, disk, lost }
}

/** Bytes that differ from place to place. */
const sample = (length: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + (index >> 8)) & 255)

test('Tape.read() gives what was appended, whether the disk has it already or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (lengths, settledAt, a, b) => {
        const { tape, disk } = openTape()
        const parts = lengths.map((length, index) => sample(length, index))
        for (const [index, part] of parts.entries()) {
          if (index === settledAt) {
            await settled()
            disk.hangs = true
          }
          tape.append(part, 0)
        }
        const all = concat(...parts)
        const [from, to] = [Math.floor(Math.min(a, b) * all.length), Math.ceil(Math.max(a, b) * all.length)]
        assert.deepEqual(await tape.read(from, to - from), all.slice(from, to))
      },
    ),
  )
})

test('Tape.forget() deletes whole reels and nothing that is still wanted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 8 }), async (cuts) => {
      const { tape, tapes } = openTape()
      const all = sample(5000)
      for (let at = 0; at < all.length; at += 250) tape.append(all.subarray(at, at + 250), at)
      await settled()
      for (const cut of cuts) tape.forget(cut)
      const from = Math.min(Math.max(0, ...cuts), all.length)
      assert.equal(tape.from, from)
      assert.equal(tapes[0]?.dropped, Math.floor(from / REEL))
      assert.equal(tape.held, all.length - Math.floor(from / REEL) * REEL)
      assert.deepEqual(await tape.read(from, all.length - from), all.slice(from))
      if (from > 0) await assert.rejects(tape.read(from - 1, 1), RangeError)
    }),
  )
})

test('Tape.append() gives the tape up, and waits for nothing, when 8 MiB wait for the disk', async () => {
  const { tape, tapes, disk, lost } = openTape()
  disk.hangs = true
  const piece = new Uint8Array(1024 * 1024)
  for (let count = 0; count < 8; count++) tape.append(piece, 0)
  assert.deepEqual(lost, [])
  tape.append(piece, 0)
  tape.append(piece, 0)
  assert.deepEqual(lost, ['the disk is too slow'])
  assert.equal(tape.held, 0)
  assert.equal(tapes[0]?.isClosed, true)
  await assert.rejects(tape.read(0, 1), RangeError)
})

test('Tape.read() gives the tape up when the disk has lost something', async () => {
  const { tape, disk, lost } = openTape()
  tape.append(sample(500), 0)
  await settled()
  disk.unreadable = 'the folder is gone'
  await assert.rejects(tape.read(0, 100))
  assert.deepEqual(lost, ['the folder is gone'])
})

function openShelf(maxBytes: number) {
  const { store, tapes, disk } = memoryTapes(REEL)
  const logged: unknown[] = []
  const shelf = new TapeShelf({
    store,
    maxBytes,
    log: (_level, event, facts) => void logged.push([event, facts]),
    now: () => 0,
  })
  const open = (name: string): Tape => shelf.open({ name, channelName: name.toUpperCase(), facts: { channelId: name } })
  return { shelf, tapes, disk, open, logged }
}

test('TapeShelf deletes the oldest reel of all tapes where they take too much', async () => {
  const { shelf, open } = openShelf(6 * REEL)
  const [old, young] = [open('old'), open('young')]
  for (let reel = 0; reel < 3; reel++) old.append(sample(REEL), 100 + reel)
  for (let reel = 0; reel < 5; reel++) {
    young.append(sample(REEL), 200 + reel)
    await settled()
    assert.ok(shelf.held <= 6 * REEL)
  }
  // Its last reel is being written and cannot be given back.
  assert.deepEqual([old.from, young.from], [2 * REEL, 0])
  young.append(sample(REEL), 300)
  await settled()
  assert.deepEqual([old.from, young.from], [2 * REEL, REEL])
})

test('TapeShelf gives the newest tape up where there is no room for one reel each', async () => {
  const { shelf, open, logged } = openShelf(2 * REEL)
  const tapes = [open('a'), open('b'), open('c')]
  for (const tape of tapes) tape.append(sample(REEL), 0)
  await settled()
  assert.deepEqual(
    tapes.map(({ isOver }) => isOver),
    [false, false, true],
  )
  assert.deepEqual(logged, [['time-shift-lost', { channelId: 'c', reason: 'there is too little room on the disk' }]])
  assert.deepEqual(textsOf(shelf.notices()), ['Time shift of "C" was given up: there is too little room on the disk'])
})

test('TapeShelf gives room back where the disk becomes fuller than it may', async () => {
  const { shelf, open, disk } = openShelf(100 * REEL)
  const tape = open('a')
  for (let reel = 0; reel < 10; reel++) tape.append(sample(REEL), reel)
  await settled()
  assert.equal(shelf.held, 10 * REEL)
  disk.room = -4 * REEL
  tape.append(sample(REEL), 10)
  await settled()
  assert.equal(shelf.held, 7 * REEL)
})

test('TapeShelf.closeAll() deletes every tape', async () => {
  const { shelf, open, tapes } = openShelf(100 * REEL)
  open('a').append(sample(10), 0)
  open('b').append(sample(10), 0)
  await shelf.closeAll()
  assert.deepEqual(
    tapes.map(({ isClosed }) => isClosed),
    [true, true],
  )
  assert.equal(shelf.held, 0)
})
