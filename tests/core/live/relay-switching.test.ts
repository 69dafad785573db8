import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { SlateFormat, SlateKind, SlateMaker } from '../../../core/live/slate.ts'
import { endless, fakeChannel, fakeHouse, fakeStream, settled, Watcher } from './fake-house.ts'
import { synthesize } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

const TWO = fakeChannel(1, [fakeStream('first'), fakeStream('second')])
const THREE = fakeChannel(1, [fakeStream('first'), fakeStream('second'), fakeStream('third')])

/** Loops of synthetic pictures; remembers what was asked for. */
function fakeSlates() {
  const asked: { kind: SlateKind; format: SlateFormat }[] = []
  const loop = { bytes: synthesize({ gops: 4, isBroadcast: false, clock: 123_456 }), durationMs: 4 * 12 * 40 }
  const slates: SlateMaker = {
    slate(kind, format) {
      asked.push({ kind, format })
      return Promise.resolve(loop)
    },
  }
  return { slates, asked }
}

/** A house in which somebody watches; `play` sends so many GOPs of the opening at hand. */
async function watching(channel = TWO, options: Parameters<typeof fakeHouse>[0] = {}) {
  const house = fakeHouse(options)
  const viewer = await house.watch(channel)
  let next = endless()
  const play = async (gops: number): Promise<void> => {
    for (let gop = 0; gop < gops; gop++) {
      house.opening().send(next(1))
      await house.time.advance(480)
    }
  }
  const begin = async (other: Parameters<typeof endless>[0] = {}): Promise<void> => {
    next = endless(other)
    house.opening().accept()
    await settled()
    await play(3)
  }
  const status = () => house.hub.streams()[0]
  return { ...house, viewer, play, begin, status }
}

const items = (openings: readonly { stream: { item: string } }[]): readonly string[] =>
  openings.map(({ stream }) => stream.item)

// ── slates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Relay shows a slate while it looks for another stream, without a fault and without another PMT', async () => {
  const { slates, asked } = fakeSlates()
  const { viewer, begin, opening, time, status } = await watching(TWO, { slates })
  await begin()
  assert.deepEqual(
    asked.map(({ kind }) => kind),
    ['switching'],
    'made before it is needed',
  )
  opening().end('live/ended')
  await time.advance(1400)
  assert.equal(status()?.slate, null)
  const before = viewer.bytes.length
  await time.advance(4000)
  assert.equal(status()?.slate, 'switching')
  assert.equal(status()?.state, 'switching')
  assert.ok(viewer.bytes.length > before + 15_000)
  await begin({ clock: 7_000_000_000, pids: { pmt: 0x90, video: 0x300, audio: 0x301 } })
  assert.equal(status()?.slate, null)
  assert.equal(status()?.state, 'live')
  const { faults, announced, pmtVersions } = judge(viewer.bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
  assert.equal(pmtVersions.length, 1)
})

test('Relay leaves the slate alone while a new stream is no picture yet, and when it never becomes one', async () => {
  const { slates } = fakeSlates()
  const { viewer, begin, opening, time, status } = await watching(THREE, { slates })
  await begin()
  opening().end('live/ended')
  await time.advance(2000)
  opening().accept()
  await settled()
  const scrambled = synthesize({ gops: 2 })
  for (let at = 0; at < scrambled.length; at += 188) scrambled[at + 3] = (scrambled[at + 3] ?? 0) | 0x80
  for (let turn = 0; turn < 8; turn++) {
    opening().send(scrambled)
    await time.advance(480)
    assert.equal(status()?.slate, 'switching')
  }
  assert.equal(opening().stream.item, 'third')
  await begin({ clock: 55 })
  assert.equal(status()?.state, 'live')
  assert.deepEqual(judge(viewer.bytes).faults, [])
})

test('Relay gives a slate at the start only to those who ask for one', async () => {
  const { slates } = fakeSlates()
  const { hub, watch, opening, begin, time, status } = await watching(TWO, { slates })
  const patient = await watch(TWO, new Watcher(), { slate: true })
  await time.advance(1000)
  assert.equal(status()?.slate, 'opening')
  assert.equal(patient.hasBody, true)
  assert.ok(patient.bytes.length > 10_000)
  const other = await watch(TWO)
  assert.equal(other.hasBody, false)
  await begin()
  assert.equal(other.hasBody, true)
  assert.deepEqual(judge(patient.bytes).faults, [])
  assert.deepEqual(judge(other.bytes).faults, [])
  assert.equal(judge(other.bytes).pmtVersions.length, 1, 'nothing of the slate')
  assert.equal(opening().isClosed, false)
  assert.equal(hub.stop(TWO.id), true)
})

test('Relay tries a channel again behind a slate that says why it cannot be opened, and tells the others the failure', async () => {
  const { slates } = fakeSlates()
  const house = fakeHouse({ slates })
  const { watch, opening, openings, time, hub } = house
  const patient = await watch(TWO, new Watcher(), { slate: true })
  const other = await watch(TWO)
  opening().refuse('live/no-signal')
  await settled()
  opening().refuse('live/no-signal')
  await time.advance(200)
  assert.equal(other.code, 'live/no-signal')
  assert.equal(hub.streams()[0]?.slate, 'off-air')
  assert.equal(hub.streams()[0]?.state, 'opening')
  await time.advance(29_000)
  assert.deepEqual(items(openings), ['first', 'second'])
  await time.advance(2000)
  assert.equal(openings.length, 3)
  const impatient = await watch(TWO)
  opening().accept()
  await settled()
  const next = endless()
  for (let gop = 0; gop < 3; gop++) {
    opening().send(next(1))
    await time.advance(480)
  }
  assert.equal(impatient.hasBody, true)
  assert.deepEqual(judge(patient.bytes).faults, [])
  patient.seat?.leave()
  impatient.seat?.leave()
  await time.advance(10_000)
  assert.equal(time.pending, 0)
})

test('Relay whose slate viewers have left closes, and opens nothing any more', async () => {
  const { slates } = fakeSlates()
  const { watch, opening, openings, time, hub } = fakeHouse({ slates })
  const patient = await watch(TWO, new Watcher(), { slate: true })
  opening().refuse('live/refused')
  await settled()
  opening().refuse('live/refused')
  await time.advance(500)
  patient.seat?.leave()
  await time.advance(60_000)
  assert.equal(openings.length, 2)
  assert.deepEqual(hub.streams(), [])
  assert.equal(time.pending, 0)
})

// ── the choice of a stream ─────────────────────────────────────────────────────────────────────────────────────────────

test('Relay advances once for each stream that ends, whatever is said of it afterwards', async () => {
  const { begin, opening, openings, time } = await watching(THREE)
  await begin()
  const first = opening()
  first.end('live/ended')
  first.end('live/stalled')
  await time.advance(100)
  assert.deepEqual(items(openings), ['first', 'second'])
})

test('Hub begins with another stream while the preferred one has failed lately, and goes back to it unseen', async () => {
  const { viewer, begin, opening, openings, time, watch, hub } = await watching(TWO)
  await begin()
  opening().end('live/stalled')
  await settled()
  await begin({ clock: 5 })
  viewer.seat?.leave()
  await time.advance(6000)
  assert.deepEqual(hub.streams(), [], 'lingered on the second choice')
  const again = await watch(TWO)
  assert.deepEqual(items(openings), ['first', 'second', 'second'])
  await begin({ clock: 500 })
  await time.advance(31_000 - 6000)
  again.seat?.leave()
  await settled()
  assert.deepEqual(hub.streams(), [], 'the first choice may be had again: no lingering on the second')
  await watch(TWO)
  assert.equal(opening().stream.item, 'first')
})

test('Hub.switchStream() goes on with the stream that was asked for, and back to the old one if that fails', async () => {
  const { viewer, begin, opening, openings, time, hub, status } = await watching(THREE)
  await begin()
  assert.equal(hub.switchStream(THREE.id, fakeStream('third').id), true)
  await settled()
  assert.deepEqual(items(openings), ['first', 'third'])
  assert.equal(openings[0]?.isClosed, true)
  await begin({ clock: 6_000_000_000 })
  const [change] = status()?.switches ?? []
  assert.deepEqual(
    { from: change?.from, to: change?.to, names: change?.names, code: change?.code },
    {
      from: fakeStream('first').id,
      to: fakeStream('third').id,
      names: ['first', 'third'],
      code: 'live/switched',
    },
  )
  assert.equal(hub.switchStream(THREE.id, null), true)
  await settled()
  assert.equal(opening().stream.item, 'first')
  opening().refuse('live/refused')
  await time.advance(100)
  assert.equal(opening().stream.item, 'third', 'nothing was wrong with it')
  await begin({ clock: 3_000_000_000 })
  assert.deepEqual(judge(viewer.bytes).faults, [])
  assert.equal(viewer.closed, undefined)
  assert.throws(
    () => hub.switchStream(THREE.id, fakeStream('elsewhere').id),
    (error) => error instanceof Failure && error.code === 'live/unknown-stream',
  )
  assert.equal(hub.switchStream(fakeChannel(9).id, null), false)
})

// ── room at a source ───────────────────────────────────────────────────────────────────────────────────────────────────

test('Hub waits a moment for somebody who zaps and whose old channel is not closed yet', async () => {
  const { viewer, begin, openings, time, watch } = await watching(fakeChannel(1), { tuners: 1 })
  await begin()
  const other = await watch(fakeChannel(2))
  await time.advance(300)
  assert.equal(openings.length, 1)
  viewer.seat?.leave()
  await time.advance(400)
  assert.equal(openings.length, 2)
  assert.equal(openings[0]?.isClosed, true)
  assert.equal(other.failure, null)
})

test('Hub takes a tuner from who has no precedence for who has, and from nobody else', async () => {
  const precedence = ({ user }: { user: string | null }): number =>
    user === 'living-room' ? 2 : user === 'bob' ? 1 : 0
  const { viewer, begin, openings, time, watch } = await watching(fakeChannel(1), { tuners: 1, precedence })
  await begin()
  const equal = await watch(fakeChannel(2), new Watcher(), { user: 'guest' })
  await time.advance(1000)
  assert.equal(equal.code, 'live/no-slot')
  const bob = await watch(fakeChannel(3), new Watcher(), { user: 'bob' })
  await time.advance(1200)
  assert.equal(viewer.closed, 'live/preempted')
  assert.equal(openings[0]?.isClosed, true)
  assert.equal(openings.at(-1)?.stream.item, 'item-3')
  await begin()
  await watch(fakeChannel(4), new Watcher(), { user: 'living-room' })
  await time.advance(1200)
  assert.equal(bob.closed, 'live/preempted')
  assert.equal(openings.at(-1)?.stream.item, 'item-4')
})

test('Hub asks a source again only when it has noticed that the connection before is closed', async () => {
  const rule = { sharesSlots: false, closingMs: 900 }
  const { viewer, begin, openings, time, watch } = await watching(fakeChannel(1), { tuners: 1, rule, lingerSeconds: 0 })
  await begin()
  viewer.seat?.leave()
  await time.advance(10)
  await watch(fakeChannel(2))
  await time.advance(800)
  assert.equal(openings.length, 1)
  await time.advance(200)
  assert.equal(openings.length, 2)
})

// ── held back ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Relay with a jitter buffer hides a stall and the change to another stream', async () => {
  const { viewer, begin, play, opening, time, status } = await watching(TWO, { bufferMs: () => 3000 })
  await begin()
  assert.equal(viewer.hasBody, false, 'held back')
  await play(8)
  assert.equal(viewer.hasBody, true)
  assert.ok((status()?.bufferedMs ?? 0) >= 2000)
  const before = viewer.bytes.length
  opening().end('live/ended')
  await time.advance(1000)
  assert.ok(viewer.bytes.length > before + 20_000, 'goes on from the buffer')
  await begin({ clock: 4_000_000_000 })
  await play(8)
  const { faults, announced } = judge(viewer.bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
})

// ── sources that are removed ───────────────────────────────────────────────────────────────────────────────────────────

test('Relay ends at once when none of its sources is there any more', async () => {
  const { viewer, begin, opening, openings, gone, hub } = await watching()
  await begin()
  gone.add(TWO.streams[0]?.sourceId ?? '')
  opening().end('live/ended')
  await settled()
  assert.deepEqual([viewer.closed, openings.length, hub.streams()], ['live/ended', 1, []])
})

test('Relay goes on with the streams of the sources that are left', async () => {
  const other = { ...fakeStream('other'), sourceId: sourceId('other') }
  const { viewer, begin, opening, openings, gone } = await watching(fakeChannel(1, [fakeStream('first'), other]))
  await begin()
  gone.add('receiver')
  opening().end('live/ended')
  await settled()
  assert.deepEqual([items(openings), viewer.closed], [['first', 'other'], undefined])
})

// ── switched off by the owner ──────────────────────────────────────────────────────────────────────────────────────────

test('Relay passes over a stream that was switched off while it plays, and comes back to none of it', async () => {
  let streams = THREE.streams
  const { begin, openings, opening, time, play, viewer } = await watching(THREE, { streams: () => streams })
  await begin()
  streams = streams.filter(({ item }) => item === 'third')
  await play(1)
  assert.deepEqual(items(openings), ['first'], 'who watches goes on watching')
  opening().end('live/ended')
  await time.advance(100)
  assert.deepEqual(items(openings), ['first', 'third'])
  opening().refuse('live/refused')
  await time.advance(20_000)
  assert.ok(
    items(openings)
      .slice(1)
      .every((item) => item === 'third'),
    String(items(openings)),
  )
  assert.ok(openings.length > 2)
  assert.equal(viewer.closed, undefined)
})

test('Relay does not open the only stream again that was switched off, and says why', async () => {
  const one = fakeChannel(1, [fakeStream('only')])
  let streams = one.streams
  const { begin, openings, opening, time, viewer } = await watching(one, { streams: () => streams })
  await begin()
  streams = []
  opening().end('live/ended')
  await time.advance(5000)
  assert.deepEqual([openings.length, viewer.closed], [1, 'live/all-off'])
})

test('Relay opens nothing of a channel whose streams are all off, and every viewer hears why', async () => {
  const { streams, ...channel } = fakeChannel(1)
  const { openings, viewer, hub } = await watching({ ...channel, streams: [], offStreams: streams })
  assert.deepEqual([openings.length, viewer.code, hub.streams().length], [0, 'live/all-off', 0])
})

test('Relay goes by hand to a stream that was switched on after it was opened, and never to one that is off', async () => {
  const [first, second] = TWO.streams
  assert.ok(first && second)
  let streams = [first]
  const { begin, openings, hub, time } = await watching({ ...TWO, streams: [first] }, { streams: () => streams })
  await begin()
  assert.throws(() => hub.switchStream(TWO.id, second.id), { code: 'live/unknown-stream' })
  streams = [first, second]
  hub.switchStream(TWO.id, second.id)
  await time.advance(100)
  assert.deepEqual(items(openings), ['first', 'second'])
})
