import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSnapshotClient } from '../../../adapters/link/snapshot-client.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { Failure } from '../../../core/errors.ts'
import type { Programme } from '../../../core/guide/programme.ts'
import { fakeAdapter } from '../../fakes/adapter.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const programme: Programme = {
  title: 'Tatort',
  start: Date.UTC(2026, 10, 21, 20, 15),
  stop: Date.UTC(2026, 10, 21, 21, 45),
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
}

function openClient() {
  const adapter = fakeAdapter({ programmes: (channel) => (channel.key === 1 ? [programme] : []) })
  const state = { answer: adapter.fetch }
  const logged: string[] = []
  const client = createSnapshotClient({
    adapterUrl: 'http://home.example.org',
    ring: createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`)),
    fetch: (url, init) => state.answer(url, init),
    now: () => adapter.clock.now,
    random: systemRandom,
    log: (_level, event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`),
  })
  const paths = () => adapter.requests.map(({ url }) => new URL(url).pathname.replace(/^\/s\/[^/]+/, ''))
  return { adapter, client, state, logged, paths }
}
const isNoAdapter = (error: unknown) => error instanceof Failure && error.code === 'live/no-adapter'
const dead = () => Promise.reject(new TypeError('connect ECONNREFUSED'))
const refuse = (status: number) => () => Promise.resolve(new Response('<html>', { status }))

test('createSnapshotClient() knows line-up and guide after the first freshen()', async () => {
  const { client } = openClient()
  assert.equal(client.ready(), false)
  assert.throws(
    () => client.lineup.current(),
    (error: unknown) => error instanceof Failure && error.code === 'lineup/not-ready',
  )
  await client.freshen()
  assert.equal(client.ready(), true)
  assert.deepEqual(
    client.lineup.current().channels.map(({ id }) => id),
    ['c1', 'c2'],
  )
  assert.deepEqual(await client.guide.programmes(fakeChannel(1), { from: programme.start, to: programme.stop }), [
    programme,
  ])
  assert.equal(client.guide.revision(), '3')
})

test('createSnapshotClient() finds channels by id, number and service reference', async () => {
  const { client } = openClient()
  await client.freshen()
  const { byId, byNumber, byServiceRef } = client.lineup.current()
  assert.deepEqual(
    [byId.size, byNumber.get('2')?.id, byServiceRef.get('1:0:19:1:3EF:1:C00000:0:0:0:')?.id],
    [2, 'c2', 'c1'],
  )
})

test('createSnapshotClient() asks again after 15 s only, and gets 304 while nothing changed', async () => {
  const { client, adapter, paths } = openClient()
  await client.freshen()
  await client.freshen()
  assert.deepEqual(paths(), ['/snapshot/lineup', '/snapshot/people', '/snapshot/guide'])
  const { channels } = client.lineup.current()
  adapter.clock.now += 15_000
  await client.freshen()
  assert.equal(paths().length, 6)
  assert.notEqual(new Headers(adapter.requests[3]?.init.headers).get('if-none-match'), null)
  assert.equal(client.lineup.current().channels, channels)
})

test('createSnapshotClient() takes over a new line-up and revoked tokens', async () => {
  const { client, adapter } = openClient()
  await client.freshen()
  const { record } = await adapter.tokens.add({ kind: 'viewing', name: 'Old' })
  await adapter.tokens.revoke(record.id)
  adapter.state.lineup = { ...adapter.state.lineup, revision: '8', channels: [fakeChannel(5)] }
  adapter.clock.now += 15_000
  await client.freshen()
  assert.deepEqual(
    client.lineup.current().channels.map(({ id }) => id),
    ['c5'],
  )
  assert.deepEqual(client.revoked(), new Set([record.id]))
})

for (const { name, answer } of [
  { name: 'is not reachable', answer: dead },
  { name: 'answers 500', answer: refuse(500) },
  { name: 'refuses our key', answer: refuse(403) },
  { name: 'answers a web page', answer: refuse(200) },
  {
    name: 'redirects',
    answer: () => Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://evil.example' } })),
  },
  { name: 'sends another format', answer: () => Promise.resolve(Response.json({ format: 99 })) },
]) {
  test(`createSnapshotClient() keeps the last good state when the adapter ${name}`, async () => {
    const { client, adapter, state, logged } = openClient()
    await client.freshen()
    state.answer = answer
    adapter.clock.now += 15_000
    await client.freshen()
    assert.equal(client.lineup.current().channels.length, 2)
    assert.match(logged.at(-1) ?? '', /^snapshot-failed/)
  })
}

test('createSnapshotClient() is not ready before it knows the people, whatever becomes of them', async () => {
  const { client, adapter, state } = openClient()
  state.answer = (url, init = {}) => (url.includes('/people') ? refuse(500)() : adapter.fetch(url, init))
  await client.freshen()
  assert.equal(client.ready(), false)
  assert.throws(
    () => client.lineup.current(),
    (error: unknown) => error instanceof Failure && error.code === 'lineup/not-ready',
  )
  state.answer = adapter.fetch
  adapter.clock.now += 5_000
  await client.freshen()
  assert.equal(client.ready(), true)
  assert.notEqual(client.people(), null)
})

test('createSnapshotClient() takes an adapter for an old one only if that refuses the path from the beginning', async () => {
  const { client, adapter, state } = openClient()
  const old = (url: string, init: RequestInit = {}) =>
    url.includes('/people')
      ? Promise.resolve(new Response(null, { status: 403, headers: { 'x-downlink-error': 'access/bad-link' } }))
      : adapter.fetch(url, init)
  state.answer = old
  await client.freshen()
  assert.deepEqual([client.ready(), client.people()], [true, null])
  state.answer = adapter.fetch
  adapter.clock.now += 15_000
  await client.freshen()
  const known = client.people()
  assert.notEqual(known, null)
  state.answer = old
  adapter.clock.now += 15_000
  await client.freshen()
  assert.equal(client.people(), known)
})

test('createSnapshotClient() looks again when it is asked to, but not all the time', async () => {
  const { client, paths, adapter } = openClient()
  await client.freshen()
  await client.lookAgain()
  assert.equal(paths().length, 3)
  adapter.clock.now += 2_000
  await client.lookAgain()
  assert.equal(paths().length, 6)
})

test('createSnapshotClient() tries a silent adapter again after 5 s, not at every request', async () => {
  const { client, adapter, state } = openClient()
  let asked = 0
  state.answer = () => (asked++, dead())
  for (let n = 0; n < 3; n++) await client.freshen()
  assert.equal(asked, 1)
  adapter.clock.now += 5_000
  state.answer = adapter.fetch
  await client.freshen()
  assert.equal(client.ready(), true)
})

test('createSnapshotClient() answers many first requests with one question', async () => {
  const { client, paths } = openClient()
  await Promise.all([client.freshen(), client.freshen(), client.freshen()])
  assert.equal(client.ready(), true)
  assert.deepEqual(paths(), ['/snapshot/lineup', '/snapshot/people', '/snapshot/guide'])
})

test('createSnapshotClient() goes on when an edge platform stopped an earlier question for good', async () => {
  const { client, adapter, state } = openClient()
  await client.freshen()
  const stopped = new Promise<Response>(() => {})
  state.answer = () => stopped
  adapter.clock.now += 15_000
  void client.freshen()
  state.answer = adapter.fetch
  adapter.state.lineup = { ...adapter.state.lineup, revision: '8', channels: [fakeChannel(5)] }
  adapter.clock.now += 41_000
  await client.freshen()
  assert.deepEqual(
    client.lineup.current().channels.map(({ id }) => id),
    ['c5'],
  )
})

test('createSnapshotClient() never logs the link it asked with', async () => {
  const { client, state, logged } = openClient()
  state.answer = (url) => Promise.reject(new TypeError(`cannot fetch ${url}`))
  await client.freshen()
  assert.ok(logged.length > 0)
  assert.doesNotMatch(logged.join(), /\/s\/|home\.example/)
})

for (const { name, answer, found } of [
  {
    name: 'a picture',
    answer: new Response('GIF89a', { headers: { 'content-type': 'image/png', etag: '"abc"' } }),
    found: { contentType: 'image/gif', tag: 'abc', size: 6 },
  },
  { name: 'none', answer: new Response(null, { status: 404 }), found: null },
  {
    name: 'something that is no picture',
    answer: new Response('<svg>', { headers: { 'content-type': 'image/svg+xml' } }),
    found: null,
  },
]) {
  test(`logo() gives ${name} of the adapter`, async () => {
    const { client, state } = openClient()
    let asked = ''
    state.answer = (url) => ((asked = url), Promise.resolve(answer))
    const logo = await client.logo(fakeChannel(1), new AbortController().signal)
    assert.match(asked, /\/s\/[^/]+\/logo\/c1$/)
    assert.deepEqual(
      logo === null ? null : { contentType: logo.contentType, tag: logo.tag, size: logo.bytes.length },
      found,
    )
  })
}

test('logo() fails with live/no-adapter when the adapter sends more than 2 MiB, or nothing', async () => {
  const { client, state } = openClient()
  state.answer = () =>
    Promise.resolve(new Response(new Uint8Array(2 * 1024 * 1024 + 1), { headers: { 'content-type': 'image/png' } }))
  await assert.rejects(client.logo(fakeChannel(1), new AbortController().signal), isNoAdapter)
  state.answer = dead
  await assert.rejects(client.logo(fakeChannel(1), new AbortController().signal), isNoAdapter)
})
