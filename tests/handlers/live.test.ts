import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { FailureCode } from '../../core/errors.ts'
import type { ByteSink } from '../../core/live/hub.ts'
import type { TsAnswer, TsRequest } from '../../core/live/link.ts'
import { createApp } from '../../handlers/app.ts'
import { liveFace } from '../../handlers/live.ts'
import { streamOutlet } from '../../handlers/stream-outlet.ts'
import { fakeChannel, fakeHouse, STRANGER } from '../fakes/gateway.ts'

const PACKET = new Uint8Array(188).fill(0x47)
const REF = '1:0:19:1:3EF:1:C00000:0:0:0:'

type Link = (request: TsRequest) => Promise<TsAnswer>

/** A house in which channel 1 to 3 are on, 3 is number 5.1, and 4 is switched off. */
function liveHouse(link?: Link) {
  const asked: TsRequest[] = []
  const seats: { left: number; drained: number; sink: ByteSink }[] = []
  const relay: Link = () =>
    Promise.resolve({
      kind: 'relay',
      join(open) {
        const seat = { left: 0, drained: 0, sink: open() }
        seats.push(seat)
        seat.sink.write(PACKET)
        return Promise.resolve({ drained: () => void (seat.drained += 1), leave: () => void (seat.left += 1) })
      },
    })
  const { gateway, logged } = fakeHouse({
    lineup: {
      revision: '1',
      channels: [fakeChannel(1), fakeChannel(2), fakeChannel(3, { number: '5.1' }), fakeChannel(4, { enabled: false })],
      groups: [],
    },
    gateway: {
      live: {
        ts: (request) => {
          asked.push(request)
          return (link ?? relay)(request)
        },
        hls: () => Promise.reject(new TypeError('Not asked here')),
      },
      outlet: streamOutlet,
    },
  })
  const app = createApp(gateway, { viewing: [liveFace], linked: [] })
  const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    app.request(path, { ...init, headers: { host: 'localhost:18080', ...init.headers } })
  return { ask, asked, seats, logged }
}

for (const { path, id } of [
  { path: '/live/c1.ts', id: 'c1' },
  { path: '/live/2.ts', id: 'c2' },
  { path: '/live/5.1.ts', id: 'c3' },
  { path: `/live/${REF}.ts`, id: 'c1' },
  { path: '/live/1_0_19_1_3EF_1_C00000_0_0_0.ts', id: 'c1' },
  { path: `/${REF}`, id: 'c1' },
  { path: '/1:0:19:2:3ef:1:c00000:0:0:0', id: 'c2' },
  { path: `/${encodeURIComponent(REF)}`, id: 'c1' },
  { path: '/iptv/channel/5.1.ts', id: 'c3' },
  { path: '/play/receiver/c2', id: 'c2' },
]) {
  test(`liveFace() plays ${id} at ${path}`, async () => {
    const { ask, asked, seats } = liveHouse()
    const response = await ask(path)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-type'), 'video/mp2t')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(asked[0]?.channel.id, id)
    const reader = response.body?.getReader()
    assert.deepEqual((await reader?.read())?.value, PACKET)
    assert.equal(seats[0]?.left, 0)
    await reader?.cancel()
    assert.equal(seats[0]?.left, 1)
  })

  test(`liveFace() opens nothing for HEAD ${path}`, async () => {
    const { ask, asked } = liveHouse()
    const response = await ask(path, { method: 'HEAD' })
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'video/mp2t'])
    assert.equal(await response.text(), '')
    assert.equal(asked.length, 0)
  })
}

for (const { start, behindMs } of [
  { start: '', behindMs: 0 },
  { start: '0', behindMs: 0 },
  { start: '-300', behindMs: 300_000 },
  { start: '-12.5', behindMs: 12_500 },
]) {
  test(`liveFace() starts ${behindMs} ms behind the others for start=${start}`, async () => {
    const { ask, asked } = liveHouse()
    const response = await ask(`/live/c1.ts?start=${start}`)
    assert.equal(response.status, 200)
    assert.equal(asked[0]?.behindMs, behindMs)
    await response.body?.cancel()
  })
}

for (const start of ['300', '-', '-1e3', 'yesterday', '2026-11-21', '2026-11-21T20:15:00', '2999-01-01T00:00:00Z']) {
  test(`liveFace() refuses start=${start}`, async () => {
    const { ask, asked } = liveHouse()
    const response = await ask(`/live/c1.ts?start=${start}`)
    assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [400, 'http/bad-request'])
    assert.equal(await response.text(), '')
    assert.equal(asked.length, 0)
  })
}

for (const path of [
  '/live/c9.ts',
  '/live/9.ts',
  '/live/c4.ts',
  '/live/.ts',
  '/live/1:0:19:99:3EF:1:C00000:0:0:0:.ts',
  '/1:0:19:99:3EF:1:C00000:0:0:0:',
  '/4097:0:1:1:3EF:1:C00000:0:0:0:http%3a%2f%2fevil.example%2fx',
  '/1:0:0:0:0:0:0:0:0:0:/etc/passwd',
  '/iptv/channel/77.ts',
  '/play/other/c1',
  '/play/receiver/c9',
]) {
  for (const method of ['GET', 'HEAD']) {
    test(`liveFace() answers ${method} ${path} with 404 and an empty body, and asks nobody`, async () => {
      const { ask, asked } = liveHouse()
      const response = await ask(path, { method })
      assert.equal(response.status, 404)
      assert.equal(await response.text(), '')
      assert.equal(asked.length, 0)
    })
  }
}

for (const { code, status, retryAfter } of [
  { code: 'live/no-slot', status: 503, retryAfter: '5' },
  { code: 'live/no-signal', status: 504, retryAfter: '30' },
  { code: 'live/scrambled', status: 502, retryAfter: null },
] as const satisfies readonly { code: FailureCode; status: number; retryAfter: string | null }[]) {
  test(`liveFace() answers ${code} with ${status}, the code in a header and an empty body`, async () => {
    const failing = liveHouse(() => Promise.reject(new Failure(code, 'The test says so')))
    const response = await failing.ask('/live/c1.ts')
    assert.equal(response.status, status)
    assert.equal(response.headers.get('x-downlink-error'), code)
    assert.equal(response.headers.get('retry-after'), retryAfter)
    assert.equal(await response.text(), '')
  })
}

test('liveFace() refuses an audio that it does not know with 400, before anything is opened', async () => {
  const { ask, asked } = liveHouse()
  const response = await ask('/live/c1.ts?audio=opus')
  assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [400, 'http/bad-request'])
  assert.equal(asked.length, 0)
})

test('liveFace() hands the wish for a quality on, and the house decides without one', async () => {
  const { ask, asked } = liveHouse()
  for (const query of ['?audio=aac', '?audio=original', '', '?quality=480p', '?quality=radio&audio=aac'])
    await (await ask(`/live/c1.ts${query}`)).body?.cancel()
  assert.deepEqual(
    asked.map(({ quality }) => quality),
    ['audio', 'original', 'original', '480p', 'radio'],
  )
})

for (const query of ['quality=4k', 'quality=720p&audio=original'])
  test(`liveFace() refuses ${query} with 400, before anything is opened`, async () => {
    const { ask, asked } = liveHouse()
    const response = await ask(`/live/c1.ts?${query}`)
    assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [400, 'http/bad-request'])
    assert.equal(asked.length, 0)
  })

test('liveFace() lets strangers in only by a token', async () => {
  const { ask, asked } = liveHouse()
  assert.equal((await ask('/live/c1.ts', { headers: STRANGER })).status, 401)
  assert.equal(asked.length, 0)
})

test('liveFace() passes on where the bytes are, and lets nobody keep the address', async () => {
  const { ask } = liveHouse(() =>
    Promise.resolve({ kind: 'redirect', location: 'http://adapter.example/s/x/live/c1.ts' }),
  )
  const response = await ask('/live/c1.ts')
  assert.equal(response.status, 302)
  assert.equal(response.headers.get('location'), 'http://adapter.example/s/x/live/c1.ts')
  assert.equal(response.headers.get('cache-control'), 'no-store')
})

test('liveFace() takes it quietly when a player zaps away during the opening', async () => {
  const abort = new AbortController()
  const { ask, logged } = liveHouse(({ signal }) => {
    queueMicrotask(() => abort.abort())
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  })
  const asking = ask('/live/c1.ts', { signal: abort.signal })
  assert.equal((await asking).status, 499)
  assert.deepEqual(logged, [])
})

test('liveFace() leaves the seat of a player that went while the seat was on its way', async () => {
  const abort = new AbortController()
  let left = 0
  const { ask } = liveHouse(() =>
    Promise.resolve({
      kind: 'relay',
      join(open) {
        open()
        abort.abort()
        return Promise.resolve({ drained: () => assert.fail('nobody takes any more'), leave: () => void (left += 1) })
      },
    }),
  )
  await ask('/live/c1.ts', { signal: abort.signal })
  assert.equal(left, 1)
})

test('liveFace() makes up for a call of drained() that came before the seat', async () => {
  let drained = 0
  const { ask } = liveHouse(() =>
    Promise.resolve({
      kind: 'relay',
      join(open) {
        open().write(PACKET)
        return Promise.resolve({ drained: () => void (drained += 1), leave: () => {} })
      },
    }),
  )
  await (await ask('/live/c1.ts')).body?.cancel()
  assert.ok(drained >= 1)
})
