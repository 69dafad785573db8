import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { createMemoryLeases } from '../../../core/access/memory-leases.ts'
import { contentsOf } from '../../../core/snapshots/manifest.ts'
import { createPublishDesk } from '../../../core/snapshots/publish-desk.ts'
import { createSiteShelf } from '../../../core/snapshots/site-shelf.ts'
import { createApp } from '../../../handlers/app.ts'
import { spoiltRequests } from '../../fakes/fuzz/requests.ts'
import { fakeHouse } from '../../fakes/gateway.ts'
import { publishingHouse } from '../../fakes/publishing-house.ts'

const SEED = Number(process.env['DOWNLINK_FUZZ_SEED'] ?? Date.now() % 2 ** 32)
const COUNT = Number(process.env['DOWNLINK_FUZZ_COUNT'] ?? 2000)

test(`${COUNT} spoilt manifests, contents and lease calls make no error of a front (seed ${SEED})`, async () => {
  const { gateway, clock, logged } = fakeHouse()
  const now = () => clock.now
  const house = await publishingHouse({ lineup: 'channels' }, { now })
  const { signed, manifest } = await house.publication.refresh(new AbortController().signal)
  const store = createMemorySnapshotStore({ now })
  const shelf = createSiteShelf({ site: 'home', publishers: [house.key.id], store, now })
  const publishing = createPublishDesk({ shelves: [shelf], store, now, taken: async () => {} })
  // Every call is taken for one of the house, so that what is in it is read.
  const seal = { seal: async () => 'x', opens: async () => true }
  const leases = { store: createMemoryLeases(), seal, now }
  const app = createApp({ ...gateway, role: 'gateway', publishing, leases }, { viewing: [], linked: [] })
  const lease = { id: 'l1', account: 'anna', device: 'd', subject: 's', since: 1, expiresAt: now() + 60_000 }
  const good = [
    { method: 'PUT', path: '/publish/home', body: signed },
    { method: 'PUT', path: `/publish/home/content/${contentsOf(manifest)[0] ?? 'x'}`, body: 'channels' },
    { method: 'POST', path: '/leases', body: { call: 'acquire', wish: { ...lease, limit: 1, mayReplace: true } } },
    {
      method: 'POST',
      path: '/leases',
      body: { call: 'renew', lease: { id: 'l1', account: 'anna' }, times: { now: 1, expiresAt: 2 } },
    },
    { method: 'POST', path: '/leases', body: { call: 'list', now: 1 } },
  ]
  const requests = spoiltRequests(SEED, good, [{ host: 'localhost:18080', 'x-downlink-publisher': 'k.1.s' }])
  for (const { method, path, body } of good.filter(({ path }) => !path.includes('content'))) {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    assert.equal((await app.request(path, init)).status, 200, path)
  }
  const wrong: string[] = []
  const statuses = new Set<number>()
  for (let index = 0; index < COUNT; index++) {
    const { method, target, headers, body } = requests.next().value
    const given = body === null || /^(GET|HEAD)$/.test(method) ? null : new Uint8Array(body)
    let request: Request
    try {
      request = new Request(`http://localhost:18080${target}`, { method, headers, body: given })
    } catch {
      continue // no program of ours would ever see such a request
    }
    const response = await app.fetch(request)
    await response.body?.cancel()
    statuses.add(response.status)
    if (response.status >= 500) wrong.push(`${index}: ${method} ${target.slice(0, 200)}: ${response.status}`)
  }
  const bugs = logged.filter(({ event }) => event === 'bug')
  assert.deepEqual({ wrong: wrong.slice(0, 5), bugs: bugs.slice(0, 3) }, { wrong: [], bugs: [] }, `Seed ${SEED}`)
  // The requests reach what they are meant for.
  for (const status of [400, 403, 404]) assert.ok(statuses.has(status), `No answer was ${status}`)
})
