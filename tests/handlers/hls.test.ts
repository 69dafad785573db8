import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { HlsAnswer, HlsRequest } from '../../core/live/link.ts'
import { createApp } from '../../handlers/app.ts'
import type { LiveLink } from '../../handlers/gateway.ts'
import { hlsFace } from '../../handlers/hls.ts'
import { fakeHouse, STRANGER } from '../fakes/gateway.ts'

type Answer = Awaited<ReturnType<LiveLink['hls']>>

const PLAYLIST: HlsAnswer = {
  kind: 'document',
  contentType: 'application/vnd.apple.mpegurl',
  body: '#EXTM3U\n',
  cacheControl: 'no-store',
}
const SEGMENT: HlsAnswer = {
  kind: 'document',
  contentType: 'video/mp2t',
  body: Uint8Array.from({ length: 376 }, (_, index) => index % 256),
  cacheControl: 'private, max-age=3600, immutable',
}

/** A house whose channels answer HLS like this; with all that was asked of them. */
function open(answer: Answer | Failure = PLAYLIST) {
  const asked: HlsRequest[] = []
  const live: LiveLink = {
    ts: () => Promise.reject(new TypeError('Nobody asks for raw TS here')),
    hls(request) {
      asked.push(request)
      return answer instanceof Failure ? Promise.reject(answer) : Promise.resolve(answer)
    },
  }
  const house = fakeHouse({ gateway: { live } })
  const app = createApp(house.gateway, { viewing: [hlsFace], linked: [hlsFace] })
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: 'localhost:18080', ...headers } })
  return { house, asked, ask }
}

for (const { name, path } of [
  { name: 'its id', path: '/live/c1.m3u8' },
  { name: 'its number', path: '/live/1.m3u8' },
  { name: 'its service reference', path: '/live/1:0:19:1:3EF:1:C00000:0:0:0:.m3u8' },
  { name: 'its service reference, encoded', path: '/live/1%3A0%3A19%3A1%3A3ef%3A1%3Ac00000%3A0%3A0%3A0.m3u8' },
])
  test(`hlsFace() finds a channel by ${name}`, async () => {
    const { asked, ask } = open()
    const response = await ask(path)
    assert.equal(response.status, 200)
    assert.equal(await response.text(), '#EXTM3U\n')
    assert.deepEqual([asked[0]?.channel.id, asked[0]?.path], ['c1', ''])
  })

test('hlsFace() hands over how the playlist is asked for, and by whom', async () => {
  const { house, asked, ask } = open()
  const { token } = await house.tokens.add({ kind: 'viewing', name: 'Kodi' })
  await ask(`/t/${token.reveal()}/live/c2.m3u8?audio=aac&delivery=instant`, STRANGER)
  const [request] = asked
  assert.deepEqual(
    [request?.query.get('audio'), request?.query.get('delivery'), request?.leaves],
    ['aac', 'instant', false],
  )
  assert.deepEqual(
    [request?.caller.user, request?.caller.prefix, request?.caller.address],
    ['Kodi', `/t/${token.reveal()}`, STRANGER['x-test-peer']],
  )
})

test('hlsFace() hands over paths below a channel as they are', async () => {
  const { asked, ask } = open(SEGMENT)
  const response = await ask('/hls/c1/session/viewer/instant/aac/12c.ts?_HLS_msn=3')
  assert.equal(response.status, 200)
  assert.deepEqual([asked[0]?.path, asked[0]?.query.get('_HLS_msn')], ['session/viewer/instant/aac/12c.ts', '3'])
})

test('hlsFace() answers a segment with its length, its type and how long it may be kept', async () => {
  const { ask } = open(SEGMENT)
  const { status, headers } = await ask('/hls/c1/s/v/standard/aac/0c.ts')
  assert.equal(status, 200)
  assert.equal(headers.get('content-type'), 'video/mp2t')
  assert.equal(headers.get('content-length'), '376')
  assert.equal(headers.get('cache-control'), 'private, max-age=3600, immutable')
  assert.equal(headers.get('access-control-allow-origin'), '*')
})

test('hlsFace() answers one range of a segment', async () => {
  const { ask } = open(SEGMENT)
  const response = await ask('/hls/c1/s/v/standard/aac/0c.ts', { range: 'bytes=188-' })
  assert.equal(response.status, 206)
  assert.equal(response.headers.get('content-range'), 'bytes 188-375/376')
  assert.equal((await response.arrayBuffer()).byteLength, 188)
})

test('hlsFace() answers HEAD of a segment with its length and without its bytes', async () => {
  const { ask } = open(SEGMENT)
  const response = await ask('/hls/c1/s/v/standard/aac/0c.ts', {}, 'HEAD')
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-length'), '376')
  assert.equal((await response.arrayBuffer()).byteLength, 0)
})

test('hlsFace() opens nothing for HEAD of a playlist', async () => {
  const { asked, ask } = open()
  const response = await ask('/live/c1.m3u8', {}, 'HEAD')
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'application/vnd.apple.mpegurl')
  assert.deepEqual(asked, [])
})

test('hlsFace() takes DELETE of any address of a session for leaving', async () => {
  const { asked, ask } = open({ kind: 'left' })
  const response = await ask('/hls/c1/session/viewer/instant/aac/v3.m3u8', {}, 'DELETE')
  assert.equal(response.status, 204)
  assert.equal(asked[0]?.leaves, true)
})

for (const kind of ['moved', 'redirect'] as const)
  test(`hlsFace() follows "${kind}" with a 302 that nobody keeps and that gives nothing away`, async () => {
    const { ask } = open({ kind, location: 'https://tv.example/s/x/live/c1.m3u8' })
    const { status, headers } = await ask('/live/c1.m3u8')
    assert.equal(status, 302)
    assert.equal(headers.get('location'), 'https://tv.example/s/x/live/c1.m3u8')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
  })

test('hlsFace() passes an answer of the adapter through', async () => {
  const { ask } = open({ kind: 'response', response: new Response('bytes', { status: 203 }) })
  const response = await ask('/hls/c1/s/v/standard/aac/0.ts')
  assert.equal(response.status, 203)
  assert.equal(await response.text(), 'bytes')
})

for (const path of [
  '/live/c99.m3u8',
  '/live/99.m3u8',
  '/live/news.m3u8',
  '/live/4097:0:1:0:0:0:0:0:0:0:http%253a%2F%2F192.0.2.1%2Fx:Name.m3u8',
  '/hls/c99/session/viewer/standard/aac/0.ts',
])
  test(`hlsFace() answers 404 to ${path} and asks nobody`, async () => {
    const { asked, ask } = open()
    const response = await ask(path)
    assert.equal(response.status, 404)
    assert.equal(await response.text(), '')
    assert.deepEqual(asked, [])
  })

test('hlsFace() says why there is nothing to see, and when to ask again', async () => {
  const { ask } = open(new Failure('hls/not-ready', 'Not that far yet'))
  const response = await ask('/live/c1.m3u8')
  assert.equal(response.status, 503)
  assert.equal(response.headers.get('x-downlink-error'), 'hls/not-ready')
  assert.match(response.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal(await response.text(), '')
})

test('hlsFace() shows nothing to people whom the house does not know', async () => {
  const { asked, ask } = open()
  for (const path of ['/live/c1.m3u8', '/hls/c1/session/viewer/standard/aac/0.ts'])
    assert.equal((await ask(path, STRANGER)).status, 401)
  assert.deepEqual(asked, [])
})

test('hlsFace() lets the link know when the caller goes away', async () => {
  const { house } = open()
  const gone = new AbortController()
  const asked = Promise.withResolvers<void>()
  const live: LiveLink = {
    ts: () => Promise.reject(new TypeError('Nobody asks for raw TS here')),
    hls: (request) => {
      asked.resolve()
      return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
    },
  }
  const app = createApp({ ...house.gateway, live }, { viewing: [hlsFace], linked: [] })
  const answer = app.request('/live/c1.m3u8', { headers: { host: 'localhost:18080' }, signal: gone.signal })
  await asked.promise
  gone.abort()
  assert.equal((await answer).status, 499)
  assert.deepEqual(
    house.logged.filter(({ level }) => level === 'error'),
    [],
  )
})
