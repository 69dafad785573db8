import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { nameOf } from '../../../core/snapshots/content.ts'
import type { ContentName } from '../../../core/snapshots/content.ts'
import { contentsOf, MAX_MANIFEST_LENGTH, printManifest, readManifest } from '../../../core/snapshots/manifest.ts'
import { createPublishDesk } from '../../../core/snapshots/publish-desk.ts'
import { parsePublisherId } from '../../../core/snapshots/publisher-key.ts'
import type { PublisherId } from '../../../core/snapshots/publisher-key.ts'
import { readPart } from '../../../core/snapshots/read-part.ts'
import { signContent, signManifest } from '../../../core/snapshots/signed-manifest.ts'
import { createSiteShelf } from '../../../core/snapshots/site-shelf.ts'
import { MAX_POINTER_BYTES } from '../../../core/snapshots/store.ts'
import { newPublisherKey, publishingHouse } from '../../fakes/publishing-house.ts'

const NOW = Date.UTC(2026, 10, 21, 20, 15)
const MINUTE = 60_000
const never = new AbortController().signal

/** A front with one site, and a house that publishes there. */
async function twoHouses(publishers?: readonly PublisherId[] | null) {
  const clock = { now: NOW }
  const now = () => clock.now
  const house = await publishingHouse({ lineup: 'channels', guide: 'programmes' }, { now })
  const store = createMemorySnapshotStore({ now })
  const taken: string[] = []
  const front = () => {
    const shelf = createSiteShelf({
      site: 'home',
      publishers: publishers === undefined ? [house.key.id] : publishers,
      store,
      now,
    })
    const desk = createPublishDesk({ shelves: [shelf], store, now, taken: async (site) => void taken.push(site) })
    return { shelf, desk }
  }
  const bring = async (names: readonly ContentName[], site = 'home', key = house.key) => {
    for (const name of names) {
      const bytes = await house.publication.content(name)
      assert.notEqual(bytes, null)
      const proof = await signContent(key, { site, name, time: now() })
      assert.equal(await front().desk.keep({ site, name, proof }, async () => bytes ?? new Uint8Array()), 'kept')
    }
  }
  const publish = async () => {
    const { signed } = await house.publication.refresh(never)
    const offer = await front().desk.offer('home', signed)
    if (offer.kind !== 'missing') return offer
    await bring(offer.names)
    return front().desk.offer('home', signed)
  }
  return { clock, house, store, taken, bring, publish, ...front(), front }
}

test('createPublishDesk() asks for what is missing, and takes a manifest when all is there', async () => {
  const { house, desk, bring, taken, shelf, store } = await twoHouses()
  const { signed, manifest } = await house.publication.refresh(never)
  assert.deepEqual(await desk.offer('home', signed), { kind: 'missing', names: contentsOf(manifest) })
  assert.deepEqual([await shelf.current(), taken], [null, []])
  await bring(contentsOf(manifest))
  assert.deepEqual(await desk.offer('home', signed), { kind: 'taken', sequence: manifest.sequence })
  assert.deepEqual(taken, ['home'])
  const current = await shelf.current()
  assert.deepEqual(current?.newest, { manifest, signed, way: 'push' })
  const { lineup } = manifest.parts
  assert.equal(lineup && (await readPart(store, lineup)), 'channels')
})

test('createPublishDesk() is asked only for what has changed', async () => {
  const { house, desk, publish } = await twoHouses()
  await publish()
  house.texts['lineup'] = 'other channels'
  const { signed, manifest } = await house.publication.refresh(never)
  assert.deepEqual(await desk.offer('home', signed), { kind: 'missing', names: manifest.parts['lineup']?.contents })
})

test('createPublishDesk() takes the same manifest again, at any time', async () => {
  const { house, clock, publish, desk } = await twoHouses()
  const first = await publish()
  const { signed } = await house.publication.refresh(never)
  clock.now += 600 * MINUTE
  assert.deepEqual(await desk.offer('home', signed), first)
})

test('createPublishDesk() refuses an older manifest that somebody has copied, also after a restart', async () => {
  const { house, publish, front } = await twoHouses()
  const old = await house.publication.refresh(never)
  await publish()
  house.texts['lineup'] = 'other channels'
  const newer = await publish()
  assert.equal(newer.kind, 'taken')
  const sequence = newer.kind === 'taken' ? newer.sequence : 0
  assert.deepEqual(await front().desk.offer('home', old.signed), { kind: 'outdated', sequence })
})

test('createSiteShelf() does not go back when its store does', async () => {
  const { house, publish, store, clock } = await twoHouses()
  await publish()
  const old = await store.pointer('home')
  let isLate = false
  const late = { ...store, pointer: async (site: string) => (isLate ? old : store.pointer(site)) }
  const shelf = createSiteShelf({ site: 'home', publishers: [house.key.id], store: late, now: () => clock.now })
  const past = await house.publication.renew(0)
  const next = await house.publication.renew(0)
  assert.equal((await shelf.offer(next.signed, 'push')).kind, 'taken')
  isLate = true
  assert.equal((await shelf.offer(past.signed, 'push')).kind, 'outdated')
})

test('createPublishDesk() refuses a manifest that was signed at another time', async () => {
  const { house, clock, desk, bring } = await twoHouses()
  const { signed, manifest } = await house.publication.refresh(never)
  await bring(contentsOf(manifest))
  for (const minutes of [11, -11]) {
    clock.now = NOW + minutes * MINUTE
    assert.deepEqual(await desk.offer('home', signed), { kind: 'clock' })
  }
  clock.now = NOW + 9 * MINUTE
  assert.equal((await desk.offer('home', signed)).kind, 'taken')
})

test('createPublishDesk() refuses strangers, other sites and changed manifests alike', async () => {
  const { house, desk, store } = await twoHouses()
  const stranger = await newPublisherKey()
  const { signed, manifest } = await house.publication.refresh(never)
  const offers = {
    'another key': await signManifest(stranger, manifest),
    'another key under our name': { ...(await signManifest(stranger, manifest)), publisher: house.key.id },
    'changed text': { ...signed, manifest: signed.manifest.replace('"sequence":', '"sequence":9') },
    'changed signature': { ...signed, signature: signed.signature.replace(/^./, (sign) => (sign === 'A' ? 'B' : 'A')) },
    'no signature': { ...signed, signature: '' },
    'another site': await signManifest(house.key, { ...manifest, site: 'cabin' }),
    'no manifest': { ...signed, manifest: '{}' },
  }
  for (const [what, offer] of Object.entries(offers))
    assert.deepEqual(await desk.offer('home', offer), { kind: 'refused' }, what)
  assert.deepEqual(await desk.offer('cabin', signed), { kind: 'refused' })
  assert.equal(await store.pointer('home'), null)
})

test('createPublishDesk() refuses all that is pushed where nobody may publish', async () => {
  const { house, desk } = await twoHouses(null)
  const { signed, manifest } = await house.publication.refresh(never)
  assert.deepEqual(await desk.offer('home', signed), { kind: 'refused' })
  const [name] = contentsOf(manifest)
  assert.ok(name)
  const proof = await signContent(house.key, { site: 'home', name, time: NOW })
  assert.equal(await desk.keep({ site: 'home', name, proof }, () => assert.fail('is not read')), 'refused')
})

test('createPublishDesk() keeps a content only for a publisher, now, here, and if it is that content', async () => {
  const { house, desk, clock } = await twoHouses()
  const bytes = new Uint8Array([1, 2, 3])
  const name = await nameOf(bytes)
  const site = 'home'
  const proof = await signContent(house.key, { site, name, time: NOW })
  const unread = () => assert.fail('the body of a stranger is not read')
  const refused = {
    'no proof': { site, name, proof: '' },
    'a stranger': { site, name, proof: await signContent(await newPublisherKey(), { site, name, time: NOW }) },
    'of another content': { site, name: await nameOf(new Uint8Array([4])), proof },
    'of another site': { site: 'cabin', name, proof },
    'of another time': { site, name, proof: await signContent(house.key, { site, name, time: NOW - 11 * MINUTE }) },
    'no name': { site, name: '../../etc/passwd', proof },
  }
  for (const [what, content] of Object.entries(refused)) assert.equal(await desk.keep(content, unread), 'refused', what)
  assert.equal(await desk.keep({ site, name, proof }, async () => new Uint8Array([9])), 'damaged')
  clock.now += 9 * MINUTE
  assert.equal(await desk.keep({ site, name, proof }, async () => bytes), 'kept')
})

test('createPublishDesk() drops what no manifest needs, but not what the one before needs', async () => {
  const { house, publish, clock, store } = await twoHouses()
  const contents = async () => contentsOf((await house.publication.refresh(never)).manifest)
  await publish()
  const first = await contents()
  for (const text of ['two', 'three']) {
    clock.now += 120 * MINUTE
    house.texts['lineup'] = text
    assert.equal((await publish()).kind, 'taken')
    if (text === 'two') assert.deepEqual(await store.missing(first), [])
  }
  assert.equal((await store.missing(first)).length, 1)
  assert.deepEqual(await store.missing(await contents()), [])
})

test('readPart() gives nothing of a store that has other bytes than it was given', async () => {
  const { house, publish, store } = await twoHouses()
  await publish()
  const part = (await house.publication.refresh(never)).manifest.parts['lineup']
  assert.ok(part)
  const spoilt = { ...store, get: async (name: ContentName) => (await store.get(name))?.fill(7) ?? null }
  assert.equal(await readPart(spoilt, part), null)
  await assert.rejects(readPart(store, { ...part, length: part.length - 1 }), RangeError)
  await assert.rejects(readPart(store, { ...part, length: part.length + 1 }), RangeError)
})

test('createPublication() writes only parts that have changed, and has a new number for new parts only', async () => {
  const house = await publishingHouse({ lineup: 'channels', guide: 'programmes' }, { now: () => NOW })
  const first = await house.publication.refresh(never)
  assert.deepEqual(house.writes, ['lineup', 'guide'])
  assert.equal((await house.publication.refresh(never)).manifest.sequence, first.manifest.sequence)
  house.texts['guide'] = 'other programmes'
  const second = await house.publication.refresh(never)
  assert.deepEqual(house.writes, ['lineup', 'guide', 'guide'])
  assert.equal(second.manifest.sequence, first.manifest.sequence + 1)
})

test('createPublication() goes on with what an earlier run has published', async () => {
  const clock = { now: NOW }
  const house = await publishingHouse({ lineup: 'channels' }, { now: () => clock.now })
  const first = await house.publication.refresh(never)
  clock.now -= 60 * MINUTE // a clock that was set back
  const again = house.open()
  assert.deepEqual((await again.refresh(never)).signed, first.signed)
  house.texts['lineup'] = 'other channels'
  assert.ok((await again.refresh(never)).manifest.sequence > first.manifest.sequence)
})

test('createPublication() signs again with a number above the one that it is told', async () => {
  const house = await publishingHouse({ lineup: 'channels' }, { now: () => NOW })
  await assert.rejects(house.publication.renew(0))
  const first = await house.publication.refresh(never)
  const second = await house.publication.renew(first.manifest.sequence + 1000)
  assert.deepEqual([second.manifest.sequence, second.parts], [first.manifest.sequence + 1001, first.parts])
})

test('readManifest() undoes printManifest() for the largest there is, two of which fit into a pointer', async () => {
  const names = await Promise.all(
    Array.from({ length: 590 }, (_, index) => nameOf(new Uint8Array([index, index >> 8]))),
  )
  const manifest = {
    site: 'home',
    sequence: NOW,
    time: NOW,
    parts: { guide: { version: 'v', length: 1, contents: names } },
  }
  const text = printManifest(manifest)
  assert.ok(text.length > MAX_MANIFEST_LENGTH - 1000)
  assert.deepEqual(readManifest(text), manifest)
  const { publisher, signature } = await signManifest(await newPublisherKey(), manifest)
  const signed = { publisher, manifest: text, signature }
  const pointer = JSON.stringify({ newest: { ...signed, way: 'push' }, before: signed })
  assert.ok(pointer.length <= MAX_POINTER_BYTES, String(pointer.length))
  assert.throws(
    () => printManifest({ ...manifest, parts: { guide: { version: 'v', length: 1, contents: [...names, ...names] } } }),
    RangeError,
  )
})

for (const { name, text } of [
  { name: 'another format', text: '{"format":2}' },
  { name: 'no JSON', text: 'format' },
  { name: 'a site that is a path', text: '{"format":1,"site":"../x","sequence":1,"time":1,"parts":{}}' },
  { name: 'a broken number', text: '{"format":1,"site":"home","sequence":1.5,"time":1,"parts":{}}' },
  {
    name: 'a content that is no hash',
    text: '{"format":1,"site":"home","sequence":1,"time":1,"parts":{"guide":{"version":"1","length":1,"contents":["x"]}}}',
  },
  {
    name: 'a part of a gigabyte',
    text: '{"format":1,"site":"home","sequence":1,"time":1,"parts":{"guide":{"version":"1","length":1073741824,"contents":[]}}}',
  },
])
  test(`readManifest() takes no ${name}`, () => assert.equal(readManifest(text), null))

test('parsePublisherId() reads the keys that are made, and nothing else', async () => {
  const { id } = await newPublisherKey()
  assert.equal(parsePublisherId(id), id)
  for (const text of ['', id.slice(1), `${id}A`, id.replace(/.$/, '*')]) assert.equal(parsePublisherId(text), null)
})

test('createPublishDesk() keeps what the sites of a front publish apart, and drops nothing of the others', async () => {
  const clock = { now: NOW }
  const now = () => clock.now
  const houses = [
    await publishingHouse({ lineup: 'channels of home' }, { now }),
    await publishingHouse({ lineup: 'channels of the cabin' }, { site: 'cabin', now }),
  ]
  const store = createMemorySnapshotStore({ now })
  const shelves = houses.map(({ key, publication: { site } }) =>
    createSiteShelf({ site, publishers: [key.id], store, now }),
  )
  const desk = createPublishDesk({ shelves, store, now, taken: async () => {} })
  for (const { key, publication } of [...houses, ...houses]) {
    clock.now += 120 * MINUTE
    const { site } = publication
    await publication.refresh(never)
    const { signed, manifest } = await publication.renew(0)
    for (const name of contentsOf(manifest)) {
      const bytes = await publication.content(name)
      const proof = await signContent(key, { site, name, time: now() })
      assert.equal(await desk.keep({ site, name, proof }, async () => bytes ?? new Uint8Array()), 'kept')
    }
    assert.equal((await desk.offer(site, signed)).kind, 'taken')
    const other = site === 'home' ? 'cabin' : 'home'
    assert.deepEqual(await desk.offer(other, signed), { kind: 'refused' })
  }
  const texts = await Promise.all(
    shelves.map(async (shelf) => {
      const part = (await shelf.current())?.newest.manifest.parts['lineup']
      return part === undefined ? null : readPart(store, part)
    }),
  )
  assert.deepEqual(texts, ['channels of home', 'channels of the cabin'])
})
