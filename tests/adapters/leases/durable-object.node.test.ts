import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { leasesInObject } from '../../../adapters/leases/durable-object.ts'
import type { ObjectNamespace } from '../../../adapters/leases/durable-object.ts'
import { leaseStoreSuite } from '../../conformance/lease-store.ts'

const { outputFiles } = await build({
  stdin: {
    resolveDir: fileURLToPath(new URL('../../../', import.meta.url)),
    loader: 'ts',
    contents: `
      import { createLeaseObject } from './adapters/leases/durable-object.ts'
      export class Leases {
        constructor(state) { this.answer = createLeaseObject(state.storage) }
        fetch(request) { return this.answer(request) }
      }
      export default {
        fetch(request, { LEASES }) {
          return LEASES.get(LEASES.idFromName(new URL(request.url).pathname)).fetch(request)
        },
      }`,
  },
  bundle: true,
  write: false,
  format: 'esm',
  target: 'esnext',
  logLevel: 'error',
})
const workerd = new Miniflare({
  host: '127.0.0.1',
  port: 0,
  modules: true,
  script: outputFiles[0]?.text ?? '',
  compatibilityDate: '2026-07-01',
  durableObjects: { LEASES: { className: 'Leases', useSQLite: true } },
})
after(() => workerd.dispose())

/** The object of a house of its own for every test. */
async function openObject(now: () => number) {
  const house = new URL(crypto.randomUUID(), await workerd.ready)
  const objects: ObjectNamespace = {
    idFromName: (name) => name,
    get: () => ({ fetch: (_, init) => fetch(house, init) }),
  }
  const ways = Array.from({ length: 3 }, () => leasesInObject(objects, now))
  const [first, ...others] = ways
  assert.ok(first)
  return { first, others }
}

leaseStoreSuite('leasesInObject()', async () => {
  const { first, others } = await openObject(Date.now)
  return {
    store: first.store,
    others: others.map(({ store }) => store),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
})

test('leasesInObject() knows each name of a call once, until it is too old', async () => {
  let now = 1000
  const { first, others } = await openObject(() => now)
  const ways = [first, ...others]
  const asked = Array.from({ length: 20 }, (_, index) => ways[index % 3]?.nonces.isFirst('a', 2000))
  assert.equal((await Promise.all(asked)).filter((isFirst) => isFirst).length, 1)
  now = 2000
  assert.equal(await first.nonces.isFirst('a', 2000), false)
  now = 2001
  assert.equal(await first.nonces.isFirst('a', 4000), true)
})
