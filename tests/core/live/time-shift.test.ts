import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryTapes } from '../../fakes/memory-tapes.ts'
import { endless, fakeChannel, fakeHouse, settled, Watcher } from './fake-house.ts'
import type { Synthetic } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'
import { textsOf } from '../../fakes/notice-texts.ts'

const ONE = fakeChannel(1)
const VIDEO = 0x1ff
/** A synthetic GOP is half a second, less than its name says: 12 pictures of 40 ms. */
const GOP_MS = 480

/** A house that keeps ten minutes of what is watched; somebody watches channel 1. */
async function watching({
  content = {},
  minutes = 10,
  maxBytes = Infinity,
  reelBytes = 188 * 1000,
}: { content?: Synthetic; minutes?: number; maxBytes?: number; reelBytes?: number } = {}) {
  const tapes = memoryTapes(reelBytes)
  const house = fakeHouse({ shift: { store: tapes.store, minutes, maxBytes } })
  const viewer = await house.watch(ONE)
  house.opening().accept()
  await settled()
  const next = endless(content)
  const play = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds * 1000; passed += GOP_MS) {
      house.opening().send(next(1))
      await house.time.advance(GOP_MS)
    }
  }
  const rewind = (seconds: number, watcher = new Watcher()): Promise<Watcher> =>
    house.watch(ONE, watcher, { behindMs: seconds * 1000 })
  return { ...house, ...tapes, viewer, next, play, rewind }
}

/** The clock of the first picture, and of the last one, in seconds from the first of all: the clock of `endless` begins at 10 s. */
const secondsOf = ({ bytes }: Watcher): readonly [number, number] => {
  const dts = judge(bytes).dts.get(VIDEO) ?? []
  const seconds = (ticks: number | undefined): number => ((ticks ?? NaN) - 900_000 - 27_000) / 90_000
  return [seconds(dts[0]), seconds(dts.at(-1))]
}

/** Whether these packets are in the bytes, one behind the other. */
const includes = (bytes: Uint8Array, packets: Uint8Array): boolean => {
  const isAt = (at: number): boolean => packets.every((byte, index) => bytes[at + index] === byte)
  for (let at = 0; at + packets.length <= bytes.length; at += 188) if (isAt(at)) return true
  return false
}

for (const { name, content } of [
  { name: 'closed GOPs', content: {} },
  { name: 'open GOPs', content: { isOpen: true } },
] as const) {
  test(`Hub.watch() starts cleanly so far behind the others as asked: ${name}`, async () => {
    const { play, rewind } = await watching({ content })
    await play(60)
    const late = await rewind(40)
    await play(10)
    const [first, last] = secondsOf(late)
    // 60 s were played, then 10 more.
    assert.ok(first > 18.5 && first <= 20.5, `begins at ${first} s`)
    assert.ok(last > 29 && last < 33, `has come to ${last} s`)
    const { faults, order, announced } = judge(late.bytes)
    assert.deepEqual(faults, [])
    assert.deepEqual(order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
    assert.equal(announced, 0)
  })
}

test('Hub.watch() sends what is kept bit for bit as the others got it', async () => {
  const { play, rewind, viewer } = await watching()
  await play(30)
  const late = await rewind(20)
  await play(22)
  const tail = late.bytes.slice(-188 * 50)
  assert.ok(includes(viewer.bytes, tail))
})

test('Hub.watch() starts a radio programme behind the others, too', async () => {
  const { play, rewind } = await watching({ content: { isRadio: true } })
  await play(30)
  const late = await rewind(20)
  await play(3)
  assert.deepEqual(judge(late.bytes).faults, [])
  assert.ok(late.bytes.length > 188 * 20)
})

test('Hub.watch() begins at the oldest that there is where more is asked for', async () => {
  const { play, rewind } = await watching()
  await play(20)
  const late = await rewind(3600)
  await play(1)
  const [first] = secondsOf(late)
  assert.ok(first < 0.5, `begins at ${first} s`)
})

test('Hub.watch() begins live where nothing is kept yet', async () => {
  const { hub, rewind, play } = await watching()
  await play(0.4)
  const late = await rewind(300)
  await play(2)
  assert.deepEqual(judge(late.bytes).faults, [])
  assert.equal(hub.streams()[0]?.viewers[1]?.delayMs, 0)
})

test('Hub.streams() shows a viewer who is behind, and how far', async () => {
  const { hub, play, rewind, openings } = await watching()
  await play(60)
  await rewind(40)
  await play(10)
  const [, late] = hub.streams()[0]?.viewers ?? []
  assert.ok(late && (late.delayMs ?? 0) > 37_000 && (late.delayMs ?? 0) <= 41_500, String(late?.delayMs))
  assert.equal(openings.length, 1)
})

test('Hub.watch() keeps the channel open for a viewer who is behind, and forgets all when the last one has left', async () => {
  const { hub, play, rewind, viewer, tapes, time } = await watching()
  await play(20)
  const late = await rewind(10)
  viewer.seat?.leave()
  await play(8)
  assert.equal(hub.streams()[0]?.state, 'live')
  assert.equal(tapes[0]?.isClosed, false)
  late.seat?.leave()
  await time.advance(6000)
  assert.equal(hub.streams().length, 0)
  assert.equal(tapes[0]?.isClosed, true)
  assert.equal(time.pending, 0)
})

test('A viewer who is behind takes no more than there is room for, and goes on where it was', async () => {
  const { play, rewind } = await watching()
  await play(40)
  const slow = new Watcher()
  slow.room = 1
  await rewind(30, slow)
  await play(8)
  const before = slow.bytes.length
  assert.ok(before > 0 && before < 1_000_000)
  slow.take(Infinity)
  await play(10)
  const { faults, announced } = judge(slow.bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
})

test('A viewer who is behind and takes nothing for 15 s is let go', async () => {
  const { play, rewind } = await watching()
  await play(30)
  const dead = new Watcher()
  dead.room = 1
  await rewind(20, dead)
  await play(18)
  assert.equal(dead.closed, 'live/viewer-stalled')
})

test('A viewer whom the buffer overtakes goes on at its oldest place, behind an announced break', async () => {
  const { hub, play, rewind } = await watching({ minutes: 1, reelBytes: 188 * 100 })
  await play(70)
  const slow = await rewind(58)
  await play(4)
  // Paused for less than what lets a viewer go.
  slow.room = 1
  await play(14)
  slow.take(Infinity)
  await play(4)
  const { faults, announced, dts } = judge(slow.bytes)
  assert.deepEqual(faults, [])
  assert.ok(announced > 0)
  const steps = (dts.get(VIDEO) ?? []).map((time, index, all) => time - (all[index - 1] ?? time))
  assert.equal(steps.filter((step) => step > 90_000).length, 1)
  assert.ok((hub.streams()[0]?.viewers[1]?.droppedBytes ?? 0) > 0)
})

test('A viewer who has come to the end of what is kept goes on as it comes', async () => {
  const { play, rewind } = await watching()
  await play(10)
  const late = await rewind(2)
  await play(20)
  assert.deepEqual(judge(late.bytes).faults, [])
  const [, last] = secondsOf(late)
  assert.ok(last > 26, `has come to ${last} s`)
})

test('Time shift keeps no more than its minutes', async () => {
  const { play, rewind, tapes } = await watching({ minutes: 1, reelBytes: 188 * 100 })
  await play(90)
  const late = await rewind(85)
  await play(1)
  const [first] = secondsOf(late)
  assert.ok(first > 30 && first < 45, `begins at ${first} s`)
  assert.ok((tapes[0]?.dropped ?? 0) > 0)
})

test('Time shift keeps no more than its bytes in the whole house', async () => {
  const maxBytes = 188 * 1000
  const { play, tapes, rewind } = await watching({ maxBytes, reelBytes: 188 * 200 })
  await play(100)
  const [tape] = tapes
  assert.ok(tape)
  const written = tape.parts.reduce((sum, { length }) => sum + length, 0)
  assert.ok(written > 2 * maxBytes)
  assert.ok(written - tape.dropped * 188 * 200 <= maxBytes + 188 * 200)
  const late = await rewind(90)
  await play(2)
  assert.deepEqual(judge(late.bytes).faults, [])
})

test('Time shift makes room where others fill the disk', async () => {
  const { play, tapes, disk, rewind, viewer } = await watching({ reelBytes: 188 * 200 })
  await play(60)
  assert.equal(tapes[0]?.dropped, 0)
  disk.room = -188 * 500
  await play(20)
  assert.ok((tapes[0]?.dropped ?? 0) > 0 || tapes[0]?.isClosed)
  const late = await rewind(5)
  await play(3)
  assert.deepEqual(judge(late.bytes).faults, [])
  assert.deepEqual(judge(viewer.bytes).faults, [])
})

test("Time shift is given up with one line when the disk is full, and nobody's picture suffers", async () => {
  const { play, rewind, viewer, disk, logged, timeShift, hub, time } = await watching()
  await play(20)
  const late = await rewind(15)
  await play(2)
  disk.refuses = 'the disk is full'
  await play(6)
  assert.deepEqual(judge(viewer.bytes).faults, [])
  assert.deepEqual(judge(late.bytes).faults, [])
  assert.equal(judge(late.bytes).announced > 0, true)
  assert.equal(hub.streams()[0]?.viewers[1]?.delayMs, 0)
  const lines = logged.filter(({ event }) => event === 'time-shift-lost')
  assert.deepEqual(
    lines.map(({ facts }) => facts['reason']),
    ['the disk is full'],
  )
  assert.deepEqual(textsOf(timeShift?.notices() ?? []), ['Time shift of "Channel 1" was given up: the disk is full'])
  time.now += 3_700_000
  assert.deepEqual(timeShift?.notices(), [])
})

test('A viewer who is behind joins the others when the disk can no longer be read', async () => {
  const { play, rewind, disk, logged } = await watching()
  await play(60)
  const late = await rewind(50)
  await play(3)
  disk.unreadable = 'the folder is gone'
  await play(10)
  const { faults, announced } = judge(late.bytes)
  assert.deepEqual(faults, [])
  assert.ok(announced > 0)
  const [, last] = secondsOf(late)
  assert.ok(last > 69, `has come to ${last} s`)
  assert.equal(logged.filter(({ event }) => event === 'time-shift-lost').length, 1)
})

test('Hub.stopViewer() ends a viewer who is behind', async () => {
  const { hub, play, rewind, time } = await watching()
  await play(30)
  const late = await rewind(20)
  assert.equal(hub.stopViewer(late.seat?.id ?? ''), true)
  assert.equal(late.closed, 'live/stopped')
  const before = late.bytes.length
  await play(5)
  assert.equal(late.bytes.length, before)
  await hub[Symbol.asyncDispose]()
  assert.equal(time.pending, 0)
})

test('A viewer who is behind plays on while the source is silent', async () => {
  const { play, rewind, time, hub } = await watching()
  await play(60)
  const late = await rewind(40)
  await time.advance(5000)
  const [, last] = secondsOf(late)
  assert.ok(last > 24, `has come to ${last} s`)
  assert.equal(hub.streams()[0]?.viewers.length, 2)
})
