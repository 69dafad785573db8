import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StreamStatus } from '../../core/live/hub.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Change } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'

const running: StreamStatus = {
  channelId: fakeChannel(1).id,
  channelName: 'Channel 1',
  sourceId: sourceId('receiver'),
  streamId: streamId(sourceId('receiver'), 'item'),
  state: 'live',
  startedAt: 0,
  bytesIn: 1,
  bytesOut: 2,
  bitrateKbps: 3,
  continuityErrors: 0,
  clockJitterMs: null,
  bufferedMs: 0,
  firstByteMs: null,
  firstPictureMs: null,
  slate: null,
  switchCount: 0,
  switches: [],
  program: null,
  viewers: [],
}

/** A house whose changes the test makes. */
function changingHouse() {
  const listeners = new Set<(change: Change) => void>()
  const streams: StreamStatus[] = [running]
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    streams,
    gateway: {
      changes: {
        subscribe(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
    },
  })
  const tell = (change: Change): void => {
    for (const listener of listeners) listener(change)
  }
  return { house, streams, tell, listeners }
}

/** Reads events as text until so many have come. */
async function read(response: Response, count: number): Promise<readonly { event: string; data: unknown }[]> {
  assert.equal(response.headers.get('content-type')?.startsWith('text/event-stream'), true)
  assert.ok(response.body !== null)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.split('\n\n').length <= count) {
    const { value, done } = await reader.read()
    if (done) break
    text += value
  }
  await reader.cancel()
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event:'))
    .map((block) => ({
      event: /^event: ?(.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? 'null') as unknown,
    }))
}

test('GET /api/v1/events is for people who signed in', async () => {
  const { house } = changingHouse()
  assert.equal((await house.get('/api/v1/events', STRANGER)).status, 401)
})

test('GET /api/v1/events tells an admin of the line-up, what runs, what changes and what has ended', async () => {
  const { house, streams, tell, listeners } = changingHouse()
  const response = await house.get('/api/v1/events', { ...(await cookieOf(house, 'jo')), ...STRANGER })
  setTimeout(() => {
    streams.splice(0)
    tell({ kind: 'stream', channelId: running.channelId })
    tell({ kind: 'stream', channelId: running.channelId })
  }, 400)
  const events = await read(response, 3)
  assert.deepEqual(
    events.map(({ event }) => event),
    ['lineup', 'stream', 'stream-closed'],
  )
  assert.deepEqual(events[0]?.data, { revision: '7' })
  assert.ok(events[1] !== undefined)
  assert.equal((events[1].data as { state: string }).state, 'live')
  assert.deepEqual(events[2]?.data, { channelId: running.channelId })
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.equal(listeners.size, 0, 'a listener that has gone is forgotten')
})

test('GET /api/v1/events tells a viewer nothing of other viewers', async () => {
  const { house, tell } = changingHouse()
  const response = await house.get('/api/v1/events', { ...(await cookieOf(house, 'anna')), ...STRANGER })
  setTimeout(() => tell({ kind: 'stream', channelId: running.channelId }), 300)
  setTimeout(() => tell({ kind: 'lineup' }), 600)
  const events = await read(response, 2)
  assert.deepEqual(
    events.map(({ event }) => event),
    ['lineup', 'lineup'],
  )
})
