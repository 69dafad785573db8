import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createFrontLeases } from '../../adapters/leases/http-leases.ts'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { systemRandom } from '../../core/access/random.ts'
import { createCallSeal, createMemoryNonces } from '../../core/access/sealed-call.ts'
import { leaseStoreTests } from '../conformance/lease-store.ts'
import { KEYS } from './front-suite.ts'
import type { FrontUnderTest, StartFront } from './front-suite.ts'

/** What every front that keeps leases has to do for the adapters of its house. */
export function testFrontLeases(name: string, startFront: StartFront): void {
  describe(name, () => {
    let front: FrontUnderTest
    before(async () => {
      front = await startFront({
        DOWNLINK_LINK_KEYS: `${KEYS.next},${KEYS.old}`,
        DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1',
      })
    })
    after(() => front[Symbol.asyncDispose]())

    const ring = createKeyRing(parseLinkKeys(KEYS.old))
    const ports = { ring, random: systemRandom, now: Date.now }
    const adapter = () => createFrontLeases(front.url, { ...ports, fetch: (url, init) => fetch(url, init) })

    leaseStoreTests((title, work) =>
      test(title, () =>
        work(async () => {
          const store = adapter()
          for (const lease of await store.list(0)) await store.release(lease)
          return { store, others: [adapter(), adapter()], [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
        }),
      ),
    )

    test('a call is carried out once, and only for this house', async () => {
      const body = JSON.stringify({ call: 'list', now: Date.now() })
      const post = async (authorization: string) => {
        const answer = await fetch(`${front.url}/leases`, { method: 'POST', body, headers: { authorization } })
        await answer.text()
        return answer.status
      }
      const header = (keys: string) =>
        createCallSeal({
          ...ports,
          ring: createKeyRing(parseLinkKeys(keys)),
          purpose: 'lease',
          nonces: createMemoryNonces(Date.now),
        }).seal(body)
      const own = await header(KEYS.old)
      assert.deepEqual([await post(own), await post(own)], [200, 403])
      assert.deepEqual([await post(await header(KEYS.foreign)), await post('')], [403, 403])
      assert.equal((await fetch(`${front.url}/leases`)).status, 405)
    })

    test('check() knows that it is a front, and its clock', async () => {
      const { product, aheadMs } = await adapter().check()
      assert.equal(product, 'A front')
      assert.ok(Math.abs(aheadMs) < 5000, String(aheadMs))
    })
  })
}
