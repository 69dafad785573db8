import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StreamStatus } from '../../core/live/hub.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import type { Change, SourceStatus } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'
import { ownJobs } from '../fakes/memory-jobs.ts'

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

const panel: SourceStatus = {
  id: sourceId('panel'),
  kind: 'xtream',
  name: 'Panel',
  state: 'ready',
  slots: null,
  channels: 3,
  lastRefresh: null,
  problem: null,
  answered: true,
}

/** A house whose changes the test makes. */
function changingHouse() {
  const { jobs } = ownJobs()
  const sources: SourceStatus[] = [panel]
  const listeners = new Set<(change: Change) => void>()
  const streams: StreamStatus[] = [running]
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    streams,
    sources,
    gateway: {
      jobs,
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
  jobs.onChange((jobId) => tell({ kind: 'job', jobId }))
  return { house, streams, sources, jobs, tell, listeners }
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
  assert.deepEqual(events[2]?.data, { id: 'c1', channelId: running.channelId })
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

test('GET /api/v1/events tells an admin of jobs that run, of their progress and end, and of sources', async () => {
  const { house, streams, sources, jobs, tell } = changingHouse()
  streams.splice(0)
  const finish = Promise.withResolvers<void>()
  const wish = { kind: 'source-refresh', subject: 'panel', name: 'Panel', askedBy: null } as const
  await jobs.run({ ...wish, subject: 'old' }, async () => {}).done
  jobs.run(wish, () => finish.promise)
  const response = await house.get('/api/v1/events', { ...(await cookieOf(house, 'jo')), ...STRANGER })
  setTimeout(finish.resolve, 300)
  setTimeout(() => tell({ kind: 'source', sourceId: panel.id }), 600)
  setTimeout(() => {
    sources.splice(0)
    tell({ kind: 'source', sourceId: panel.id })
  }, 900)
  const events = await read(response, 5)
  const seen = events.map(({ event, data }) => [event, (data as { state?: string; id?: string }).state ?? null])
  assert.deepEqual(seen, [
    ['lineup', null],
    ['job', 'running'],
    ['job', 'done'],
    ['source', 'ready'],
    ['source-removed', null],
  ])
  assert.deepEqual(events.at(-1)?.data, { id: 'panel' })
})

test('GET /api/v1/events tells a viewer nothing of jobs and sources', async () => {
  const { house, jobs, tell } = changingHouse()
  jobs.run({ kind: 'guide-walk', subject: null, name: 'Guide', askedBy: null }, () => new Promise(() => {}))
  const response = await house.get('/api/v1/events', { ...(await cookieOf(house, 'anna')), ...STRANGER })
  setTimeout(() => tell({ kind: 'source', sourceId: panel.id }), 300)
  setTimeout(() => tell({ kind: 'lineup' }), 600)
  const events = await read(response, 2)
  assert.deepEqual(
    events.map(({ event }) => event),
    ['lineup', 'lineup'],
  )
})
