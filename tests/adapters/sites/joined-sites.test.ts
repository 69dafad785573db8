import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdapterWatch } from '../../../adapters/link/adapter-watch.ts'
import { createRemoteLink } from '../../../adapters/link/remote-link.ts'
import type { RemoteLinkParts } from '../../../adapters/link/remote-link.ts'
import { createSnapshotClient } from '../../../adapters/link/snapshot-client.ts'
import { joinLive } from '../../../adapters/sites/joined-live.ts'
import { joinSnapshots } from '../../../adapters/sites/joined-snapshots.ts'
import { joinVod } from '../../../adapters/sites/joined-vod.ts'
import type { Site } from '../../../adapters/sites/site.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { Failure } from '../../../core/errors.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { FIRST_VOD_NUMBER } from '../../../core/lineup/vod-numbers.ts'
import type { VodPlay } from '../../../core/lineup/vod-desk.ts'
import { KEYS_A_SITE } from '../../../core/sites/site-keys.ts'
import { fakeAdapter } from '../../fakes/adapter.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const caller: Caller = {
  kind: 'token',
  user: 'Kitchen',
  role: 'viewer',
  address: '203.0.113.9',
  loopback: false,
  mayWatch: true,
  prefix: '/t/x',
}
const { signal } = new AbortController()
const programme = (title: string, start: number) => ({
  title,
  start,
  stop: start + 3_600_000,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
})
const dead = () => Promise.reject(new TypeError('fetch failed'))
const isNoAdapter = (error: unknown) => error instanceof Failure && error.code === 'live/no-adapter'

/** Films of a site that says what it was asked. */
const filmsOf = (id: string): Site['vod'] => ({
  shelves: () => [{ id: sourceId('films'), name: `Films of ${id}`, catalogue: {} as never }],
  poster: async (source) => ({
    bytes: new TextEncoder().encode(`${id} ${source}`),
    contentType: 'image/png',
    tag: '1',
  }),
  open: () => assert.fail('nobody is sent here'),
  location: async ({ sourceId: source }) => `https://${id}.example.org/${source}`,
  numbers: {
    numbersOf: async (source, _kind, items) =>
      items.map((_, index) => (source === 'films' ? FIRST_VOD_NUMBER + 7 + index : 0)),
    find: async (number) =>
      number === FIRST_VOD_NUMBER + 7 ? { sourceId: sourceId('films'), kind: 'film', item: `of ${id}` } : null,
  },
})

/** Two houses with the same channel keys behind one front. */
async function twoSites(mode: RemoteLinkParts['mode'] = 'redirect') {
  const open = (id: string, number: number) => {
    const adapter = fakeAdapter({
      lineup: {
        revision: `${number}`,
        channels: [fakeChannel(1, { name: `One of ${id}` }), fakeChannel(2, { name: `Two of ${id}` })],
        groups: [{ name: 'All', order: 0 }],
      },
      programmes: (channel) => [programme(`${id} ${channel.key}`, adapter.clock.now)],
    })
    const state = { answer: adapter.fetch }
    const parts = {
      adapterUrl: `http://${id}.example.org`,
      ring: createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`)),
      fetch: (url: string, init: RequestInit) => state.answer(url, init),
      now: () => adapter.clock.now,
      random: systemRandom,
      log: () => {},
      ttlSeconds: 300,
      mode,
    }
    const live = createRemoteLink({ ...parts, watch: createAdapterWatch(parts) })
    const site: Site = { id, number, numbersFrom: 0, snapshots: createSnapshotClient(parts), live, vod: filmsOf(id) }
    return { adapter, state, site }
  }
  const [home, cabin] = [open('home', 0), open('cabin', 1)]
  const sites = [home.site, cabin.site]
  return { home, cabin, snapshots: joinSnapshots(sites), live: joinLive(sites), vod: joinVod(sites) }
}

const find = (channels: readonly Channel[], name: string): Channel => {
  const found = channels.find((channel) => channel.name === name)
  assert.ok(found, name)
  return found
}
const watch = (channel: Channel) => ({ channel, caller, quality: 'original' as const, signal })

test('joinSnapshots() shows the channels of both sites, with the guide of each', async () => {
  const { snapshots, home } = await twoSites()
  assert.equal(snapshots.ready(), false)
  assert.throws(() => snapshots.lineup.current(), Failure)
  await snapshots.freshen()
  const { channels } = snapshots.lineup.current()
  assert.deepEqual(
    channels.map(({ name }) => name),
    ['One of home', 'One of cabin', 'Two of home', 'Two of cabin'],
  )
  const now = home.adapter.clock.now
  for (const [name, title] of [
    ['One of home', 'home 1'],
    ['Two of cabin', 'cabin 2'],
  ] as const) {
    const [first] = await snapshots.guide.programmes(find(channels, name), { from: now, to: now + 1 })
    assert.equal(first?.title, title)
  }
})

test('joinSnapshots() makes the joined line-up anew only when a site has another one', async () => {
  const { snapshots, home, cabin } = await twoSites()
  await snapshots.freshen()
  const first = snapshots.lineup.current()
  assert.equal(snapshots.lineup.current(), first)
  cabin.adapter.state.lineup = { ...cabin.adapter.state.lineup, revision: '9', channels: [fakeChannel(1)] }
  for (const { adapter } of [home, cabin]) adapter.clock.now += 15_000
  await snapshots.freshen()
  const second = snapshots.lineup.current()
  assert.equal(second.channels.length, 3)
  assert.notEqual(second.revision, first.revision)
})

test('joinSnapshots() shows one site while the other has told nothing yet, and waits for it once', async () => {
  const { snapshots, cabin, home } = await twoSites()
  let asked = 0
  cabin.state.answer = () => {
    asked++
    return new Promise(() => {})
  }
  await snapshots.freshen()
  assert.equal(snapshots.lineup.current().channels.length, 2)
  // Were it waited for each time, this would take longer than a test may.
  for (let request = 0; request < 60; request++) await snapshots.freshen()
  assert.equal(asked, 1)
  cabin.state.answer = cabin.adapter.fetch
  for (const { adapter } of [home, cabin]) adapter.clock.now += 60_000
  await snapshots.freshen()
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(snapshots.lineup.current().channels.length, 4)
})

test('joinSnapshots() knows the revoked tokens of both', async () => {
  const { snapshots, home, cabin } = await twoSites()
  const ids = []
  for (const { adapter } of [home, cabin]) {
    const { record } = await adapter.tokens.add({ kind: 'viewing', name: 'Old' })
    await adapter.tokens.revoke(record.id)
    ids.push(record.id)
  }
  await snapshots.freshen()
  assert.deepEqual(snapshots.revoked(), new Set(ids))
})

test('joinLive() sends each viewer to the site that has the channel, by its own id', async () => {
  const { snapshots, live, home, cabin } = await twoSites()
  await snapshots.freshen()
  const { channels } = snapshots.lineup.current()
  for (const [name, { adapter }, host] of [
    ['One of home', home, 'home'],
    ['One of cabin', cabin, 'cabin'],
  ] as const) {
    const answer = await live.ts(watch(find(channels, name)))
    assert.ok(answer.kind === 'redirect')
    assert.match(answer.location, new RegExp(`^http://${host}\\.example\\.org/s/[^/]+/live/c1\\.ts$`))
    assert.equal(await (await adapter.fetch(answer.location)).text(), 'original of c1')
  }
})

test('joinLive() plays one site while the other does not answer', async () => {
  const { snapshots, live, cabin } = await twoSites()
  await snapshots.freshen()
  const { channels } = snapshots.lineup.current()
  cabin.state.answer = dead
  const request = { ...watch(find(channels, 'Two of cabin')), path: '', query: new URLSearchParams() }
  await assert.rejects(live.ts(request), isNoAdapter)
  await assert.rejects(live.hls(request), isNoAdapter)
  assert.equal((await live.ts(watch(find(channels, 'One of home')))).kind, 'redirect')
  assert.equal(snapshots.lineup.current().channels.length, 4)
})

test('joinLive() passes lists on with the name that the channel has here', async () => {
  const { snapshots, live, cabin } = await twoSites('proxy')
  await snapshots.freshen()
  const channel = find(snapshots.lineup.current().channels, 'One of cabin')
  const { fetch } = cabin.adapter
  cabin.state.answer = async (url, init) => {
    const response = await fetch(url, init)
    const headers = { 'content-type': 'application/vnd.apple.mpegurl', 'content-length': '17' }
    return url.includes('.m3u8') ? new Response('../hls/c1/v.m3u8\n', { headers }) : response
  }
  const answer = await live.hls({ channel, caller, path: '', query: new URLSearchParams(), signal })
  assert.ok(answer.kind === 'response')
  assert.equal(await answer.response.text(), `../hls/c${KEYS_A_SITE + 1}/v.m3u8\n`)
  assert.equal(answer.response.headers.get('content-length'), null)
})

test('joinLive() knows no channel of a site that is gone', async () => {
  const { live } = await twoSites()
  assert.throws(() => live.ts(watch(fakeChannel(5 * KEYS_A_SITE + 1))), isNoAdapter)
})

test('joinVod() keeps films of the same source id apart, in names and numbers', async () => {
  const { vod } = await twoSites()
  assert.deepEqual(
    vod.shelves().map(({ id, name }) => [id, name]),
    [
      ['films', 'Films of home'],
      ['cabin.films', 'Films of cabin'],
    ],
  )
  const play = { item: { kind: 'film', id: '1' }, viewer: { user: null, address: '', player: '' }, range: null, signal }
  const location = (source: string) => vod.location?.({ ...play, sourceId: sourceId(source) } as VodPlay)
  assert.equal(await location('films'), 'https://home.example.org/films')
  assert.equal(await location('cabin.films'), 'https://cabin.example.org/films')
  await assert.rejects(
    async () => location('barn.films'),
    (error) => error instanceof Failure && error.code === 'lineup/unknown-source',
  )
  const poster = await vod.poster(sourceId('cabin.films'), { kind: 'film', id: '1' }, signal)
  assert.equal(new TextDecoder().decode(poster?.bytes), 'cabin films')
  const numbers = []
  for (const source of ['films', 'cabin.films']) {
    const [number = 0] = await vod.numbers.numbersOf(sourceId(source), 'film', ['1'])
    numbers.push(number)
    const found = await vod.numbers.find(number)
    assert.deepEqual([found?.sourceId, found?.item], [source, source === 'films' ? 'of home' : 'of cabin'])
  }
  assert.equal(new Set(numbers).size, 2)
  assert.equal(await vod.numbers.find(FIRST_VOD_NUMBER + 9 * KEYS_A_SITE + 7), null)
})
