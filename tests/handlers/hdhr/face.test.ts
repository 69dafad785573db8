import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseNetwork } from '../../../core/access/network.ts'
import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { createDeviceMaker } from '../../../core/hdhr/device.ts'
import { createScan } from '../../../core/hdhr/scan.ts'
import { createTunerDesk } from '../../../core/hdhr/tuner-desk.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { SourceId } from '../../../core/lineup/stream.ts'
import type { StreamStatus } from '../../../core/live/hub.ts'
import type { TsRequest } from '../../../core/live/link.ts'
import { createApp } from '../../../handlers/app.ts'
import type { Gateway, SourceStatus } from '../../../handlers/gateway.ts'
import { hdhrFace } from '../../../handlers/hdhr/face.ts'
import { liveFace } from '../../../handlers/live.ts'
import { streamOutlet } from '../../../handlers/stream-outlet.ts'
import { fakeChannel, fakeHouse, STRANGER } from '../../fakes/gateway.ts'

const PACKET = new Uint8Array(188).fill(0x47)

const aSource = (id: string, total: number | null): SourceStatus => ({
  id: sourceId(id),
  kind: 'm3u',
  name: `Source ${id}`,
  state: 'ready',
  slots: total === null ? null : { total, used: 0 },
  channels: 7,
  lastRefresh: 0,
  problem: null,
  answered: true,
})

const aStream = (channelKeyNumber: number, changes: Partial<StreamStatus> = {}): StreamStatus => ({
  channelId: fakeChannel(channelKeyNumber).id,
  channelName: `Channel ${channelKeyNumber}`,
  sourceId: sourceId('receiver'),
  streamId: null,
  state: 'live',
  startedAt: channelKeyNumber,
  bytesIn: 0,
  bytesOut: 0,
  bitrateKbps: 8000,
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
  ...changes,
})

const receiverStream = fakeChannel(1).streams[0]
assert.ok(receiverStream)
const otherStream = { ...receiverStream, sourceId: sourceId('other'), serviceRef: null }

const channels = [
  fakeChannel(1, { name: 'BBC "One" & <HD>' }),
  fakeChannel(2, { number: '5.1', name: 'Radio', media: 'radio' }),
  fakeChannel(3, { name: 'Other UHD', streams: [otherStream] }),
  fakeChannel(4, { enabled: false }),
]
const selections = [{ id: 'mine', name: 'Mine', channels: [channelKey(3), channelKey(1)] }]

function hdhrHouse(
  options: { readonly gateway?: Partial<Gateway>; readonly allow?: string; readonly failure?: FailureCode } = {},
) {
  const state = { streams: [] as StreamStatus[] }
  const asked: TsRequest[] = []
  const refreshed: SourceId[] = []
  const seats: { left: number }[] = []
  const sources = [aSource('receiver', 2), aSource('other', null)]
  const clock = { now: 0 }
  const allow = parseNetwork(options.allow ?? '')
  const { gateway, tokens, logged } = fakeHouse({
    lineup: { revision: '1', channels, groups: [], selections },
    gateway: {
      rules: { anonymous: 'lan', trustedProxies: [], hosts: [] },
      hdhr: {
        device: createDeviceMaker({ seed: 'test', name: 'House & home', mainId: 0x10a1b2c7 }),
        allow: allow === null ? [] : [allow],
        scan: createScan({
          refresh: (id) => {
            refreshed.push(id)
            return Promise.resolve()
          },
          channels: () => 7,
          now: () => clock.now,
        }),
        tuners: createTunerDesk(() => state.streams),
        scopeOf: (env) => (env as { scope?: { kind: 'source'; id: SourceId } } | undefined)?.scope ?? null,
      },
      live: {
        ts: (request) => {
          asked.push(request)
          if (options.failure !== undefined) return Promise.reject(new Failure(options.failure, 'No'))
          return Promise.resolve({
            kind: 'relay',
            join(open) {
              state.streams.push(aStream(request.channel.key))
              const sink = open()
              const seat = { left: 0 }
              seats.push(seat)
              sink.write(PACKET)
              const leave = (): void => {
                seat.left += 1
                sink.close(null)
              }
              return Promise.resolve({ drained: () => {}, leave })
            },
          })
        },
        hls: () => Promise.reject(new TypeError('Not asked here')),
      },
      outlet: streamOutlet,
      ...options.gateway,
    },
  })
  const status = { ...gateway.status, sources: () => sources, streams: () => state.streams }
  const app = createApp({ ...gateway, status }, { viewing: [liveFace], linked: [], tuner: [hdhrFace] })
  const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}, env: object = {}) =>
    app.request(path, { ...init, headers: { host: '192.168.1.5:18080', ...init.headers } }, env)
  const json = async (path: string): Promise<unknown> => (await ask(path)).json()
  return { ask, json, asked, seats, state, refreshed, clock, tokens, logged }
}

const ROOT = 'http://192.168.1.5:18080'

test('/discover.json tells name, id, address and true tuners by the address that was called', async () => {
  const { ask } = hdhrHouse()
  const response = await ask('/discover.json')
  assert.equal(response.headers.get('content-type'), 'application/json; charset="utf-8"')
  assert.deepEqual(await response.json(), {
    FriendlyName: 'House & home',
    ModelNumber: 'HDHR5-4DT',
    FirmwareName: 'hdhomerun5_dvbt',
    FirmwareVersion: '20250815',
    DeviceID: '10A1B2C7',
    DeviceAuth: '',
    BaseURL: ROOT,
    LineupURL: `${ROOT}/lineup.json`,
    TunerCount: 6,
  })
})

test('/discover.json keeps to the address of the LAN where publicUrl is another', async () => {
  const { json } = hdhrHouse({ gateway: { publicUrl: 'https://tv.example' } })
  const { BaseURL } = (await json('/discover.json')) as { BaseURL: string }
  assert.equal(BaseURL, ROOT)
})

test('/lineup.json lists channels by number, with flags that are 1 or absent and addresses without a query', async () => {
  const { json } = hdhrHouse()
  assert.deepEqual(await json('/lineup.json?show=found&tuning'), [
    { GuideNumber: '1', GuideName: 'BBC "One" & <HD>', VideoCodec: 'H264', HD: 1, URL: `${ROOT}/auto/v1` },
    { GuideNumber: '3', GuideName: 'Other UHD', HD: 1, URL: `${ROOT}/auto/v3` },
    { GuideNumber: '5.1', GuideName: 'Radio', VideoCodec: 'H264', HD: 1, URL: `${ROOT}/auto/v5.1` },
  ])
})

test('/lineup.xml and /lineup.m3u list the same', async () => {
  const { ask } = hdhrHouse()
  const xml = await (await ask('/lineup.xml')).text()
  assert.ok(xml.includes('<GuideName>BBC &quot;One&quot; &amp; &lt;HD&gt;</GuideName>'))
  assert.equal(xml.match(/<Program>/g)?.length, 3)
  const m3u = await (await ask('/lineup.m3u')).text()
  assert.ok(m3u.startsWith('#EXTM3U\n#EXTINF:-1 channel-id="1" channel-number="1" tvg-name="BBC \'One\' & <HD>",1 BBC'))
  assert.equal(m3u.match(/\/auto\/v/g)?.length, 3)
})

test('a line-up without channels is an empty array', async () => {
  const { json } = hdhrHouse({ gateway: { lineup: { current: () => ({ ...emptyIndex }) } } })
  assert.deepEqual(await json('/lineup.json'), [])
})

const emptyIndex = {
  revision: '0',
  channels: [],
  groups: [],
  byId: new Map(),
  byNumber: new Map(),
  byServiceRef: new Map(),
}

test('a line-up that changed is written anew', async () => {
  const current = { ...emptyIndex }
  const { json } = hdhrHouse({ gateway: { lineup: { current: () => current } } })
  assert.deepEqual(await json('/lineup.json'), [])
  Object.assign(current, { revision: '1', channels: [fakeChannel(9)] })
  assert.equal(((await json('/lineup.json')) as unknown[]).length, 1)
})

for (const { path, name, numbers, tuners } of [
  { path: '/hdhr/source/other', name: 'House & home Source other', numbers: ['3'], tuners: 4 },
  { path: '/hdhr/source/receiver', name: 'House & home Source receiver', numbers: ['1', '5.1'], tuners: 2 },
  { path: '/hdhr/selection/mine', name: 'House & home Mine', numbers: ['3', '1'], tuners: 6 },
])
  test(`${path} is a device of its own`, async () => {
    const { json } = hdhrHouse()
    const device = (await json(`${path}/discover.json`)) as Record<string, unknown>
    assert.deepEqual([device['FriendlyName'], device['BaseURL'], device['TunerCount']], [name, ROOT + path, tuners])
    assert.notEqual(device['DeviceID'], '10A1B2C7')
    const entries = (await json(`${path}/lineup.json`)) as { GuideNumber: string; URL: string }[]
    assert.deepEqual(
      entries.map((entry) => entry.GuideNumber),
      numbers,
    )
    assert.ok(entries.every((entry) => entry.URL === `${ROOT}${path}/auto/v${entry.GuideNumber}`))
  })

test('?selection= names the device of a selection, whose addresses go on without a query', async () => {
  const { json } = hdhrHouse()
  assert.deepEqual(await json('/discover.json?selection=mine'), await json('/hdhr/selection/mine/discover.json'))
  assert.deepEqual(await json('/lineup.json?selection=mine'), await json('/hdhr/selection/mine/lineup.json'))
})

for (const path of [
  '/hdhr/source/none/discover.json',
  '/hdhr/selection/none/lineup.json',
  '/lineup.json?selection=none',
  '/hdhr/other/x/discover.json',
])
  test(`${path} is 404`, async () => {
    const response = await hdhrHouse().ask(path)
    assert.deepEqual([response.status, await response.text()], [404, ''])
  })

test('a device with a port of its own stands at its root', async () => {
  const { ask } = hdhrHouse()
  const env = { scope: { kind: 'source', id: 'other' } }
  const device = (await (await ask('/discover.json', {}, env)).json()) as Record<string, unknown>
  assert.deepEqual([device['FriendlyName'], device['BaseURL']], ['House & home Source other', ROOT])
  assert.equal(((await (await ask('/lineup.json', {}, env)).json()) as unknown[]).length, 1)
})

test('behind a viewing link every address carries it', async () => {
  const { ask, tokens } = hdhrHouse()
  const { token } = await tokens.add({ kind: 'viewing', name: 'Plex' })
  const root = `/t/${token.reveal()}`
  const device = (await (await ask(`${root}/discover.json`, { headers: STRANGER })).json()) as Record<string, string>
  assert.equal(device['LineupURL'], `${ROOT}${root}/lineup.json`)
  const entries = (await (await ask(`${root}/lineup.json`, { headers: STRANGER })).json()) as { URL: string }[]
  assert.equal(entries[0]?.URL, `${ROOT}${root}/auto/v1`)
})

for (const { who, headers, allow, status } of [
  { who: 'a stranger', headers: STRANGER, status: 401 },
  { who: 'a stranger whose address is allowed', headers: STRANGER, allow: '203.0.113.0/24', status: 200 },
  {
    who: 'an allowed address behind a proxy that nobody trusts',
    headers: { ...STRANGER, 'x-forwarded-for': '203.0.113.9' },
    allow: '203.0.113.0/24',
    status: 401,
  },
  {
    who: 'a page of another site',
    headers: { ...STRANGER, 'sec-fetch-site': 'cross-site' },
    allow: '203.0.113.0/24',
    status: 401,
  },
])
  test(`${who} gets ${status}`, async () => {
    const { ask } = hdhrHouse(allow === undefined ? {} : { allow })
    for (const path of ['/discover.json', '/lineup.json', '/auto/v1', '/hdhr/source/other/lineup.json'])
      assert.equal((await ask(path, { headers })).status, status)
    // The allowed are allowed here only.
    assert.equal((await ask('/live/c1.ts', { headers })).status, 401)
  })

test('a house without devices has none of their addresses', async () => {
  const { ask } = hdhrHouse({ gateway: { hdhr: null } })
  assert.equal((await ask('/discover.json')).status, 404)
  assert.equal((await ask('/auto/v1')).status, 404)
})

test('/auto/v{number} plays a channel as viewer of this face, and names the tuner', async () => {
  const { ask, asked, seats } = hdhrHouse()
  const response = await ask('/auto/v5.1', { headers: { range: 'bytes=0-' } })
  const { headers } = response
  assert.deepEqual([response.status, headers.get('content-type')], [200, 'video/mp2t'])
  assert.deepEqual([headers.get('x-hdhomerun-resource'), headers.get('accept-ranges')], ['tuner0', null])
  assert.deepEqual([asked[0]?.channel.id, asked[0]?.mode, asked[0]?.quality], ['c2', 'hdhr', 'original'])
  await response.body?.cancel()
  assert.equal(seats[0]?.left, 1)
})

test('HEAD opens nothing and takes no tuner', async () => {
  const { ask, asked, json } = hdhrHouse()
  for (const path of ['/auto/v1', '/tuner1/v1']) {
    const response = await ask(path, { method: 'HEAD' })
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'video/mp2t'])
  }
  assert.equal(asked.length, 0)
  assert.ok(((await json('/status.json')) as object[]).every((tuner) => !('VctNumber' in tuner)))
})

test('/tuner{n}/v{number} takes that tuner, unless another channel is on it', async () => {
  const { ask } = hdhrHouse()
  const first = await ask('/tuner1/v1')
  assert.equal(first.headers.get('x-hdhomerun-resource'), 'tuner1')
  const second = await ask('/tuner1/v3')
  assert.deepEqual(
    [second.status, second.headers.get('x-hdhomerun-error'), await second.text()],
    [503, '804 Tuner In Use', ''],
  )
  assert.equal((await ask('/tuner1/v1')).headers.get('x-hdhomerun-resource'), 'tuner1')
  assert.equal((await ask('/tuner6/v1')).status, 404)
})

for (const { query, quality } of [
  { query: '?transcode=none', quality: 'original' },
  { query: '?transcode=heavy', quality: '720p' },
  { query: '?transcode=mobile', quality: '720p' },
  { query: '?transcode=internet480', quality: '480p' },
  { query: '?profile=pass&auth=x?transcode=internet360', quality: '480p' },
  { query: '?quality=audio', quality: 'audio' },
])
  test(`/auto/v1${query} plays ${quality}`, async () => {
    const { ask, asked } = hdhrHouse()
    const response = await ask(`/auto/v1${query}`)
    assert.deepEqual([response.status, asked[0]?.quality], [200, quality])
    await response.body?.cancel()
  })

for (const { path, status, error } of [
  { path: '/auto/v99', status: 404, error: '801 Unknown Channel' },
  { path: '/auto/v4', status: 404, error: '801 Unknown Channel' },
  { path: '/auto/ch500000000-3', status: 404, error: '801 Unknown Channel' },
  { path: '/auto/vx', status: 404, error: '801 Unknown Channel' },
  { path: '/auto/v1?transcode=best', status: 503, error: '802 Unknown Transcode Profile' },
])
  test(`${path} is ${status} ${error}, with an empty body`, async () => {
    const { ask, asked } = hdhrHouse()
    const response = await ask(path)
    assert.deepEqual(
      [response.status, response.headers.get('x-hdhomerun-error'), response.headers.get('content-length')],
      [status, error, '0'],
    )
    assert.equal(await response.text(), '')
    assert.equal(asked.length, 0)
  })

for (const { failure, error } of [
  { failure: 'live/no-slot', error: '805 All Tuners In Use' },
  { failure: 'live/recording', error: '805 All Tuners In Use' },
  { failure: 'live/contested', error: '809 Playback Connection Limit' },
  { failure: 'live/refused', error: '806 Tune Failed' },
  { failure: 'source/unreachable', error: '806 Tune Failed' },
  { failure: 'live/silent', error: '807 No Video Data' },
  { failure: 'live/scrambled', error: '811 Content Protection Required' },
  { failure: 'ffmpeg/busy', error: '803 System Busy' },
] as const)
  test(`${failure} is 503 ${error}`, async () => {
    const response = await hdhrHouse({ failure }).ask('/auto/v1')
    const { headers } = response
    assert.deepEqual([response.status, await response.text()], [503, ''])
    assert.deepEqual([headers.get('x-hdhomerun-error'), headers.get('x-downlink-error')], [error, failure])
  })

test('?duration= ends the stream cleanly after that time', async () => {
  const { ask, seats } = hdhrHouse()
  const response = await ask('/auto/v1?duration=0.05')
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), PACKET)
  assert.equal(seats[0]?.left, 2) // once by the clock, once because the body is over: leaving is idempotent
  assert.equal((await ask('/auto/v1?duration=soon')).status, 503)
})

test('/status.json shows what is on each tuner, and addresses to nobody but their owner', async () => {
  const { state, ask } = hdhrHouse()
  const viewer = { id: 'v', mode: 'hdhr', user: null, address: '192.168.1.20', bytesOut: 0 } as const
  state.streams = [aStream(1, { viewers: [viewer] }), aStream(3, { state: 'opening', sourceId: sourceId('other') })]
  const asSeenFrom = async (address: string) =>
    (await (await ask('/status.json', { headers: { 'x-test-peer': address } })).json()) as Record<string, unknown>[]
  const tuners = await asSeenFrom('192.168.1.21')
  assert.deepEqual(tuners[0], {
    Resource: 'tuner0',
    VctNumber: '1',
    VctName: 'BBC "One" & <HD>',
    SignalStrengthPercent: 100,
    SignalQualityPercent: 100,
    SymbolQualityPercent: 100,
    NetworkRate: 8_000_000,
  })
  assert.deepEqual([tuners[1]?.['VctNumber'], tuners[1]?.['SignalStrengthPercent']], ['3', 0])
  assert.deepEqual(
    tuners.slice(2),
    [2, 3, 4, 5].map((number) => ({ Resource: `tuner${number}` })),
  )
  assert.equal((await asSeenFrom('192.168.1.20'))[0]?.['TargetIP'], '192.168.1.20')
})

test('/lineup.post starts a search that asks the sources, and /lineup_status.json tells its progress', async () => {
  const { ask, json, refreshed, clock } = hdhrHouse()
  assert.deepEqual(await json('/lineup_status.json'), {
    ScanInProgress: 0,
    ScanPossible: 1,
    Source: 'Cable',
    SourceList: ['Cable'],
  })
  assert.equal((await ask('/lineup.post?scan=start', { method: 'HEAD' })).status, 200)
  assert.deepEqual(refreshed, [])
  const response = await ask('/lineup.post?scan=start&source=Cable', { method: 'POST' })
  assert.deepEqual([response.status, response.headers.get('content-length')], [200, '0'])
  assert.deepEqual(refreshed, ['receiver', 'other'])
  await Promise.resolve()
  clock.now = 1000
  assert.deepEqual(await json('/lineup_status.json'), { ScanInProgress: 1, Progress: 50, Found: 14 })
  clock.now = 2000
  assert.equal(((await json('/lineup_status.json')) as { ScanInProgress: number }).ScanInProgress, 0)
  assert.equal((await ask('/lineup.post?favorite=+5', { method: 'POST' })).status, 200)
})

test('/device.xml is the device in UPnP', async () => {
  const { ask } = hdhrHouse()
  const response = await ask('/device.xml')
  const xml = await response.text()
  assert.equal(response.headers.get('content-type'), 'application/xml; charset="utf-8"')
  assert.ok(xml.includes('<friendlyName>House &amp; home</friendlyName>') && xml.includes(`<URLBase>${ROOT}</URLBase>`))
  assert.match(xml, /<UDN>uuid:[0-9a-f]{8}-[0-9a-f-]{27}<\/UDN>/)
})

test('web players may read every answer', async () => {
  const { ask } = hdhrHouse()
  assert.equal((await ask('/lineup.json')).headers.get('access-control-allow-origin'), '*')
  assert.equal((await ask('/lineup.json', { method: 'OPTIONS' })).status, 204)
})

test('no address, however it is spelled, is more than refused', async () => {
  const { ask } = hdhrHouse()
  const word = fc.oneof(
    fc.constantFrom('auto', 'tuner0', 'hdhr', 'source', 'selection', 'lineup.json', 'v1', 'v1.', '..'),
    fc.webPath(),
    fc.string(),
  )
  const query = fc.oneof(
    fc.constantFrom('', 'transcode=heavy', 'duration=-1', 'scan=start', 'selection=mine', 'show=all'),
    fc.webQueryParameters(),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), query, async (words, parameters) => {
      const path = words.map(encodeURIComponent).join('/')
      const { status, body } = await ask(`/${path}?${parameters}`)
      await body?.cancel()
      assert.ok(status < 500 || status === 503, `${status}`)
    }),
    { numRuns: 300 },
  )
})

test('a person with limits finds the channels that are theirs, and no others', async () => {
  const limits = { maxStreams: null, groups: null, selections: ['mine'], adultLock: false, expiresAt: null }
  const person = { name: 'Kim', role: 'viewer', limits } as const
  const access = {
    ...fakeHouse().gateway.access,
    viewingToken: () => Promise.resolve({ id: 'kim', name: 'Kim', person }),
  }
  const { ask, state } = hdhrHouse({ gateway: { access } })
  const entries = (await (await ask('/t/kim/lineup.json')).json()) as { GuideNumber: string }[]
  assert.deepEqual(
    entries.map((entry) => entry.GuideNumber),
    ['1', '3'],
  )
  assert.equal((await ask('/t/kim/auto/v5.1')).status, 404)
  assert.equal((await ask('/t/kim/auto/v3')).status, 200)
  assert.equal(((await (await ask('/lineup.json')).json()) as object[]).length, 3)
  state.streams = [aStream(2)]
  const [tuner] = (await (await ask('/t/kim/status.json')).json()) as Record<string, unknown>[]
  assert.deepEqual([tuner?.['VctNumber'], tuner?.['VctName']], ['', ''])
})
