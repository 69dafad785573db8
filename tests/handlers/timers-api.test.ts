import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { TimerConflict } from '../../core/lineup/recording-timer.ts'
import { sourceId, streamId } from '../../core/lineup/stream.ts'
import { ADMIN, cookieOf, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'
import { aTimer, createFakeRecorder } from '../fakes/recorder.ts'

const START = Date.UTC(2026, 10, 22, 19, 15)
const show: Programme = {
  start: START,
  stop: START + 3_600_000,
  title: 'The Show',
  subtitle: 'Part 2',
  description: 'Long',
  categories: [],
  season: null,
  episode: null,
  repeat: false,
}

/** A channel that only a list has: no receiver tunes to it. */
const online = fakeChannel(3, {
  streams: [
    {
      id: streamId(sourceId('list'), 'three'),
      sourceId: sourceId('list'),
      item: 'three',
      name: 'Three',
      media: 'tv',
      serviceRef: null,
      programNumber: null,
      slotKey: 'three',
    },
  ],
})

async function aHouse(failure?: Failure) {
  const recorder = createFakeRecorder({
    timers: [aTimer({ id: 'late', beginsAt: START + 7_200_000, repeats: ['monday'] }), aTimer()],
  })
  const other = createFakeRecorder({
    timers: [aTimer({ id: 'x', beginsAt: START + 1000, serviceRef: null, channelName: 'Cable' })],
    ...(failure !== undefined && { failure }),
  })
  const recorders = [
    { id: sourceId('receiver'), name: 'Receiver', recorder },
    { id: sourceId('other'), name: 'Other', recorder: other },
  ]
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    lineup: { revision: '7', channels: [fakeChannel(1), fakeChannel(2), online], groups: [{ name: 'All', order: 0 }] },
    programmes: ({ id }) => (id === 'c1' ? [show] : []),
    gateway: { recorders },
  })
  const cookie = await cookieOf(house, 'Jo')
  const send = async (method: string, path: string, body?: unknown) => {
    const response =
      body === undefined ? await house.get(path, cookie, method) : await house.send(method, path, body, cookie)
    const text = await response.text()
    return { status: response.status, text, body: text === '' ? null : JSON.parse(text) }
  }
  return { house, cookie, recorder, other, send }
}

test('GET /api/v1/timers lists the timers of all receivers by their times, on both clocks', async () => {
  const { send } = await aHouse()
  const { status, body } = await send('GET', '/api/v1/timers')
  assert.equal(status, 200)
  assert.deepEqual(
    body.items.map(({ sourceId: source, id }: { sourceId: string; id: string }) => [source, id]),
    [
      ['receiver', 't1'],
      ['other', 'x'],
      ['receiver', 'late'],
    ],
  )
  assert.deepEqual(body.items[0], {
    sourceId: 'receiver',
    id: 't1',
    name: 'The Show',
    description: '',
    channelId: 'c1',
    channelName: 'Channel 1',
    begin: '2026-11-22T19:15:00.000Z',
    end: '2026-11-22T20:15:00.000Z',
    localBegin: '2026-11-22T20:15',
    localEnd: '2026-11-22T21:15',
    state: 'waiting',
    enabled: true,
    zap: false,
    repeats: [],
    tags: [],
    folder: null,
  })
  assert.deepEqual([body.items[1].channelId, body.items[1].channelName], [null, 'Cable'])
  assert.deepEqual(body.recorders[0], {
    id: 'receiver',
    name: 'Receiver',
    folders: ['/media/hdd/movie/'],
    tags: ['film'],
  })
})

test('GET /api/v1/timers names a receiver that does not answer beside the timers of the others', async () => {
  const { send } = await aHouse(new Failure('source/timeout', 'Too slow'))
  const { status, body } = await send('GET', '/api/v1/timers')
  assert.deepEqual([status, body.items.length, body.recorders.length], [200, 2, 1])
  assert.deepEqual([body.failed[0].sourceId, body.failed[0].code], ['other', 'source/timeout'])
})

test('GET /api/v1/timers is for everybody who may watch, edits are for admins', async () => {
  const { house, recorder } = await aHouse()
  const anna = { ...STRANGER, ...(await cookieOf(house, 'Anna')) }
  assert.equal((await house.get('/api/v1/timers', STRANGER)).status, 401)
  assert.equal((await house.get('/api/v1/timers', anna)).status, 200)
  for (const [method, path] of [
    ['POST', '/api/v1/timers'],
    ['PATCH', '/api/v1/timers/receiver/t1'],
    ['DELETE', '/api/v1/timers/receiver/t1'],
  ] as const) {
    assert.equal((await house.send(method, path, {}, anna)).status, 403)
    assert.equal((await house.send(method, path, {}, STRANGER)).status, 401)
  }
  assert.deepEqual(recorder.calls, [])
})

test('POST /api/v1/timers records a programme of the guide with its texts', async () => {
  const { send, recorder, house } = await aHouse()
  const wish = {
    channelId: 'c1',
    programme: new Date(START).toISOString(),
    tags: ['film'],
    folder: '/media/hdd/movie/',
  }
  const { status, body } = await send('POST', '/api/v1/timers', wish)
  assert.equal(status, 201)
  assert.deepEqual(recorder.calls, [
    {
      did: 'addProgramme',
      wish: {
        serviceRef: fakeChannel(1).streams[0]?.serviceRef,
        isZap: false,
        tags: ['film'],
        folder: '/media/hdd/movie/',
        start: START,
        stop: START + 3_600_000,
        name: 'The Show',
        description: 'Part 2',
      },
    },
  ])
  assert.deepEqual([body.id, body.channelId, body.begin], ['new', 'c1', '2026-11-22T19:14:00.000Z'])
  const logged = house.logged.find(({ event }) => event === 'timer-added')
  assert.deepEqual([logged?.facts['user'], logged?.facts['timerId']], ['Jo', 'new'])
})

test('POST /api/v1/timers records by times of the receiver or by instants', async () => {
  const { send, recorder } = await aHouse()
  const common = { channelId: 'c2', name: 'Mine' }
  const wall = {
    ...common,
    begin: '2026-11-22T20:15',
    end: '2026-11-22T21:15',
    repeats: ['monday', 'friday'],
    zap: true,
  }
  assert.equal((await send('POST', '/api/v1/timers', wall)).body.begin, '2026-11-22T19:15:00.000Z')
  const instants = { ...common, begin: '2026-11-22T19:15:00Z', end: '2026-11-22T20:15:00Z', enabled: false }
  assert.equal((await send('POST', '/api/v1/timers', instants)).status, 201)
  const wishes = recorder.calls.flatMap((call) => (call.did === 'add' ? call.wish : []))
  assert.deepEqual(
    wishes.map(({ begin, end, name, isEnabled, isZap, repeats }) => ({ begin, end, name, isEnabled, isZap, repeats })),
    [
      {
        begin: '2026-11-22T20:15',
        end: '2026-11-22T21:15',
        name: 'Mine',
        isEnabled: true,
        isZap: true,
        repeats: ['monday', 'friday'],
      },
      { begin: START, end: START + 3_600_000, name: 'Mine', isEnabled: false, isZap: false, repeats: [] },
    ],
  )
})

for (const { name, body, status, code } of [
  {
    name: 'a channel that there is not',
    body: { channelId: 'c99', programme: '2026-11-22T19:15:00Z' },
    status: 404,
    code: 'lineup/unknown-channel',
  },
  {
    name: 'a channel that no receiver tunes to',
    body: { channelId: 'c3', programme: '2026-11-22T19:15:00Z' },
    status: 409,
    code: 'timer/refused',
  },
  {
    name: 'a programme that the guide does not have',
    body: { channelId: 'c1', programme: '2026-11-22T19:16:00Z' },
    status: 409,
    code: 'timer/refused',
  },
  {
    name: 'a receiver that has no stream of the channel',
    body: { sourceId: 'other', channelId: 'c1', programme: '2026-11-22T19:15:00Z' },
    status: 409,
    code: 'timer/refused',
  },
  {
    name: 'a receiver that there is not',
    body: { sourceId: 'nobody', channelId: 'c1', programme: '2026-11-22T19:15:00Z' },
    status: 404,
    code: 'lineup/unknown-source',
  },
  { name: 'neither programme nor times', body: { channelId: 'c1' }, status: 400, code: 'http/bad-request' },
  {
    name: 'a day that there is not',
    body: { channelId: 'c1', name: 'x', begin: '2026-11-22T20:15', end: '2026-11-22T21:15', repeats: ['someday'] },
    status: 400,
    code: 'http/bad-request',
  },
  {
    name: 'an unknown key',
    body: { channelId: 'c1', programme: '2026-11-22T19:15:00Z', margin: 5 },
    status: 400,
    code: 'http/bad-request',
  },
]) {
  test(`POST /api/v1/timers refuses ${name}`, async () => {
    const { send, recorder } = await aHouse()
    const answer = await send('POST', '/api/v1/timers', body)
    assert.deepEqual([answer.status, answer.body.code, recorder.calls], [status, code, []])
  })
}

test('POST /api/v1/timers names the timers that are in the way', async () => {
  const conflict: TimerConflict = {
    name: 'Tatort',
    channelName: 'Das Erste',
    beginsAt: START,
    endsAt: START + 5_400_000,
  }
  const failure = new Failure('timer/conflict', 'Two timers need the same tuner', { conflicts: [conflict] })
  const other = createFakeRecorder({ failure })
  const house = fakeHouse({
    accounts: [ADMIN],
    programmes: () => [show],
    gateway: { recorders: [{ id: sourceId('receiver'), name: 'Receiver', recorder: other }] },
  })
  const wish = { channelId: 'c1', programme: '2026-11-22T19:15:00Z' }
  const response = await house.send('POST', '/api/v1/timers', wish, await cookieOf(house, 'Jo'))
  assert.deepEqual([response.status, response.headers.get('content-type')], [409, 'application/problem+json'])
  const { code, advice, conflicts } = await response.json()
  assert.equal(code, 'timer/conflict')
  assert.notEqual(advice, undefined)
  assert.deepEqual(conflicts, [
    { name: 'Tatort', channelName: 'Das Erste', begin: '2026-11-22T19:15:00.000Z', end: '2026-11-22T20:45:00.000Z' },
  ])
})

test('PATCH /api/v1/timers/{sourceId}/{id} changes what is named and nothing else, and answers the new id', async () => {
  const { send, recorder } = await aHouse()
  const { status, body } = await send('PATCH', '/api/v1/timers/receiver/t1', { enabled: false, channelId: 'c2' })
  assert.deepEqual([status, body.id, body.enabled, body.channelId], [200, 't1-changed', false, 'c2'])
  assert.deepEqual(recorder.calls, [
    {
      did: 'change',
      id: 't1',
      change: { serviceRef: fakeChannel(2).streams[0]?.serviceRef, isEnabled: false },
    },
  ])
})

test('PATCH and DELETE of a timer that there is not are 404', async () => {
  const { send, recorder } = await aHouse()
  for (const [method, path, code] of [
    ['PATCH', '/api/v1/timers/receiver/none', 'timer/unknown'],
    ['DELETE', '/api/v1/timers/receiver/none', 'timer/unknown'],
    ['PATCH', '/api/v1/timers/nobody/t1', 'lineup/unknown-source'],
    ['DELETE', '/api/v1/timers/nobody/t1', 'lineup/unknown-source'],
  ] as const) {
    const answer = await send(method, path, method === 'PATCH' ? { name: 'New' } : undefined)
    assert.deepEqual([answer.status, answer.body.code], [404, code])
  }
  assert.deepEqual(recorder.calls, [])
})

test('DELETE /api/v1/timers/{sourceId}/{id} removes a timer', async () => {
  const { send, recorder, house } = await aHouse()
  assert.deepEqual(await send('DELETE', '/api/v1/timers/receiver/t1'), { status: 204, text: '', body: null })
  assert.deepEqual(recorder.calls, [{ did: 'remove', id: 't1' }])
  assert.ok(house.logged.some(({ event, facts }) => event === 'timer-removed' && facts['timerId'] === 't1'))
})
