import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteLink } from '../../../adapters/link/remote-link.ts'
import type { RemoteLinkParts } from '../../../adapters/link/remote-link.ts'
import { createLocalLink } from '../../../adapters/link/local-link.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { Failure } from '../../../core/errors.ts'
import type { ByteSink } from '../../../core/live/hub.ts'
import { testLink } from '../../conformance/link.ts'
import { fakeAdapter } from '../../fakes/adapter.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const ring = createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`))
const caller: Caller = {
  kind: 'token',
  user: 'Anna',
  role: 'viewer',
  address: '192.168.1.20',
  loopback: false,
  mayWatch: true,
  prefix: '/t/x',
}
const request = { channel: fakeChannel(1), caller, quality: 'original', signal: new AbortController().signal } as const

function openRemote(mode: RemoteLinkParts['mode'], changes: Partial<RemoteLinkParts> = {}) {
  const adapter = fakeAdapter()
  const link = createRemoteLink({
    adapterUrl: 'https://home.example.org/tv',
    ring,
    ttlSeconds: 300,
    mode,
    fetch: (url, init) => adapter.fetch(url.replace('/tv/', '/'), init),
    now: () => adapter.clock.now,
    random: systemRandom,
    ...changes,
  })
  return { adapter, link, visits: adapter.visits, fetch: (url: string) => adapter.fetch(url.replace('/tv/', '/')) }
}

testLink('createLocalLink()', () => {
  const adapter = fakeAdapter()
  return { link: adapter.live, visits: adapter.visits, fetch: () => assert.fail('a local link redirects nobody') }
})
testLink('createRemoteLink() by redirect', () => openRemote('redirect'))
testLink('createRemoteLink() passing bytes through', () => openRemote('proxy'))

const redirectOf = async (link: ReturnType<typeof createRemoteLink>) => {
  const answer = await link.ts(request)
  return answer.kind === 'redirect' ? answer.location : assert.fail(answer.kind)
}
const tokenOf = (url: string) => /\/s\/([^/]+)\//.exec(url)?.[1] ?? assert.fail(url)

test('createRemoteLink() redirects to a link for this channel that opens for ttlSeconds', async () => {
  const { link, adapter } = openRemote('redirect')
  const location = await redirectOf(link)
  assert.match(location, /^https:\/\/home\.example\.org\/tv\/s\/[^/]+\/live\/c1\.ts$/)
  const read = await adapter.signer.read(tokenOf(location))
  assert.deepEqual(read?.scope, { kind: 'channel', channelId: 'c1', user: 'Anna' })
  assert.equal(read?.expires, adapter.clock.now / 1000 + 300)
  assert.deepEqual(adapter.requests, [])
})

test('createRemoteLink() gives every redirect a session of its own', async () => {
  const { link } = openRemote('redirect')
  assert.notEqual(tokenOf(await redirectOf(link)), tokenOf(await redirectOf(link)))
})

test('createRemoteLink() passing through keeps one session a viewer and channel for an hour', async () => {
  const { link, adapter } = openRemote('proxy')
  const jti = async (who: Partial<Caller> = {}) => {
    await link.ts({ ...request, caller: { ...caller, ...who } })
    return (await adapter.signer.read(tokenOf(adapter.requests.at(-1)?.url ?? '')))?.jti
  }
  const first = await jti()
  adapter.clock.now += 20 * 60_000
  assert.equal(await jti(), first)
  assert.notEqual(await jti({ user: 'Bert' }), first)
  assert.notEqual(await jti({ address: '192.168.1.21' }), first)
  adapter.clock.now += 3_600_000
  assert.notEqual(await jti(), first)
})

test('createRemoteLink() passes the body through untouched, with its own headers only', async () => {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>()
  const answered = new Response(body, {
    headers: { 'content-type': 'video/mp2t', 'cache-control': 'no-store', 'set-cookie': 'a=b', server: 'x' },
  })
  const { link } = openRemote('proxy', { fetch: () => Promise.resolve(answered) })
  const answer = await link.ts(request)
  assert.ok(answer.kind === 'response')
  assert.deepEqual(Object.fromEntries(answer.response.headers), {
    'content-type': 'video/mp2t',
    'cache-control': 'no-store',
  })
})

test('createRemoteLink() passing through asks without compression and follows no redirect', async () => {
  const { link, adapter } = openRemote('proxy')
  await link.ts(request)
  const init = adapter.requests[0]?.init
  assert.equal(init?.redirect, 'manual')
  assert.equal(new Headers(init?.headers).get('accept-encoding'), 'identity')
})

test('createRemoteLink() passing through fails with live/no-adapter when the adapter is not reachable', async () => {
  const { link } = openRemote('proxy', {
    fetch: () => Promise.reject(new TypeError('connect ECONNREFUSED 192.168.1.5')),
  })
  await assert.rejects(
    link.ts(request),
    (error: unknown) =>
      error instanceof Failure && error.code === 'live/no-adapter' && !error.message.includes('192.168'),
  )
})

test('createRemoteLink() passing through stops asking when the viewer leaves', async () => {
  const viewer = new AbortController()
  const asking = Promise.withResolvers<void>()
  const hanging = (_url: string, init: RequestInit) => {
    asking.resolve()
    return new Promise<Response>((_resolve, reject) =>
      init.signal?.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError'))),
    )
  }
  const { link } = openRemote('proxy', { fetch: hanging })
  const asked = link.ts({ ...request, signal: viewer.signal })
  await asking.promise
  viewer.abort(new Error('the viewer left'))
  await assert.rejects(asked, /the viewer left/)
})

test('createRemoteLink() shortens a long user name instead of failing', async () => {
  const { link, adapter } = openRemote('redirect')
  const answer = await link.ts({ ...request, caller: { ...caller, user: 'ö'.repeat(300) } })
  assert.ok(answer.kind === 'redirect')
  assert.equal((await adapter.signer.read(tokenOf(answer.location)))?.scope.kind, 'channel')
})

/** A local link whose one viewer's sink and seat are in the test's hands. */
function openLocal() {
  const holds: string[] = []
  let relay: ByteSink | null = null
  const watch = (_channel: unknown, _viewer: unknown, sink: () => ByteSink) => {
    relay = sink()
    return Promise.resolve({ id: 'viewer-1', drained: () => {}, leave: () => void holds.push('left') })
  }
  const door = {
    hold(jti: string, viewerId: string) {
      holds.push(`hold ${jti} ${viewerId}`)
      return () => void holds.push('release')
    },
    recognize: (jti: string, viewerId: string) => void holds.push(`recognize ${jti} ${viewerId}`),
  }
  const link = createLocalLink({
    hub: () => ({ watch, shiftWindowMs: 0 }),
    hls: { hls: () => Promise.resolve({ kind: 'left' }) },
    door,
  })
  const join = async (who: Caller) => {
    const closed: unknown[] = []
    const answer = await link.ts({ ...request, caller: who })
    assert.ok(answer.kind === 'relay')
    const seat = await answer.join(() => ({ write: () => true, close: (failure) => void closed.push(failure) }))
    return { seat, closed, relay: relay ?? assert.fail('no sink') }
  }
  return { holds, join, link }
}
const linked: Caller = { ...caller, kind: 'link', linkSession: 'jti-1' }

test('createLocalLink() keeps the session of a signed link alive until its viewer leaves', async () => {
  const { holds, join } = openLocal()
  const { seat } = await join(linked)
  assert.deepEqual(holds, ['hold jti-1 viewer-1'])
  seat.leave()
  assert.deepEqual(holds, ['hold jti-1 viewer-1', 'release', 'left'])
})

test('createLocalLink() lets the session go when the relay closes, and passes the reason on', async () => {
  const { holds, join } = openLocal()
  const { relay, closed } = await join(linked)
  const failure = new Failure('live/stopped', 'Stopped by the owner')
  relay.close(failure)
  assert.deepEqual(holds, ['hold jti-1 viewer-1', 'release'])
  assert.deepEqual(closed, [failure])
})

test('createLocalLink() holds nothing for callers without a signed link', async () => {
  const { holds, join } = openLocal()
  await join(caller)
  assert.deepEqual(holds, [])
})

test('createLocalLink() names the viewer of an HLS request by signed link', async () => {
  const { holds, link } = openLocal()
  const hls = { channel: request.channel, query: new URLSearchParams(), signal: request.signal }
  await link.hls({ ...hls, caller: linked, path: '' })
  await link.hls({ ...hls, caller, path: 's1/v1/video.m3u8' })
  await link.hls({ ...hls, caller: linked, path: 's1/v1/video.m3u8' })
  assert.deepEqual(holds, ['recognize jti-1 v1'])
})

test('createRemoteLink() passing through tells the adapter that a player leaves; by redirect the player does it itself', async () => {
  const leave = {
    channel: request.channel,
    caller,
    path: 's1/v1/video.m3u8',
    query: new URLSearchParams(),
    leaves: true,
    signal: request.signal,
  }
  const proxy = openRemote('proxy')
  await proxy.link.hls(leave)
  assert.deepEqual(
    proxy.visits.map(({ what }) => what),
    ['left hls "s1/v1/video.m3u8" ""'],
  )
  const redirect = openRemote('redirect')
  assert.deepEqual(await redirect.link.hls(leave), { kind: 'left' })
  assert.deepEqual(redirect.adapter.requests, [])
})

/** A local link whose tape reaches ten minutes back, and whose sources keep the channel for an hour. */
function pastHouse({ windowMs = 600_000 }: { readonly windowMs?: number } = {}) {
  const opened: string[] = []
  const link = createLocalLink({
    hub: () => ({
      watch: () => Promise.reject(new TypeError('nobody joins here')),
      shiftWindowMs: windowMs,
      keeps: (_channel, behindMs) => behindMs <= windowMs,
    }),
    hls: { hls: () => Promise.reject(new TypeError('no HLS here')) },
    past: {
      reaches: (_channel, instant) => instant >= NOW - 3_600_000,
      async open({ span, viewer }) {
        opened.push(`${(NOW - span.from) / 60_000} ${(span.to - span.from) / 60_000} ${viewer.player}`)
        const body = new Blob([new Uint8Array(188)]).stream()
        const close = () => Promise.resolve()
        return { first: 0, last: null, size: null, partial: false, contentType: 'video/mp2t', body, close }
      },
    },
    door: null,
  })
  const ask = (minutes: number, lastsMs: number | null = null) => {
    const behindMs = minutes * 60_000
    const past = { from: NOW - behindMs, lastsMs, range: null, player: 'Kodi' }
    return link.ts({ ...request, behindMs, past })
  }
  return { ask, opened }
}
const NOW = Date.UTC(2026, 10, 21, 20, 20)

test('createLocalLink() takes the past from our own tape where it reaches, else from a source', async () => {
  const { ask, opened } = pastHouse()
  const kinds = [(await ask(5)).kind, (await ask(30, 2_700_000)).kind, (await ask(40)).kind]
  assert.deepEqual(
    [kinds, opened],
    [
      ['relay', 'file', 'file'],
      ['30 45 Kodi', '40 40 Kodi'],
    ],
  )
})

test('createLocalLink() starts where the tape begins when nobody has kept the instant', async () => {
  assert.equal((await pastHouse().ask(90)).kind, 'relay')
  await assert.rejects(
    pastHouse({ windowMs: 0 }).ask(90),
    (error: unknown) => error instanceof Failure && error.code === 'live/no-time-shift',
  )
})

test('createRemoteLink() passes the wish for a programme on as an instant and a length', async () => {
  const { link, adapter } = openRemote('proxy')
  const past = { from: NOW - 3_600_000, lastsMs: 2_700_000, range: { first: 188, last: null }, player: 'Kodi' }
  await link.ts({ ...request, behindMs: 3_600_000, past })
  const { url = '', init } = adapter.requests.at(-1) ?? {}
  assert.deepEqual(Object.fromEntries(new URL(url).searchParams), {
    start: String(NOW / 1000 - 3600),
    duration: '2700',
  })
  assert.equal(new Headers(init?.headers).get('range'), 'bytes=188-')
})

for (const way of ['redirect', 'proxy'] as const)
  test(`createRemoteLink() by ${way} tells the adapter by which face the viewer came`, async () => {
    const { link, adapter } = openRemote(way)
    const hls = { channel: request.channel, caller: request.caller, path: '', query: new URLSearchParams('audio=aac') }
    const answers = [
      await link.ts({ ...request, mode: 'xtream' }),
      await link.hls({ ...hls, mode: 'xtream', signal: request.signal }),
      await link.hls({ ...hls, signal: request.signal }),
    ]
    const sent = answers.map((answer, index) =>
      answer.kind === 'redirect' ? answer.location : (adapter.requests[index]?.url ?? ''),
    )
    assert.deepEqual(
      sent.map((url) => new URL(url).search),
      ['?via=xtream', '?audio=aac&via=xtream', '?audio=aac'],
    )
  })
