import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import { jobId } from '../../core/jobs/job.ts'
import { EMPTY_STORED_LINEUP } from '../../core/lineup/stored.ts'
import type { Programme } from '../../core/guide/programme.ts'
import { sourceId, streamHandle, streamId } from '../../core/lineup/stream.ts'
import type { StreamStatus } from '../../core/live/hub.ts'
import type { Admin, SourceStatus } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeChannel, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'
import type { FakeHouse } from '../fakes/gateway.ts'
import { ownJobs } from '../fakes/memory-jobs.ts'

const stream: StreamStatus = {
  channelId: fakeChannel(1).id,
  channelName: 'Channel 1',
  sourceId: sourceId('receiver'),
  streamId: streamId(sourceId('receiver'), 'item'),
  state: 'live',
  startedAt: Date.UTC(2026, 10, 21, 20, 15),
  bytesIn: 1000,
  bytesOut: 2000,
  bitrateKbps: 8000,
  continuityErrors: 1,
  clockJitterMs: 4,
  bufferedMs: 0,
  firstByteMs: 120,
  firstPictureMs: 480,
  slate: null,
  switchCount: 0,
  switches: [],
  program: null,
  viewers: [{ id: 'v1', mode: 'ts', user: 'Anna', address: '192.168.1.20', bytesOut: 2000 }],
}
const source: SourceStatus = {
  id: sourceId('receiver'),
  kind: 'enigma2',
  name: 'Box "living room"',
  state: 'failing',
  slots: { total: 2, used: 1 },
  channels: 120,
  lastRefresh: Date.UTC(2026, 10, 21, 12),
  problem: new Failure('source/unreachable', 'Cannot reach http://root:hunter2@192.168.1.20/'),
  answered: true,
}

/** A desk that writes down at which revision it was asked to edit. */
const deskOf = (done: unknown[]): Admin['lineup'] => ({
  stored: () => EMPTY_STORED_LINEUP,
  priority: [],
  inspect: () => Promise.reject(new Error('Nothing is asked of it here')),
  preview: () => Promise.resolve({ changed: 0, added: 0, removed: 0, rows: [] }),
  apply: (_, revision) => (done.push(['apply', revision]), Promise.resolve()),
  undo: (revision) => (done.push(['undo', revision]), Promise.resolve()),
})

/** An admin's hands that write down what they did. */
function hands(changes: Partial<Admin> = {}) {
  const done: unknown[] = []
  const admin: Admin = {
    stopStream: (channel) => (done.push(['stop', channel.id]), true),
    switchStream: (channel, stream) => (done.push(['switch', channel.id, stream]), true),
    stopViewer: (id) => (done.push(['stopViewer', id]), id === 'v1'),
    refreshSource: (id, options) => (done.push(['refresh', id, options]), jobId('j1')),
    lineup: deskOf(done),
    ...changes,
  }
  return { done, admin }
}

async function signedIn(house: FakeHouse = {}, name = 'jo') {
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], ...house })
  return { house: made, cookie: await cookieOf(made, name) }
}

const ADMIN_ROUTES: readonly (readonly [string, string])[] = [
  ['GET', '/api/v1/tokens'],
  ['POST', '/api/v1/tokens'],
  ['DELETE', '/api/v1/tokens/abc'],
  ['GET', '/api/v1/streams'],
  ['DELETE', '/api/v1/streams/c1'],
  ['DELETE', '/api/v1/streams/c1/viewers/v1'],
  ['POST', '/api/v1/sources/demo/test'],
  ['POST', '/api/v1/sources/receiver/refresh'],
  ['PATCH', '/api/v1/channels/c1'],
  ['POST', '/api/v1/channels/bulk'],
  ['GET', '/api/v1/channels/proposals'],
  ['POST', '/api/v1/channels/proposals/accept'],
  ['GET', '/api/v1/channels/c1/streams'],
  ['PUT', '/api/v1/channels/c1/streams'],
  ['POST', '/api/v1/channels/c1/split'],
  ['POST', '/api/v1/channels/c1/join'],
  ['POST', '/api/v1/groups'],
  ['PUT', '/api/v1/groups'],
  ['PATCH', '/api/v1/groups/All'],
  ['DELETE', '/api/v1/groups/All'],
  ['GET', '/api/v1/selections/kids'],
  ['PUT', '/api/v1/selections/kids'],
  ['DELETE', '/api/v1/selections/kids'],
  ['GET', '/api/v1/rules'],
  ['GET', '/api/v1/jobs'],
  ['DELETE', '/api/v1/jobs/j1'],
  ['PUT', '/api/v1/rules'],
  ['POST', '/api/v1/lineup/undo'],
]
for (const [method, path] of ADMIN_ROUTES) {
  test(`${method} ${path} is for admins only`, async () => {
    const { done, admin } = hands()
    const { house, cookie } = await signedIn({ gateway: { admin }, sources: [source] }, 'anna')
    assert.equal((await house.get(path, {}, method)).status, 401)
    assert.equal((await house.get(path, cookie, method)).status, 403)
    assert.deepEqual(done, [])
  })
}

test('GET /api/status is full on this machine and for admins, short for who may watch, closed for strangers', async () => {
  const { house, cookie } = await signedIn({ sources: [source], streams: [stream] })
  const full = await (await house.get('/api/status')).json()
  assert.deepEqual(full, {
    version: '1.2.3',
    runtime: 'test 1',
    uptimeSeconds: 90,
    sources: [
      {
        id: 'receiver',
        kind: 'enigma2',
        name: 'Box "living room"',
        state: 'failing',
        slots: { total: 2, used: 1 },
        channels: 120,
        lastRefresh: '2026-11-21T12:00:00.000Z',
        problem: {
          type: 'urn:downlink:problem:source/unreachable',
          title: 'The source does not answer',
          status: 502,
          detail: 'Cannot reach …',
          code: 'source/unreachable',
          advice: 'Is it switched on and is its address right?',
        },
      },
    ],
    streams: [
      {
        id: 'c1',
        kind: 'live',
        channelId: 'c1',
        channelName: 'Channel 1',
        sourceId: 'receiver',
        streamId: streamHandle(streamId(sourceId('receiver'), 'item')),
        state: 'live',
        startedAt: '2026-11-21T20:15:00.000Z',
        bytesIn: 1000,
        bytesOut: 2000,
        bitrateKbps: 8000,
        continuityErrors: 1,
        clockJitterMs: 4,
        bufferedMs: 0,
        firstByteMs: 120,
        firstPictureMs: 480,
        slate: null,
        switchCount: 0,
        switches: [],
        viewers: [
          {
            id: 'v1',
            mode: 'ts',
            quality: 'original',
            user: 'Anna',
            address: '192.168.1.20',
            player: null,
            bytesOut: 2000,
            delayMs: null,
            droppedBytes: null,
          },
        ],
      },
    ],
    transcode: null,
    notices: [],
  })
  assert.deepEqual(await (await house.get('/api/status', { ...cookie, ...STRANGER })).json(), full)
  const viewer = { ...(await cookieOf(house, 'anna')), ...STRANGER }
  assert.deepEqual(await (await house.get('/api/status', viewer)).json(), { version: '1.2.3', uptimeSeconds: 90 })
  assert.equal((await house.get('/api/status', STRANGER)).status, 401)
})

test('GET /metrics is Prometheus text for this machine and for API tokens', async () => {
  const house = fakeHouse({ sources: [source], streams: [stream] })
  const response = await house.get('/metrics')
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n')
  assert.equal(lines.pop(), '')
  const sample =
    /^downlink_[a-z0-9_]+(\{[a-z_]+="([^"\\\n]|\\["\\n])*"(,[a-z_]+="([^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e[+-]?\d+)?$/
  for (const line of lines) assert.match(line, line.startsWith('#') ? /^# (HELP|TYPE) downlink_/ : sample)
  for (const line of [
    'downlink_source_slots_used{source="receiver",kind="enigma2"} 1',
    'downlink_viewers{channel="c1",source="receiver"} 1',
    'downlink_source_up{source="receiver",kind="enigma2"} 0',
  ]) {
    assert.ok(lines.includes(line), line)
  }
  assert.equal((await house.get('/metrics', STRANGER)).status, 401)
  assert.equal((await house.get('/metrics', { via: '1.1 x' })).status, 401)
})

test('GET /readyz is 503 until everything has answered once', async () => {
  const { gateway } = fakeHouse()
  const starting = fakeHouse({ gateway: { status: { ...gateway.status, ready: () => false } } })
  const response = await starting.get('/readyz')
  assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '2'])
  assert.deepEqual(await (await fakeHouse().get('/readyz')).json(), { status: 'ok' })
})

test('POST /api/v1/tokens shows the token once, with the addresses to paste', async () => {
  const { house, cookie } = await signedIn()
  const added = await house.send('POST', '/api/v1/tokens', { name: 'Kodi' }, cookie)
  assert.equal(added.status, 201)
  assert.equal(added.headers.get('cache-control'), 'no-store')
  const { id, token, ...rest } = await added.json()
  assert.deepEqual(rest, {
    kind: 'viewing',
    name: 'Kodi',
    account: null,
    owner: null,
    createdAt: '2026-11-21T20:20:00.000Z',
    slate: false,
    lastSeen: null,
    playlistUrl: `http://localhost:18080/t/${token}/playlist.m3u`,
    hlsPlaylistUrl: `http://localhost:18080/t/${token}/playlist.m3u?format=hls`,
    guideUrl: `http://localhost:18080/t/${token}/xmltv.xml`,
  })
  const list = await (await house.get('/api/v1/tokens', cookie)).text()
  assert.ok(list.includes(id))
  assert.ok(!list.includes(token))
  assert.equal((await house.get(`/t/${token}/playlist.m3u`, STRANGER)).status, 200)
  assert.equal((await house.get(`/api/v1/tokens/${id}`, cookie, 'DELETE')).status, 204)
  assert.equal((await house.get(`/t/${token}/playlist.m3u`, STRANGER)).status, 403)
  assert.equal((await house.get(`/api/v1/tokens/${id}`, cookie, 'DELETE')).status, 404)
})

test('GET and DELETE /api/v1/streams show and stop what runs', async () => {
  const { done, admin } = hands()
  const { house, cookie } = await signedIn({ gateway: { admin }, streams: [stream] })
  assert.equal((await (await house.get('/api/v1/streams', cookie)).json()).items[0].channelId, 'c1')
  assert.equal((await house.get('/api/v1/streams/c1', cookie, 'DELETE')).status, 204)
  assert.equal((await house.get('/api/v1/streams/c1/viewers/v1', cookie, 'DELETE')).status, 204)
  assert.equal((await house.get('/api/v1/streams/c1/viewers/v2', cookie, 'DELETE')).status, 404)
  assert.equal((await house.get('/api/v1/streams/c99', cookie, 'DELETE')).status, 404)
  assert.deepEqual(done, [
    ['stop', 'c1'],
    ['stopViewer', 'v1'],
    ['stopViewer', 'v2'],
  ])
})

test('GET /api/v1/streams/{id}/choices tells what a channel can go on with, and POST …/switch goes there', async () => {
  const secret = streamId(sourceId('receiver'), '4097:0:1:1:1:1:1:0:0:0:http%3a//u%3ahunter2@h/')
  const [first] = fakeChannel(1).streams
  assert.ok(first)
  const channel = fakeChannel(1, { streams: [first, { ...first, id: secret, name: 'The other' }] })
  const { done, admin } = hands({
    streamPast: (id) =>
      id === secret
        ? {
            failure: { code: 'live/stalled', at: Date.UTC(2026, 10, 21, 20) },
            avoidedUntil: Date.UTC(2026, 10, 21, 21),
          }
        : { failure: null, avoidedUntil: null },
  })
  const { house, cookie } = await signedIn({
    lineup: { revision: '7', channels: [channel], groups: [] },
    gateway: { admin },
    sources: [source],
    streams: [{ ...stream, streamId: first.id }],
  })
  const text = await (await house.get('/api/v1/streams/c1/choices', cookie)).text()
  assert.ok(!text.includes('hunter2'))
  const handle = streamHandle(secret)
  assert.deepEqual(JSON.parse(text), {
    total: 2,
    items: [
      {
        id: streamHandle(first.id),
        name: first.name,
        source: 'receiver',
        sourceName: source.name,
        isPlaying: true,
        failure: null,
        avoidedUntil: null,
      },
      {
        id: handle,
        name: 'The other',
        source: 'receiver',
        sourceName: source.name,
        isPlaying: false,
        failure: { code: 'live/stalled', at: '2026-11-21T20:00:00.000Z' },
        avoidedUntil: '2026-11-21T21:00:00.000Z',
      },
    ],
  })
  const go = async (body: unknown) => (await house.send('POST', '/api/v1/streams/c1/switch', body, cookie)).status
  assert.deepEqual([await go({ streamId: handle }), await go({}), await go({ streamId: 'snone' })], [204, 204, 404])
  assert.deepEqual(done, [
    ['switch', 'c1', secret],
    ['switch', 'c1', null],
  ])
  assert.equal((await house.get('/api/v1/streams/c9/choices', cookie)).status, 404)
})

test('a change of stream is told by names, and by handles that hold nothing', async () => {
  const id = streamId(sourceId('receiver'), 'http://u:hunter2@h/')
  const change = { at: 0, from: id, to: id, names: ['One', 'Two'], code: 'live/stalled', gapMs: 5 } as const
  const { house, cookie } = await signedIn({ streams: [{ ...stream, streamId: id, switches: [change] }] })
  const text = await (await house.get('/api/v1/streams', cookie)).text()
  assert.ok(!text.includes('hunter2'))
  const [{ switches }] = JSON.parse(text).items
  assert.deepEqual([switches[0].from, switches[0].fromName, switches[0].toName], [streamHandle(id), 'One', 'Two'])
})

test('DELETE /api/v1/streams refuses the signed links of those it stops', async () => {
  const { admin } = hands()
  const { house, cookie } = await signedIn({ gateway: { admin } })
  const expires = Math.floor(house.clock.now / 1000) + 60
  const open = async (jti: string, channelId = 'c1') => {
    const token = await house.signer.sign({ kind: 'channel', channelId, user: null }, { expires, jti })
    return (await house.get(`/s/${token}/live/${channelId}.ts`)).status
  }
  assert.deepEqual(
    [await open('A'.repeat(22)), await open('B'.repeat(22)), await open('C'.repeat(22), 'c2')],
    [200, 200, 200],
  )
  house.links.hold('A'.repeat(22), 'v1')
  await house.get('/api/v1/streams/c1/viewers/v1', cookie, 'DELETE')
  assert.deepEqual([await open('A'.repeat(22)), await open('B'.repeat(22))], [403, 200])
  await house.get('/api/v1/streams/c1', cookie, 'DELETE')
  assert.deepEqual([await open('B'.repeat(22)), await open('C'.repeat(22), 'c2')], [403, 200])
})

test('POST /api/v1/sources/{id}/refresh asks a source again as a job, and takes a smaller line-up only when told', async () => {
  const { done, admin } = hands()
  const { jobs } = ownJobs()
  jobs.run(
    { kind: 'source-refresh', subject: 'receiver', name: 'Receiver', askedBy: null },
    () => new Promise(() => {}),
  )
  const { house, cookie } = await signedIn({ gateway: { admin, jobs }, sources: [source] })
  const started = await house.get('/api/v1/sources/receiver/refresh', cookie, 'POST')
  assert.deepEqual([started.status, started.headers.get('location')], [202, '/api/v1/jobs/j1'])
  const { job } = await started.json()
  assert.deepEqual([job.id, job.kind, job.state], ['j1', 'source-refresh', 'running'])
  assert.equal(
    (await house.send('POST', '/api/v1/sources/receiver/refresh', { acceptShrunk: true }, cookie)).status,
    202,
  )
  assert.deepEqual(done, [
    ['refresh', 'receiver', { acceptShrunk: false, askedBy: 'Jo' }],
    ['refresh', 'receiver', { acceptShrunk: true, askedBy: 'Jo' }],
  ])
  const unknown = await house.get('/api/v1/sources/nothing/refresh', cookie, 'POST')
  assert.deepEqual([unknown.status, (await unknown.json()).code], [404, 'lineup/unknown-source'])
})

test('POST /api/v1/sources/{id}/refresh answers why it cannot', async () => {
  const { admin } = hands({
    refreshSource: () => {
      throw new Failure('source/not-supported', 'The source is switched off')
    },
  })
  const { house, cookie } = await signedIn({ gateway: { admin }, sources: [source] })
  const response = await house.get('/api/v1/sources/receiver/refresh', cookie, 'POST')
  assert.deepEqual([response.status, (await response.json()).code], [501, 'source/not-supported'])
})

const channels = [
  fakeChannel(1, { name: 'Das Erste HD', groups: ['All', 'HD'] }),
  fakeChannel(2, { name: 'ZDF HD', groups: ['All', 'HD'] }),
  fakeChannel(3, { name: 'Télé Monte-Carlo' }),
  fakeChannel(4, { name: 'Hidden HD', enabled: false }),
  fakeChannel(21, { name: 'Radio Eins', media: 'radio' }),
]
const lineup = {
  revision: '7',
  channels,
  groups: [
    { name: 'HD', order: 1 },
    { name: 'All', order: 0 },
    { name: 'Empty', order: 2 },
  ],
}

for (const { query, numbers } of [
  { query: '', numbers: ['1', '2', '3', '21'] },
  { query: 'q=hd', numbers: ['1', '2'] },
  { query: 'q=erste%20das', numbers: ['1'] },
  { query: 'q=tele', numbers: ['3'] },
  { query: 'q=2', numbers: ['2', '21'] },
  { query: 'q=nothing', numbers: [] },
  { query: 'group=HD', numbers: ['1', '2'] },
  { query: 'group=HD&q=zdf', numbers: ['2'] },
  { query: 'offset=1&limit=2', numbers: ['2', '3'] },
  { query: 'offset=99', numbers: [] },
  { query: 'disabled=1', numbers: ['1', '2', '3', '21'] },
]) {
  test(`GET /api/v1/channels?${query} lists ${numbers.join(', ') || 'nothing'}`, async () => {
    const response = await fakeHouse({ lineup }).get(`/api/v1/channels?${query}`)
    assert.equal(response.headers.get('etag'), '"7"')
    const { items } = await response.json()
    assert.deepEqual(
      items.map(({ number }: { number: string }) => number),
      numbers,
    )
  })
}

for (const query of ['limit=0x1', 'limit=201', 'offset=-1', 'disabled=yes']) {
  test(`GET /api/v1/channels?${query} is refused`, async () => {
    assert.equal((await fakeHouse({ lineup }).get(`/api/v1/channels?${query}`)).status, 400)
  })
}

test('GET /api/v1/channels counts all that were found, not only the page', async () => {
  assert.equal((await (await fakeHouse({ lineup }).get('/api/v1/channels?limit=1')).json()).total, 4)
})

test('GET /api/v1/channels shows disabled channels to admins who ask for them', async () => {
  const { house, cookie } = await signedIn({ lineup })
  assert.equal((await (await house.get('/api/v1/channels?disabled=1', cookie)).json()).total, 5)
  assert.equal((await house.get('/api/v1/channels/c4', cookie)).status, 200)
  assert.equal((await house.get('/api/v1/channels/c4')).status, 404)
})

test('GET /api/v1/channels is closed to those who may not watch', async () => {
  for (const path of ['/api/v1/channels', '/api/v1/channels/c1', '/api/v1/groups']) {
    assert.equal((await fakeHouse({ lineup }).get(path, STRANGER)).status, 401)
  }
})

const programme = (title: string, start: number, stop: number): Programme => ({
  title,
  start,
  stop,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
})
const at = (hour: number, minute: number) => Date.UTC(2026, 10, 21, hour, minute)

const evening = [
  programme('Tagesschau', at(20, 0), at(20, 15)),
  programme('Tatort', at(20, 15), at(21, 45)),
  programme('Talk', at(21, 45), at(22, 45)),
]

test('GET /api/v1/channels/{id} gives its place, what is on, and what its running stream carries', async () => {
  const program = {
    programNumber: 1,
    version: 0,
    pmtPid: 32,
    pcrPid: 33,
    streams: [
      {
        pid: 33,
        kind: 'video' as const,
        codec: 'h264' as const,
        streamType: 27,
        language: null,
        descriptors: new Uint8Array(),
      },
    ],
  }
  const house = fakeHouse({ lineup, programmes: () => evening, streams: [{ ...stream, program }] })
  const channel = await (await house.get('/api/v1/channels/c1')).json()
  assert.deepEqual(
    [channel.position, channel.now.title, channel.now.start, channel.next.title, channel.sources],
    [0, 'Tatort', '2026-11-21T20:15:00.000Z', 'Talk', ['receiver']],
  )
  assert.deepEqual(channel.program, { streams: [{ kind: 'video', codec: 'h264', language: null }] })
  assert.equal((await (await house.get('/api/v1/channels/c21')).json()).position, 3)
  assert.equal((await (await house.get('/api/v1/channels/c2')).json()).program, null)
})

test('GET /api/v1/groups lists groups with channels, in their order', async () => {
  assert.deepEqual((await (await fakeHouse({ lineup }).get('/api/v1/groups')).json()).items, [
    { name: 'All', channels: 4, logo: null, sort: 'number' },
    { name: 'HD', channels: 2, logo: null, sort: 'number' },
  ])
})

for (const { header, revision } of [
  { header: '"7"', revision: '7' },
  { header: 'W/"7"', revision: '7' },
  { header: '*', revision: null },
  { header: null, revision: null },
]) {
  test(`PATCH /api/v1/channels/{id} bases the edit on the revision ${revision} with If-Match ${header}`, async () => {
    const { done, admin } = hands()
    const { house, cookie } = await signedIn({ lineup, gateway: { admin } })
    const headers = header === null ? cookie : { ...cookie, 'if-match': header }
    assert.equal(
      (await house.send('PATCH', '/api/v1/channels/c4', { name: ' Neu ', enabled: true }, headers)).status,
      200,
    )
    assert.deepEqual(done, [['apply', revision]])
  })
}

for (const edit of [{ number: '1,5' }, { number: 7 }, { name: '' }, { enabled: 'yes' }, { key: 9 }]) {
  test(`PATCH /api/v1/channels/{id} refuses ${JSON.stringify(edit)}`, async () => {
    const { done, admin } = hands()
    const { house, cookie } = await signedIn({ lineup, gateway: { admin } })
    assert.equal((await house.send('PATCH', '/api/v1/channels/c1', edit, cookie)).status, 400)
    assert.deepEqual(done, [])
  })
}

test('PATCH /api/v1/channels/{id} answers 412 when the line-up has changed', async () => {
  const { admin } = hands({
    lineup: {
      ...deskOf([]),
      apply: () => Promise.reject(new Failure('lineup/changed', 'The line-up is at revision 8, the edit is for 7')),
    },
  })
  const { house, cookie } = await signedIn({ lineup, gateway: { admin } })
  assert.equal((await house.send('PATCH', '/api/v1/channels/c1', { enabled: false }, cookie)).status, 412)
})

test('GET /channels on a front has no filters, and says so', async () => {
  const house = fakeHouse({ gateway: { channelFilter: null } })
  const refused = await house.get('/api/v1/channels?filter=number%20%3E%201')
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [400, 'lineup/bad-filter'])
  assert.equal((await house.get('/api/v1/channels?q=channel')).status, 200)
})
