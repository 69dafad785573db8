import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPastSessions } from '../../../adapters/lan/past/past-sessions.ts'
import { Failure } from '../../../core/errors.ts'
import type { PastRequest } from '../../../core/lineup/past.ts'
import { sourceId, streamId } from '../../../core/lineup/stream.ts'
import type { Stream } from '../../../core/lineup/stream.ts'
import type { VodFile } from '../../../core/lineup/vod.ts'
import { createFilePlays } from '../../../adapters/lan/file-plays.ts'
import { NO_ATTENDANCE } from '../../../core/live/attendance.ts'
import { createHub } from '../../../core/live/create-hub.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { settle, VirtualTime } from '../../fakes/virtual-time.ts'
import { failsWith } from '../sources/failure.ts'

const HOUR = 3_600_000
const WALL = Date.UTC(2026, 10, 21, 20, 20)

/** A channel that two sources have kept, the first for a day, the second for three. */
function house({ slots = 1 }: { readonly slots?: number } = {}) {
  const time = new VirtualTime()
  const asked: string[] = []
  const refusals = new Map<string, Failure>()
  let open = 0
  let mostOpen = 0
  const openPast = async ({ stream, span, range, signal }: PastRequest): Promise<VodFile> => {
    asked.push(`${stream.sourceId} ${(WALL - span.from) / HOUR} ${range?.first ?? ''}`.trim())
    const refusal = refusals.get(stream.sourceId)
    if (refusal !== undefined) throw refusal
    signal.throwIfAborted()
    open += 1
    mostOpen = Math.max(mostOpen, open)
    let isOpen = true
    const close = async (): Promise<void> => {
      await Promise.resolve()
      if (isOpen) open -= 1
      isOpen = false
    }
    const body = new ReadableStream<Uint8Array>({ pull: (c) => c.enqueue(new Uint8Array(188)) }, { highWaterMark: 0 })
    return { first: 0, last: null, size: null, partial: false, contentType: 'video/mp2t', body, close }
  }
  const streamOf = (source: string, pastHours: number): Stream => ({
    id: streamId(sourceId(source), '1'),
    sourceId: sourceId(source),
    item: '1',
    name: 'One',
    media: 'tv',
    serviceRef: null,
    programNumber: null,
    slotKey: '1',
    pastHours,
  })
  const channel = fakeChannel(1, { streams: [streamOf('a', 24), streamOf('b', 72)] })
  const rule = { slots: () => slots, sharesSlots: false, closingMs: 0, open: () => Promise.reject(new Error('none')) }
  const common = { now: () => time.now(), timers: time.timers, log: () => {}, lingerSeconds: 5 }
  const hub = createHub({ ...common, source: () => rule })
  const plays = createFilePlays({ attendance: NO_ATTENDANCE, now: common.now })
  const sessions = createPastSessions({ ...common, hub, plays, wallNow: () => WALL, opener: () => ({ openPast }) })
  const play = (hoursAgo: number, { player = 'tv', first = null as number | null } = {}): Promise<VodFile> =>
    sessions.open({
      channel,
      span: { from: WALL - hoursAgo * HOUR, to: WALL - hoursAgo * HOUR + HOUR },
      range: first === null ? null : { first, last: null },
      viewer: { user: null, address: '192.168.1.5', player },
      signal: new AbortController().signal,
    })
  const used = (source: string) => hub.slots(sourceId(source))?.used
  return { time, asked, refusals, channel, sessions, play, used, open: () => open, mostOpen: () => mostOpen }
}

test('a channel reaches as far back as the source that keeps the most', () => {
  const { sessions, channel } = house()
  const reaches = [-1, 1, 71, 73].map((hours) => sessions.reaches(channel, WALL - hours * HOUR))
  assert.deepEqual(reaches, [false, true, true, false])
})

test('a jump to another instant or place ends the connection before it, and keeps the seat', async () => {
  const { play, asked, used, open, mostOpen } = house()
  const first = await play(5)
  await first.body.getReader().read()
  await play(4)
  await play(4, { first: 1880 })
  assert.deepEqual([asked, open(), mostOpen(), used('a')], [['a 5', 'a 4', 'a 4 1880'], 1, 1, 1])
})

test('only sources that have kept the instant are asked', async () => {
  const { play, asked } = house()
  await play(30)
  assert.deepEqual(asked, ['b 30'])
  await assert.rejects(play(80), failsWith('live/no-past'))
  assert.equal(asked.length, 1)
})

test('what one source refuses the next one plays, and is asked first from then on', async () => {
  const { play, asked, refusals, open } = house()
  refusals.set('a', new Failure('live/refused', 'Not now'))
  await play(5)
  await play(4)
  assert.deepEqual([asked, open()], [['a 5', 'b 5', 'b 4'], 1])
})

test('the first failure is told when all sources refuse', async () => {
  const { play, refusals, used, time } = house()
  refusals.set('a', new Failure('source/login', 'Who are you?'))
  refusals.set('b', new Failure('live/refused', 'Not now'))
  await assert.rejects(play(5), failsWith('source/login'))
  await time.advance(6000)
  assert.deepEqual([used('a'), used('b')], [0, 0])
})

test('a part that there is not is no reason to ask another source', async () => {
  const { play, asked, refusals } = house()
  refusals.set('a', new Failure('vod/range', 'Shorter'))
  await assert.rejects(play(5, { first: 9 }), failsWith('vod/range'))
  assert.deepEqual(asked, ['a 5 9'])
})

test('another player needs a seat of its own, at the next source where the first has none', async () => {
  const { play, asked, time } = house()
  await play(5)
  // Somebody might just be zapping: each source is waited for.
  const second = play(5, { player: 'phone' })
  await settle()
  await time.advance(2000)
  await second
  const third = play(5, { player: 'third' })
  third.catch(() => {})
  await settle()
  for (const _ of ['a', 'b']) await time.advance(2000)
  await assert.rejects(third, failsWith('live/no-slot'))
  assert.deepEqual(asked, ['a 5', 'b 5'])
})

test('the seat is free again when the player has left for the time that it lingers', async () => {
  const { play, used, open, time } = house()
  const file = await play(5)
  await file.close()
  assert.deepEqual([open(), used('a')], [0, 1])
  await time.advance(5000)
  assert.equal(used('a'), 0)
})
