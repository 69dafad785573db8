import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { createFrontLeases } from '../../../adapters/leases/http-leases.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { createMemoryLeases } from '../../../core/access/memory-leases.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { createCallSeal, createMemoryNonces } from '../../../core/access/sealed-call.ts'
import { Failure } from '../../../core/errors.ts'
import { leaseRoutes } from '../../../handlers/leases.ts'
import { leaseStoreSuite } from '../../conformance/lease-store.ts'
import { startDeaf } from '../../servers/server.ts'

const NOW = 1_790_000_000_000
const ring = createKeyRing(parseLinkKeys('k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'))
const foreign = createKeyRing(parseLinkKeys('k1:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8'))

/** A front with leases in memory, its clock ahead by so much; `fetch` reaches it. */
function openFront(aheadMs = 0) {
  const now = (): number => NOW + aheadMs
  const nonces = createMemoryNonces(now)
  const seal = createCallSeal({ ring, purpose: 'lease', now, random: systemRandom, nonces })
  const app = new Hono().route('/tv', leaseRoutes({ store: createMemoryLeases(), seal, now }))
  return (url: string, init: RequestInit): Promise<Response> => Promise.resolve(app.request(url, init))
}

const adapter = (fetch: (url: string, init: RequestInit) => Promise<Response>, keys = ring) =>
  createFrontLeases('https://front.test/tv', { ring: keys, random: systemRandom, fetch, now: () => NOW })

leaseStoreSuite('createFrontLeases()', () => {
  const front = openFront()
  return Promise.resolve({
    store: adapter(front),
    others: [adapter(front), adapter(front)],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  })
})

const says =
  (pattern: RegExp) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.code === 'access/no-leases' && pattern.test(error.message)

test('createFrontLeases() says what is wrong at the front', async () => {
  const answer = (status: number, body = ''): Promise<Response> =>
    Promise.resolve(new Response(status === 200 ? body : null, { status }))
  for (const { store, pattern } of [
    { store: adapter(openFront(), foreign), pattern: /other link keys/ },
    { store: adapter(openFront(31_000)), pattern: /its clock/ },
    { store: adapter(() => answer(404)), pattern: /keeps no leases/ },
    { store: adapter(() => answer(503)), pattern: /answers 503/ },
    { store: adapter(() => answer(200, '<html>')), pattern: /no answer about leases/ },
    { store: adapter(() => answer(200, '{"ok":true}')), pattern: /no answer about leases/ },
    { store: adapter(() => answer(200, 'x'.repeat(5_000_000))), pattern: /sends more than/ },
    { store: adapter(() => Promise.reject(new TypeError('fetch failed'))), pattern: /is not there/ },
  ])
    await assert.rejects(store.list(NOW), says(pattern))
})

test('createFrontLeases() gives up a front that does not answer', async () => {
  await using deaf = await startDeaf()
  const store = adapter((_, init) => fetch(`http://127.0.0.1:${deaf.port}/leases`, init))
  await assert.rejects(store.list(NOW), says(/takes too long/))
})

test('check() tells how far the clock of the front is ahead', async () => {
  const { product, aheadMs } = await adapter(openFront(20_000)).check()
  assert.equal(product, 'A front')
  assert.ok(Math.abs(aheadMs - 20_000) <= 1000, String(aheadMs))
})
