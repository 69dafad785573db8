import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSnapshotClient } from '../../../adapters/link/snapshot-client.ts'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createPublication } from '../../../core/snapshots/publication.ts'
import type { PublisherId } from '../../../core/snapshots/publisher-key.ts'
import { createSiteShelf } from '../../../core/snapshots/site-shelf.ts'
import type { SnapshotStore } from '../../../core/snapshots/store.ts'
import { createApp } from '../../../handlers/app.ts'
import { snapshotContents } from '../../../handlers/publishing/snapshot-contents.ts'
import { snapshotFace, snapshotParts } from '../../../handlers/snapshot.ts'
import { fakeChannel, fakeHouse } from '../../fakes/gateway.ts'
import { newPublisherKey } from '../../fakes/publishing-house.ts'

const MINUTE = 60_000
const never = new AbortController().signal
const dead = () => Promise.reject(new TypeError('fetch failed'))

/** An adapter that publishes, and fronts over one store that ask it. `old`: it is of a version that publishes nothing. */
async function open({ old = false }: { readonly old?: boolean } = {}) {
  const home = fakeHouse()
  const now = () => home.clock.now
  const key = await newPublisherKey()
  const pace = { sliceMs: 8, now: () => performance.now(), giveWay: () => Promise.resolve() }
  const publication = createPublication({
    site: 'home',
    key,
    store: createMemorySnapshotStore({ now }),
    parts: snapshotParts(home.gateway),
    pace,
    now,
  })
  const linked = old ? [snapshotFace] : [snapshotFace, () => snapshotContents(publication)]
  const app = createApp({ ...home.gateway, role: 'adapter' }, { viewing: [], linked })
  const adapter = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('host', new URL(url).host)
    return app.request(url, { ...init, headers })
  }
  const state = { answer: adapter }
  const paths: string[] = []
  const store = createMemorySnapshotStore({ now })
  const logged: string[] = []
  const openFront = (publishers: readonly PublisherId[] | null = [key.id], place: SnapshotStore = store) => {
    const shelf = createSiteShelf({ site: 'home', publishers, store: place, now })
    const client = createSnapshotClient({
      adapterUrl: 'http://home.example.org',
      ring: createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`)),
      fetch(url, init) {
        paths.push(new URL(url).pathname.replace(/^\/s\/[^/]+/, '').replace(/content\/.*/, 'content'))
        return state.answer(url, init)
      },
      now,
      random: systemRandom,
      log: (_level, event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`),
      kept: { store: place, shelf },
    })
    return { shelf, client, ids: () => client.lineup.current().channels.map(({ id }) => id) }
  }
  /** What a push leaves in the store. */
  const push = async (): Promise<void> => {
    const { shelf } = openFront()
    const { signed } = await publication.refresh(never)
    const offer = await shelf.offer(signed, 'push')
    if (offer.kind !== 'missing') return assert.equal(offer.kind, 'taken')
    for (const name of offer.names) {
      const bytes = await publication.content(name)
      assert.ok(bytes)
      await store.put(name, bytes)
    }
    assert.equal((await shelf.offer(signed, 'push')).kind, 'taken')
  }
  const show = (...keys: number[]): void => {
    const { lineup } = home.state
    home.state.lineup = {
      ...lineup,
      revision: `${Number(lineup.revision) + 1}`,
      channels: keys.map((one) => fakeChannel(one)),
    }
  }
  return { home, adapter, state, paths, store, logged, openFront, push, show, publication }
}

const MANIFEST = '/snapshot/manifest'
const CONTENT = '/snapshot/content'

test('createSnapshotClient() with a store fetches what is signed, and only what is new', async () => {
  const { openFront, paths, home, show } = await open()
  const { client, ids } = openFront()
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2'])
  assert.notEqual(client.people(), null)
  assert.deepEqual(paths.splice(0), [MANIFEST, CONTENT, CONTENT, CONTENT])
  home.clock.now += 15_000
  await client.freshen()
  assert.deepEqual(paths.splice(0), [MANIFEST])
  show(1, 2, 3)
  home.clock.now += 15_000
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2', 'c3'])
  assert.equal(paths[0], MANIFEST)
  assert.ok(paths.length <= 3, paths.join())
})

test('createSnapshotClient() with a store knows everything after a start while the house sleeps', async () => {
  const { openFront, state } = await open()
  await openFront().client.freshen()
  state.answer = dead
  const { client, ids } = openFront()
  await client.freshen()
  assert.equal(client.ready(), true)
  assert.deepEqual(ids(), ['c1', 'c2'])
})

test('createSnapshotClient() believes no adapter whose manifest nobody has signed that it knows', async () => {
  const { openFront, store, logged } = await open()
  const { client } = openFront([(await newPublisherKey()).id])
  await client.freshen()
  assert.equal(client.ready(), false)
  assert.equal(await store.pointer('home'), null)
  assert.match(logged.join('\n'), /No publisher of \\"home\\" has signed/)
})

test('createSnapshotClient() believes no older adapter either where it knows publishers', async () => {
  const { openFront } = await open({ old: true })
  const { client } = openFront()
  await client.freshen()
  assert.equal(client.ready(), false)
})

test('createSnapshotClient() takes part by part from an older adapter that nobody has to vouch for', async () => {
  const { openFront, paths } = await open({ old: true })
  const { client, ids } = openFront(null)
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2'])
  assert.deepEqual(paths, [MANIFEST, '/snapshot/lineup', '/snapshot/people', '/snapshot/guide'])
})

test('createSnapshotClient() takes what an adapter tells that nobody has to vouch for, and keeps it', async () => {
  const { openFront, state } = await open()
  await openFront(null).client.freshen()
  state.answer = dead
  const { client, ids } = openFront(null)
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2'])
})

test('createSnapshotClient() does not ask an adapter that publishes, until that is silent for an hour', async () => {
  const { openFront, push, paths, home, show } = await open()
  await push()
  const { client, ids } = openFront()
  await client.freshen()
  assert.deepEqual([ids(), paths], [['c1', 'c2'], []])
  show(1, 2, 3)
  await push()
  home.clock.now += 15_000
  await client.freshen()
  assert.deepEqual([ids(), paths], [['c1', 'c2', 'c3'], []])
  home.clock.now += 61 * MINUTE
  await client.freshen()
  assert.deepEqual(paths.splice(0), [MANIFEST])
})

test('createSnapshotClient() asks even a publishing adapter about somebody whom only that may know', async () => {
  const { openFront, push, paths, home } = await open()
  await push()
  const { client } = openFront()
  await client.freshen()
  home.clock.now += 2_000
  await client.lookAgain()
  assert.deepEqual(paths, [MANIFEST])
})

test('createSnapshotClient() takes over at once what has just come', async () => {
  const { openFront, push, show } = await open()
  await push()
  const { client, ids } = openFront()
  await client.freshen()
  show(9)
  await push()
  await client.reload()
  assert.deepEqual(ids(), ['c9'])
})

test('createSnapshotClient() begins with the manifest before where a store is late with contents', async () => {
  const { openFront, push, show, store, publication, state } = await open()
  await push()
  show(9)
  await push()
  state.answer = dead
  const { manifest } = await publication.refresh(never)
  const [late] = manifest.parts['lineup']?.contents ?? []
  const place: SnapshotStore = { ...store, get: async (name) => (name === late ? null : store.get(name)) }
  const { client, ids } = openFront(undefined, place)
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2'])
})

test('createSnapshotClient() keeps what it knows when its store is spoilt', async () => {
  const { openFront, push, show, store, state, home } = await open()
  await push()
  const place = { ...store }
  const { client, ids } = openFront(undefined, place)
  await client.freshen()
  show(9)
  await push()
  state.answer = dead
  place.get = async (name) => (await store.get(name))?.fill(0) ?? null
  home.clock.now += 15_000
  await client.freshen()
  assert.deepEqual(ids(), ['c1', 'c2'])
})

test('createSnapshotClient() takes no bytes of an adapter that are others than it has signed', async () => {
  const { openFront, state, adapter, logged } = await open()
  state.answer = async (url, init) =>
    url.includes('/content/') ? new Response(new Uint8Array([1, 2, 3])) : adapter(url, init)
  const { client } = openFront()
  await client.freshen()
  assert.equal(client.ready(), false)
  assert.match(logged.join('\n'), /other bytes than it has signed/)
})
