import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalLink } from '../../../adapters/link/local-link.ts'
import { createRemoteLink } from '../../../adapters/link/remote-link.ts'
import type { RemoteLinkParts } from '../../../adapters/link/remote-link.ts'
import { createSnapshotClient } from '../../../adapters/link/snapshot-client.ts'
import { createFrontPeople } from '../../../core/access/front-people.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createTokenMint } from '../../../core/access/token-mint.ts'
import type { ByteSink, Hub, ViewerInfo } from '../../../core/live/hub.ts'
import { createApp } from '../../../handlers/app.ts'
import { guideFace } from '../../../handlers/guide.ts'
import { liveFace } from '../../../handlers/live.ts'
import { logoFace } from '../../../handlers/logo.ts'
import { playlistFace } from '../../../handlers/playlist.ts'
import { snapshotFace } from '../../../handlers/snapshot.ts'
import { streamOutlet } from '../../../handlers/stream-outlet.ts'
import { fakeHouse, STRANGER } from '../../fakes/gateway.ts'

/** The whole way on two applications that share nothing but a key: playlist, redirect, session, stream. */
function openTwoHouses(mode: RemoteLinkParts['mode'] = 'redirect', keys = `k1:${'A'.repeat(43)}`) {
  const seats: { readonly viewer: ViewerInfo; readonly sink: ByteSink; left: boolean }[] = []
  const hub: Pick<Hub, 'watch' | 'shiftWindowMs'> = {
    shiftWindowMs: 0,
    watch(_channel, viewer, sink) {
      const seat = { viewer, sink: sink(), left: false }
      seats.push(seat)
      seat.sink.write(new Uint8Array([0x47, 1, 2, 3]))
      return Promise.resolve({ id: `viewer-${seats.length}`, drained: () => {}, leave: () => void (seat.left = true) })
    },
  }
  const home = fakeHouse()
  const hls = { hls: () => assert.fail('nobody asks for HLS here') }
  const live = createLocalLink({ hub: () => hub, hls, door: home.links })
  const adapter = createApp(
    { ...home.gateway, role: 'adapter', live, outlet: streamOutlet },
    { viewing: [], linked: [snapshotFace, logoFace, liveFace] },
  )
  const adapterHeaders = { host: 'home.example.org', 'x-test-peer': '203.0.113.9' }
  const reachAdapter = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers({ ...adapterHeaders, ...Object.fromEntries(new Headers(init.headers)) })
    return adapter.request(url, { ...init, headers })
  }

  const ring = createKeyRing(parseLinkKeys(keys))
  const common = {
    adapterUrl: 'https://home.example.org',
    ring,
    fetch: reachAdapter,
    now: home.gateway.now,
    random: systemRandom,
  }
  const snapshots = createSnapshotClient({ ...common, log: () => {} })
  const front = createApp(
    {
      ...home.gateway,
      role: 'gateway',
      ...createFrontPeople({ ...common, fixed: [], news: snapshots }),
      rules: { anonymous: 'none', trustedProxies: [], hosts: ['tv.example.org'] },
      tokens: null,
      links: null,
      lineup: snapshots.lineup,
      guide: snapshots.guide,
      live: createRemoteLink({ ...common, ttlSeconds: 300, mode }),
      logos: snapshots,
      publicUrl: 'https://tv.example.org',
    },
    { viewing: [playlistFace, guideFace, logoFace, liveFace], linked: [] },
  )
  const reachFront = async (path: string, init: RequestInit = {}): Promise<Response> => {
    await snapshots.freshen()
    return front.request(path, { ...init, headers: { host: 'tv.example.org', ...STRANGER, ...init.headers } })
  }
  return { home, seats, reachAdapter, reachFront }
}

const firstBytes = async (response: Response) => {
  const reader = response.body?.getReader() ?? assert.fail('no body')
  const { value } = await reader.read()
  return { bytes: value, leave: () => reader.cancel() }
}

test('a front and an adapter show a channel to the holder of a viewing token', async () => {
  const { home, seats, reachAdapter, reachFront } = openTwoHouses()
  const token = (await home.tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()

  const playlist = await (await reachFront(`/t/${token}/playlist.m3u`)).text()
  assert.ok(playlist.includes(`https://tv.example.org/t/${token}/live/c1.ts`), playlist)

  const redirect = await reachFront(`/t/${token}/live/c1.ts`)
  assert.equal(redirect.status, 302)
  assert.equal(redirect.headers.get('cache-control'), 'no-store')
  const location = redirect.headers.get('location') ?? ''
  assert.match(location, /^https:\/\/home\.example\.org\/s\/[^/]+\/live\/c1\.ts$/)

  const stream = await reachAdapter(location)
  assert.equal(stream.status, 200)
  assert.equal(stream.headers.get('content-type'), 'video/mp2t')
  assert.equal(stream.headers.get('access-control-allow-origin'), '*')
  const { bytes, leave } = await firstBytes(stream)
  assert.deepEqual(bytes, new Uint8Array([0x47, 1, 2, 3]))
  assert.equal(seats[0]?.viewer.address, '203.0.113.9')

  home.clock.now += 3_600_000
  assert.equal(home.links.size, 1) // the open connection keeps the session
  await leave()
  assert.equal(seats[0]?.left, true)
  home.clock.now += 31_000
  assert.equal(home.links.size, 0)
  assert.equal((await reachAdapter(location)).status, 403)
})

test('a front stops a viewing token that was revoked at home within 15 s', async () => {
  const { home, reachFront } = openTwoHouses()
  const { record, token } = await home.tokens.add({ kind: 'viewing', name: 'Kodi' })
  assert.equal((await reachFront(`/t/${token.reveal()}/playlist.m3u`)).status, 200)
  await home.tokens.revoke(record.id)
  home.clock.now += 15_000
  assert.equal((await reachFront(`/t/${token.reveal()}/playlist.m3u`)).status, 403)
})

test('a front lets nobody in without a token, and has no door of its own', async () => {
  const { reachFront } = openTwoHouses()
  assert.equal((await reachFront('/playlist.m3u')).status, 401)
  assert.equal((await reachFront('/live/c1.ts')).status, 401)
  assert.equal((await reachFront('/s/x/live/c1.ts')).status, 404)
})

test('a front opens nothing for HEAD', async () => {
  const { home, seats, reachFront } = openTwoHouses('proxy')
  const token = (await home.tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()
  const response = await reachFront(`/t/${token}/live/c1.ts`, { method: 'HEAD' })
  assert.equal(response.status, 200)
  assert.deepEqual(seats, [])
})

test('a front that passes bytes through lets the adapter know when the viewer leaves', async () => {
  const { home, seats, reachFront } = openTwoHouses('proxy')
  const token = (await home.tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()
  const response = await reachFront(`/t/${token}/live/c1.ts`)
  assert.equal(response.status, 200)
  const { bytes, leave } = await firstBytes(response)
  assert.deepEqual(bytes, new Uint8Array([0x47, 1, 2, 3]))
  await leave()
  assert.equal(seats[0]?.left, true)
})

test('a front with another key gets no line-up, and its viewers an honest 503', async () => {
  const keys = `k1:${'B'.repeat(42)}A`
  const { reachFront } = openTwoHouses('redirect', keys)
  const token = await createTokenMint(createKeyRing(parseLinkKeys(keys))).print('viewing', 'abcdefgh')
  const response = await reachFront(`/t/${token}/playlist.m3u`)
  assert.deepEqual([response.status, response.headers.get('x-downlink-error')], [503, 'lineup/not-ready'])
})

test('a session that the owner stopped cannot be opened again with the same link', async () => {
  const { home, seats, reachAdapter, reachFront } = openTwoHouses()
  const token = (await home.tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()
  const location = (await reachFront(`/t/${token}/live/c1.ts`)).headers.get('location') ?? ''
  const stream = await reachAdapter(location)
  assert.equal(home.links.stopViewer('viewer-1'), true)
  seats[0]?.sink.close(null)
  await stream.body?.cancel()
  assert.equal((await reachAdapter(location)).status, 403)
  const again = (await reachFront(`/t/${token}/live/c1.ts`)).headers.get('location') ?? ''
  const { leave } = await firstBytes(await reachAdapter(again))
  await leave()
})
