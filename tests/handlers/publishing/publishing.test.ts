import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { MAX_CONTENT_BYTES, nameOf } from '../../../core/snapshots/content.ts'
import { contentsOf } from '../../../core/snapshots/manifest.ts'
import { signContent } from '../../../core/snapshots/signed-manifest.ts'
import { createPublishDesk } from '../../../core/snapshots/publish-desk.ts'
import { createSiteShelf } from '../../../core/snapshots/site-shelf.ts'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { createApp } from '../../../handlers/app.ts'
import { snapshotContents } from '../../../handlers/publishing/snapshot-contents.ts'
import { fakeHouse } from '../../fakes/gateway.ts'
import { newPublisherKey, publishingHouse } from '../../fakes/publishing-house.ts'

const never = new AbortController().signal

async function openFront() {
  const { gateway, clock } = fakeHouse()
  const now = () => clock.now
  const house = await publishingHouse({ lineup: 'channels' }, { now })
  const store = createMemorySnapshotStore({ now })
  const shelf = createSiteShelf({ site: 'home', publishers: [house.key.id], store, now })
  const publishing = createPublishDesk({ shelves: [shelf], store, now, taken: async () => {} })
  const app = createApp({ ...gateway, role: 'gateway', publishing }, { viewing: [], linked: [] })
  const put = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
    app.request(path, { method: 'PUT', body, headers: { 'content-type': 'application/json', ...headers } })
  const content = async (bytes: Uint8Array<ArrayBuffer>, key = house.key) => {
    const name = await nameOf(bytes)
    const proof = await signContent(key, { site: 'home', name, time: clock.now })
    return put(`/publish/home/content/${name}`, bytes, { 'x-downlink-publisher': proof })
  }
  return { app, house, put, content, store }
}

test('PUT /publish/{site} says what is missing, then takes what is complete', async () => {
  const { house, put, content } = await openFront()
  const { signed, manifest } = await house.publication.refresh(never)
  const first = await put('/publish/home', JSON.stringify(signed))
  assert.deepEqual([first.status, await first.json()], [200, { missing: contentsOf(manifest) }])
  for (const name of contentsOf(manifest)) {
    const bytes = await house.publication.content(name)
    assert.equal((await content(bytes ?? new Uint8Array())).status, 204)
  }
  const second = await put('/publish/home', JSON.stringify(signed))
  assert.deepEqual([second.status, await second.json()], [200, { sequence: manifest.sequence, missing: [] }])
  assert.equal(second.headers.get('cache-control'), 'no-store')
})

test('PUT /publish refuses strangers, wrong signatures and unknown sites with one answer', async () => {
  const { house, put, content } = await openFront()
  const { signed } = await house.publication.refresh(never)
  const stranger = await newPublisherKey()
  const answers = [
    await put('/publish/home', JSON.stringify({ ...signed, signature: 'A'.repeat(86) })),
    await put('/publish/home', JSON.stringify({ ...signed, publisher: stranger.id })),
    await put('/publish/cabin', JSON.stringify(signed)),
    await content(new Uint8Array([1]), stranger),
  ]
  const bodies = new Set(await Promise.all(answers.map(async (answer) => `${answer.status} ${await answer.text()}`)))
  assert.equal(bodies.size, 1)
  assert.match([...bodies].join(), /^403 .*"code":"publish\/refused"/)
})

test('PUT /publish has bounds', async () => {
  const { put, content } = await openFront()
  assert.equal((await put('/publish/home', ' '.repeat(70_000))).status, 413)
  assert.equal((await put('/publish/home', '{}')).status, 400)
  assert.equal((await content(new Uint8Array(MAX_CONTENT_BYTES + 1))).status, 413)
})

test('PUT /publish/{site}/content says when bytes came to harm', async () => {
  const { put, house } = await openFront()
  const name = await nameOf(new Uint8Array([1]))
  const proof = await signContent(house.key, { site: 'home', name, time: Date.UTC(2026, 10, 21, 20, 20) })
  const answer = await put(`/publish/home/content/${name}`, new Uint8Array([2]), { 'x-downlink-publisher': proof })
  assert.equal(answer.status, 400)
})

test('PUT /publish is not there where nobody may publish', async () => {
  const { gateway } = fakeHouse()
  const app = createApp({ ...gateway, role: 'gateway' }, { viewing: [], linked: [] })
  assert.equal((await app.request('/publish/home', { method: 'PUT', body: '{}' })).status, 404)
})

test('/snapshot/manifest is signed, and names contents that can be fetched', async () => {
  const house = await publishingHouse({ lineup: 'channels' })
  const app = new Hono().route('/', snapshotContents(house.publication))
  const answer = await app.request('/snapshot/manifest')
  const { signed, manifest } = await house.publication.refresh(never)
  assert.deepEqual(await answer.json(), signed)
  const [name = ''] = contentsOf(manifest)
  const bytes = new Uint8Array(await (await app.request(`/snapshot/content/${name}`)).arrayBuffer())
  assert.equal(await nameOf(bytes), name)
  const etag = answer.headers.get('etag') ?? ''
  assert.equal((await app.request('/snapshot/manifest', { headers: { 'if-none-match': etag } })).status, 304)
})
