import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Failure } from '../../../core/errors.ts'
import type { RelayConsumer } from '../../../core/live/hub.ts'
import { endless, fakeChannel, fakeHouse, fakeStream, patched, settled, Watcher } from './fake-house.ts'
import { concat, synthesize } from './synthetic-ts.ts'
import { judge } from './ts-judge.ts'

const ONE = fakeChannel(1)
const SECOND_TRY = fakeChannel(1, [fakeStream('first'), fakeStream('second')])
const VIDEO = 0x1ff
const AUDIO = 0x200

const scrambled = (bytes: Uint8Array, pids = [VIDEO, AUDIO]): Uint8Array =>
  patched(bytes, (packet, pid) => {
    if (pids.includes(pid)) packet[3] = (packet[3] ?? 0) | 0x80
  })

/** A house in which somebody watches channel 1, and the way to go on with its programme. */
async function watching(channel = ONE, options: Parameters<typeof fakeHouse>[0] = {}) {
  const house = fakeHouse(options)
  const viewer = await house.watch(channel)
  house.opening().accept()
  await settled()
  const next = endless()
  const play = async (gops: number): Promise<void> => {
    for (let gop = 0; gop < gops; gop++) {
      house.opening().send(next(1))
      await house.time.advance(480)
    }
  }
  await play(2)
  return { ...house, viewer, next, play, state: () => house.hub.streams()[0]?.state ?? 'closed' }
}

/** What a strict receiver finds wrong; null packets count too. */
const faultsOf = ({ bytes }: Watcher): readonly string[] => judge(bytes).faults

const nullPackets = (bytes: Uint8Array): number => {
  let count = 0
  for (let at = 0; at < bytes.length; at += 188) if (bytes[at + 1] === 0x1f && bytes[at + 2] === 0xff) count += 1
  return count
}

// ── the way to a picture ───────────────────────────────────────────────────────────────────────────────────────────────

test('Hub.watch() asks for a body only when there is real television', async () => {
  const { watch, opening, time } = fakeHouse()
  const viewer = await watch(ONE)
  opening().accept()
  opening().send(new Uint8Array(500))
  await time.advance(200)
  assert.equal(viewer.hasBody, false)
  opening().send(synthesize())
  await time.advance(100)
  assert.ok(viewer.hasBody && viewer.seat !== null)
  assert.deepEqual(judge(viewer.bytes).order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
  assert.deepEqual(faultsOf(viewer), [])
})

test('Hub.watch() opens a channel once for a storm of viewers, who all get the same bytes', async () => {
  const { watch, opening, openings, time } = fakeHouse()
  const storm = await Promise.all(Array.from({ length: 100 }, () => watch(ONE)))
  opening().accept()
  await settled()
  opening().send(synthesize({ gops: 6 }))
  await time.advance(200)
  assert.equal(openings.length, 1)
  const [first] = storm
  assert.ok(first)
  assert.ok(first.bytes.length > 20_000)
  for (const { bytes } of storm) assert.deepEqual(bytes, first.bytes)
})

test('Hub.watch() takes bytes that come before the source says that it has opened', async () => {
  const { watch, opening, time } = fakeHouse()
  const viewer = await watch(ONE)
  opening().send(synthesize())
  opening().accept()
  await time.advance(100)
  assert.ok(viewer.seat)
})

test('Hub.watch() answers all who wait with the same failure when no stream works', async () => {
  const { watch, opening, openings } = fakeHouse()
  const waiting = [await watch(SECOND_TRY), await watch(SECOND_TRY)]
  opening().refuse('live/refused')
  await settled()
  assert.equal(openings.length, 2)
  opening().refuse('live/no-signal')
  await settled()
  assert.deepEqual(
    waiting.map(({ code }) => code),
    ['live/no-signal', 'live/no-signal'],
  )
  assert.equal(waiting[0]?.failure, waiting[1]?.failure)
  assert.equal(waiting[0]?.hasBody, false)
})

for (const { name, bytes, withinMs, code } of [
  { name: 'silence', bytes: new Uint8Array(), withinMs: 9000, code: 'live/silent' },
  { name: 'text', bytes: new Uint8Array(70_000).fill(0x20), withinMs: 500, code: 'live/not-mpeg-ts' },
  { name: 'another service', bytes: synthesize({ serviceId: 99 }), withinMs: 500, code: 'live/wrong-service' },
  { name: 'encryption', bytes: scrambled(synthesize()), withinMs: 5000, code: 'live/scrambled' },
  {
    name: 'a wrong key',
    bytes: patched(synthesize({ gops: 12 }), (packet, pid) => {
      if (pid === VIDEO || pid === AUDIO) for (let at = 12; at < 188; at++) packet[at] = (at * 31) & 255
    }),
    withinMs: 5000,
    code: 'live/scrambled',
  },
  {
    name: 'pictures that no decoder can start at',
    bytes: synthesize({ gops: 1, gopLength: 300 }).slice(20 * 188),
    withinMs: 17_000,
    code: 'live/silent',
  },
] as const) {
  test(`Hub.watch() says ${code} after ${name}`, async () => {
    const { watch, opening, openings, time } = fakeHouse()
    const viewer = await watch(ONE)
    for (let waited = 0; waited <= withinMs * 2 && viewer.failure === null; waited += 500) {
      opening().accept()
      await settled()
      if (bytes.length > 0) opening().send(bytes)
      await time.advance(500)
    }
    assert.equal(viewer.code, code)
    assert.ok(openings.every(({ isClosed }) => isClosed))
    // Encryption is tried once more, because the source may know another way.
    assert.equal(openings.length, code === 'live/scrambled' ? 2 : 1)
    assert.ok(time.now <= withinMs * openings.length + 500, `${time.now} ms`)
  })
}

test('Hub.watch() is not misled by a second track that is encrypted', async () => {
  const { watch, opening, time } = fakeHouse()
  const viewer = await watch(ONE)
  opening().accept()
  await settled()
  const late = scrambled(synthesize({ gops: 2, gopLength: 126 }), [AUDIO])
  for (let at = 188 * 20; at < late.length && viewer.seat === null; at += 188 * 60) {
    opening().send(late.slice(at, at + 188 * 60))
    await time.advance(700)
  }
  assert.ok(viewer.seat)
})

test('Relay tells a source why its stream failed before, and nothing about other streams', async () => {
  const { watch, opening, openings, time } = fakeHouse()
  await watch(SECOND_TRY)
  for (let tries = 0; tries < 2; tries++) {
    opening().accept()
    await settled()
    opening().send(scrambled(synthesize()))
    await time.advance(3200)
    opening().send(scrambled(synthesize()))
    await settled()
  }
  assert.deepEqual(
    openings.map(({ stream, previous }) => [stream.item, previous?.code ?? null]),
    [
      ['first', null],
      ['first', 'live/scrambled'],
      ['second', null],
    ],
  )
})

test('Hub.watch() gives a source up that neither opens nor refuses', async () => {
  const { watch, time } = fakeHouse()
  const viewer = await watch(ONE)
  await time.advance(61_000)
  assert.equal(viewer.code, 'source/timeout')
})

test('Hub.watch() opens nothing for somebody who has left already', async () => {
  const { watch, openings, hub } = fakeHouse()
  const viewer = new Watcher()
  viewer.abort.abort(new Error('gone'))
  await watch(ONE, viewer)
  assert.equal((viewer.failure as Error).message, 'gone')
  assert.deepEqual([openings.length, hub.streams().length], [0, 0])
})

test('Hub.watch() closes the opening when the last one who waits has left, and rejects with the reason', async () => {
  const { watch, opening, hub, time } = fakeHouse({ tuners: 1 })
  const [first, second] = [await watch(ONE), await watch(ONE)]
  first.abort.abort(new Error('zap'))
  await settled()
  assert.equal(opening().signal.aborted, false)
  second.abort.abort(new Error('zap'))
  await settled()
  assert.ok(opening().signal.aborted)
  assert.equal((second.failure as Error).message, 'zap')
  assert.deepEqual(hub.slots(opening().stream.sourceId), { total: 1, used: 0 })
  assert.equal(hub.streams().length, 0)
  assert.equal(time.pending, 0, 'no timer is left behind')
})

test('Relay closes an upstream that opens after everybody has left', async () => {
  const { watch, opening } = fakeHouse()
  const viewer = await watch(ONE)
  opening().accept()
  viewer.abort.abort()
  await settled()
  assert.ok(opening().isClosed)
})

// ── leaving, lingering, coming back ────────────────────────────────────────────────────────────────────────────────────

test('Relay lingers after its last viewer, and frees the tuner then', async () => {
  const { viewer, opening, hub, time, state } = await watching(ONE, { tuners: 2 })
  viewer.seat?.leave()
  viewer.seat?.leave()
  await time.advance(4900)
  assert.equal(state(), 'lingering')
  assert.equal(hub.slots(opening().stream.sourceId)?.used, 1)
  await time.advance(200)
  assert.equal(state(), 'closed')
  assert.ok(opening().isClosed)
  assert.equal(hub.slots(opening().stream.sourceId)?.used, 0)
  assert.equal(time.pending, 0)
})

test('Relay gives a viewer who comes while it lingers a clean start from memory', async () => {
  const { viewer, watch, openings, play, time, state } = await watching()
  viewer.seat?.leave()
  await play(6)
  const late = await watch(ONE)
  assert.ok(late.seat)
  assert.deepEqual(judge(late.bytes).order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
  assert.equal(state(), 'live')
  await play(10)
  assert.equal(openings.length, 1)
  assert.equal(time.now, 18 * 480, 'the old time limit is gone')
  assert.deepEqual(faultsOf(late), [])
})

test('Relay lets viewers join at any moment without a fault, also in the middle of a chunk', async () => {
  const { opening, watch, next, time } = await watching()
  const late: Watcher[] = []
  for (let gop = 0; gop < 6; gop++) {
    const bytes = next(1)
    for (let at = 0; at < bytes.length; at += 13 * 188) {
      opening().send(bytes.slice(at, at + 13 * 188))
      late.push(await watch(ONE))
      await time.advance(30)
    }
  }
  for (const viewer of late) {
    const { faults, announced, order } = judge(viewer.bytes)
    assert.deepEqual(faults, [])
    assert.equal(announced, 0)
    assert.deepEqual(order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
  }
})

test('Hub.stop() cuts all viewers and frees the tuner at once', async () => {
  const { viewer, hub, opening } = await watching()
  assert.equal(hub.stop(ONE.id), true)
  assert.equal(viewer.closed, 'live/stopped')
  assert.ok(opening().isClosed)
  assert.equal(hub.stop(ONE.id), false)
})

test('Hub.stopViewer() ends one viewer', async () => {
  const { viewer, hub, watch } = await watching()
  const other = await watch(ONE)
  assert.equal(hub.stopViewer(viewer.seat?.id ?? ''), true)
  assert.equal(viewer.closed, 'live/stopped')
  assert.equal(other.closed, undefined)
  assert.equal(hub.stopViewer('nobody'), false)
})

test('Hub ends everything when it is disposed of, and opens nothing any more', async () => {
  const { viewer, hub, opening, watch, time } = await watching()
  await hub[Symbol.asyncDispose]()
  assert.equal(viewer.closed, 'live/stopped')
  assert.ok(opening().isClosed)
  assert.equal(time.pending, 0)
  assert.equal((await watch(ONE)).code, 'live/stopped')
})

// ── fail-over ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Relay goes on with the next stream when one stalls, and keeps its viewers alive meanwhile', async () => {
  const { viewer, openings, opening, time, state, play } = await watching(SECOND_TRY)
  const before = viewer.bytes.length
  await time.advance(1400)
  assert.equal(viewer.bytes.length, before, 'a short silence is nothing')
  await time.advance(5500)
  assert.ok(nullPackets(viewer.bytes) >= 4 * 7, 'null packets from 2 s on')
  assert.equal(openings.length, 1)
  await time.advance(1500)
  assert.equal(state(), 'switching')
  assert.deepEqual(
    openings.map(({ stream, isClosed }) => [stream.item, isClosed]),
    [
      ['first', true],
      ['second', false],
    ],
  )
  opening().accept()
  await settled()
  await play(6)
  assert.equal(state(), 'live')
  assert.equal(viewer.closed, undefined)
  assert.deepEqual(faultsOf(viewer), [])
})

test('Relay joins another clock, other PIDs and an overlap to what was sent', async () => {
  for (const changes of [
    { clock: 5_000_000_000 },
    { clock: 900_000, pids: { pmt: 0x90, video: 0x300, audio: 0x301 } },
    { clock: 900_000 },
  ]) {
    const { viewer, opening, time } = await watching(SECOND_TRY)
    opening().end('live/ended')
    await settled()
    opening().accept()
    await settled()
    const again = endless(changes)
    const before = viewer.bytes.length
    for (let gop = 0; gop < 16; gop++) {
      opening().send(again(1))
      await time.advance(480)
    }
    const { faults, announced, pmtVersions, dts } = judge(viewer.bytes)
    assert.deepEqual(faults, [])
    assert.equal(announced, 0)
    assert.equal(pmtVersions.length, 1)
    assert.equal(dts.size, 2)
    assert.ok(viewer.bytes.length > before + 100_000)
  }
})

for (const { code, waits } of [
  { code: 'live/ended', waits: [1000, 2000, 4000, 4000] },
  { code: 'live/kicked', waits: [4000] },
] as const) {
  test(`Relay with one stream tries it again after ${waits.join(', ')} ms when it ends with ${code}`, async () => {
    const { openings, opening, time } = await watching()
    opening().end(code)
    await settled()
    for (const [index, wait] of waits.entries()) {
      assert.equal(openings.length, index + 1)
      await time.advance(wait - 20)
      assert.equal(openings.length, index + 1)
      await time.advance(20)
      assert.equal(openings.length, index + 2)
      opening().refuse('live/refused')
      await settled()
    }
  })
}

test('Relay lets its viewers go when nothing has come for 30 s', async () => {
  const { viewer, opening, time, state } = await watching()
  opening().end('live/ended')
  await settled()
  for (let waited = 0; waited < 31_000; waited += 500) {
    opening().refuse('live/refused')
    await time.advance(500)
    if (waited < 29_000) assert.equal(viewer.closed, undefined)
  }
  assert.equal(viewer.closed, 'live/refused')
  assert.equal(state(), 'closed')
})

test('Relay replaces a stream that becomes encrypted while bytes flow', async () => {
  const { viewer, openings, opening, next, time, state } = await watching(SECOND_TRY)
  for (let gop = 0; gop < 18; gop++) {
    if (openings.length === 1) opening().send(scrambled(next(1)))
    await time.advance(480)
  }
  assert.equal(openings.length, 2)
  assert.equal(state(), 'switching')
  assert.ok(nullPackets(viewer.bytes) > 0)
  assert.deepEqual(faultsOf(viewer), [])
})

test('Relay replaces a stream that turns into garbage', async () => {
  const { openings, opening } = await watching(SECOND_TRY)
  opening().send(new Uint8Array(70_000).fill(0x20))
  await settled()
  assert.equal(openings.length, 2)
})

test('Relay survives a stretch of encrypted packets and goes on at a key frame', async () => {
  const { viewer, openings, opening, next, play, time } = await watching()
  opening().send(scrambled(next(1)))
  await time.advance(480)
  await play(4)
  assert.equal(openings.length, 1)
  assert.deepEqual(faultsOf(viewer), [])
})

test('Relay whose viewers left while it was switching closes', async () => {
  const { viewer, opening, state } = await watching()
  opening().end('live/ended')
  await settled()
  assert.equal(state(), 'switching')
  viewer.seat?.leave()
  assert.equal(state(), 'closed')
})

test('Relay lets those who come while it is switching wait for the new picture', async () => {
  const { opening, watch, time, play } = await watching()
  opening().end('live/ended')
  await settled()
  const late = await watch(ONE)
  assert.equal(late.hasBody, false)
  await time.advance(1000)
  opening().accept()
  await settled()
  await play(4)
  assert.ok(late.seat)
  const { faults, announced, order } = judge(late.bytes)
  assert.deepEqual(faults, [])
  assert.equal(announced, 0)
  assert.deepEqual(order.slice(0, 3), ['PAT', 'PMT', String(VIDEO)])
})

// ── slots ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Hub never opens a source beyond its tuners', async () => {
  const { watch, openings, time } = await watching(ONE, { tuners: 1 })
  const other = await watch(fakeChannel(2))
  await time.advance(1000)
  assert.equal(other.code, 'live/no-slot')
  assert.equal(openings.length, 1)
})

test('Hub opens any number of channels of one transponder with one tuner', async () => {
  const { watch, openings, hub, opening } = await watching(fakeChannel(1, [fakeStream('a', 'tp')]), { tuners: 1 })
  await watch(fakeChannel(2, [fakeStream('b', 'tp')]))
  assert.equal(openings.length, 2)
  assert.deepEqual(hub.slots(opening().stream.sourceId), { total: 1, used: 1 })
})

test('Hub closes the lingering relay that was left first when its tuner is wanted', async () => {
  const house = fakeHouse({ tuners: 2 })
  const { watch, opening, openings, time, hub } = house
  const viewers: Watcher[] = []
  for (const key of [1, 2]) {
    viewers.push(await watch(fakeChannel(key)))
    opening().accept()
    await settled()
    opening().send(synthesize())
    await time.advance(100)
  }
  viewers[1]?.seat?.leave()
  await time.advance(500)
  viewers[0]?.seat?.leave()
  await watch(fakeChannel(3))
  assert.equal(openings[1]?.isClosed, true)
  assert.equal(openings[0]?.isClosed, false)
  assert.equal(openings.length, 2, 'the receiver gets a moment to notice')
  await time.advance(200)
  assert.equal(opening().stream.item, 'item-3')
  assert.deepEqual(hub.slots(opening().stream.sourceId), { total: 2, used: 2 })
})

test('Hub gives the tuner back when the viewer leaves while room is being made', async () => {
  const { viewer, watch, time, hub, openings, opening } = await watching(ONE, { tuners: 1 })
  viewer.seat?.leave()
  const late = await watch(fakeChannel(2))
  late.abort.abort()
  await time.advance(300)
  assert.equal(openings.length, 1)
  assert.deepEqual(hub.slots(opening().stream.sourceId), { total: 1, used: 0 })
  assert.equal(time.pending, 0)
})

// ── viewers ────────────────────────────────────────────────────────────────────────────────────────────────────────────

test('Relay ends a consumer that throws and nobody else', async () => {
  const { viewer, hub, play, state, logged } = await watching()
  let isArmed = false
  let ended: Failure | null = null
  const consumer: RelayConsumer = {
    program: () => {},
    chunk() {
      if (isArmed) throw new TypeError('A bug of the consumer')
    },
    end(failure) {
      ended = failure
    },
    viewers: () => [],
  }
  await hub.consume(ONE, consumer, new AbortController().signal)
  isArmed = true
  await play(2)
  assert.equal((ended as Failure | null)?.code, 'http/bug')
  assert.equal(state(), 'live')
  assert.equal(viewer.closed, undefined)
  assert.equal(logged.filter(({ event }) => event === 'viewer-broke').length, 1)
})

test('Hub.consume() gives the programme, the backlog and every chunk, joined without a hole', async () => {
  const { hub, play } = await watching()
  const seen: string[] = []
  let position = -1
  const seat = await hub.consume(
    ONE,
    {
      program: ({ streams }) => void seen.push(streams.map(({ codec }) => codec).join('+')),
      chunk(chunk) {
        if (position >= 0) assert.equal(chunk.position, position)
        position = chunk.position + chunk.bytes.length
        seen.push('chunk')
      },
      end: (failure) => void seen.push(String(failure)),
      viewers: () => [],
    },
    new AbortController().signal,
  )
  assert.deepEqual(seen.slice(0, 2), ['h264+ac3', 'chunk'])
  const before = seen.length
  await play(2)
  assert.ok(seen.length >= before + 2)
  seat.leave()
  const left = seen.length
  await play(1)
  assert.equal(seen.length, left)
})

test('Relay counts what it has sent, also to those who have left', async () => {
  const { viewer, hub, watch, play } = await watching()
  await watch(ONE)
  const before = hub.streams()[0]?.bytesOut ?? 0
  assert.equal(before, viewer.bytes.length * 2 - (viewer.bytes.length - (hub.streams()[0]?.viewers[1]?.bytesOut ?? 0)))
  viewer.seat?.leave()
  await play(1)
  assert.ok((hub.streams()[0]?.bytesOut ?? 0) > before)
})

/** A programme of 1 MB a GOP: pictures are stuffed with packets behind them. */
function heavy(gop: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  const counters = new Map<number, number>()
  for (let at = 0; at < gop.length; at += 188) {
    const packet = gop.slice(at, at + 188)
    parts.push(packet)
    const pid = (((packet[1] ?? 0) & 0x1f) << 8) | (packet[2] ?? 0)
    if (pid !== VIDEO) continue
    for (let more = 0; more < 150; more++) {
      const stuffed = new Uint8Array(188).fill(0x55)
      stuffed.set([0x47, VIDEO >> 8, VIDEO & 255, 0x10])
      parts.push(stuffed)
    }
  }
  const bytes = concat(...parts)
  return patched(bytes, (packet, pid) => {
    if (pid !== VIDEO || ((packet[3] ?? 0) & 0x10) === 0) return
    const counter = counters.get(pid) ?? 0
    counters.set(pid, (counter + 1) & 15)
    packet[3] = ((packet[3] ?? 0) & 0xf0) | counter
  })
}

test('Viewer who is slow loses whole packets beyond 8 MiB and goes on at a key frame behind an announcement', async () => {
  const { watch, opening, next, time, logged } = await watching()
  const slow = await watch(ONE)
  const quick = await watch(ONE)
  slow.room = 1
  for (let gop = 0; gop < 20; gop++) {
    opening().send(heavy(next(1)))
    await time.advance(480)
  }
  const stuck = slow.bytes.length
  assert.ok(quick.bytes.length - stuck > 12 * 1024 * 1024)
  assert.ok(logged.some(({ event, facts }) => event === 'viewer-slow' && Number(facts['droppedBytes']) > 8_000_000))
  slow.take(Infinity)
  const resumed = slow.bytes.subarray(stuck)
  const firstMedia = judge(resumed)
  assert.ok(firstMedia.announced > 0)
  for (let gop = 0; gop < 3; gop++) {
    opening().send(heavy(next(1)))
    await time.advance(480)
  }
  assert.deepEqual(faultsOf(slow), [])
  assert.deepEqual(faultsOf(quick), [])
  assert.equal(judge(quick.bytes).announced, 0)
  assert.equal(slow.closed, undefined)
})

test('Viewer who takes nothing for 15 s is let go, and nobody else', async () => {
  const { viewer, watch, play } = await watching()
  const still = await watch(ONE)
  still.room = 1
  await play(30)
  assert.equal(still.closed, undefined)
  await play(4)
  assert.equal(still.closed, 'live/viewer-stalled')
  assert.equal(viewer.closed, undefined)
})

test('Viewer who takes a little now and then is not let go', async () => {
  const { watch, play } = await watching()
  const slow = await watch(ONE)
  slow.room = 1
  for (let turn = 0; turn < 6; turn++) {
    await play(12)
    slow.take(1)
  }
  assert.equal(slow.closed, undefined)
  slow.take(Infinity)
  assert.deepEqual(faultsOf(slow), [])
})

// ── radio, and pictures that do not come ───────────────────────────────────────────────────────────────────────────────

test('Relay plays radio, with a start of up to two seconds from memory', async () => {
  const { watch, opening, time } = fakeHouse()
  const first = await watch(ONE)
  opening().accept()
  await settled()
  const next = endless({ isRadio: true })
  for (let piece = 0; piece < 10; piece++) {
    opening().send(next(1))
    await time.advance(480)
  }
  const second = await watch(ONE)
  await time.advance(100)
  for (const { bytes } of [first, second]) {
    const { faults, announced, order } = judge(bytes)
    assert.deepEqual(faults, [])
    assert.equal(announced, 0)
    assert.deepEqual(order, ['PAT', 'PMT', String(AUDIO)])
  }
  const started = judge(second.bytes).pcr
  const seconds = ((started.at(-1) ?? 0) - (started[0] ?? 0)) / 90_000
  assert.ok(seconds > 1.5 && seconds < 3, `${seconds} s`)
})

/** The programme without its pictures; their PID carries the clock alone. */
const withoutPicture = (bytes: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 188) {
    const packet = bytes.slice(at, at + 188)
    if (((((packet[1] ?? 0) & 0x1f) << 8) | (packet[2] ?? 0)) !== VIDEO) parts.push(packet)
    else if (((packet[3] ?? 0) & 0x20) !== 0 && ((packet[5] ?? 0) & 0x10) !== 0) parts.push(packet)
  }
  return patched(concat(...parts), (packet, pid) => {
    if (pid === VIDEO) {
      packet[3] = 0x20 | ((packet[3] ?? 0) & 15)
      packet[4] = 183
      packet[1] = (packet[1] ?? 0) & 0x1f
    }
  })
}

test('Relay starts with the sound alone when the picture has not come after 5 s, and says so', async () => {
  const { watch, opening, time, logged } = fakeHouse()
  const viewer = await watch(ONE)
  opening().accept()
  await settled()
  const next = endless()
  for (let gop = 0; gop < 10; gop++) {
    opening().send(withoutPicture(next(1)))
    await time.advance(480)
    assert.equal(viewer.hasBody, false)
  }
  for (let gop = 0; gop < 4; gop++) {
    opening().send(withoutPicture(next(1)))
    await time.advance(480)
  }
  assert.ok(viewer.seat)
  assert.equal(logged.find(({ event }) => event === 'relay-live')?.facts['soundAlone'], true)
  const { faults, order } = judge(viewer.bytes)
  assert.deepEqual(faults, [])
  assert.ok(order.includes(String(AUDIO)))
})
