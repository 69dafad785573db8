import { after } from 'node:test'
import { Miniflare } from 'miniflare'
import { createD1SnapshotStore } from '../../../adapters/snapshots/d1-store.ts'
import type { D1Database } from '../../../adapters/snapshots/d1-store.ts'
import { createKvSnapshotStore } from '../../../adapters/snapshots/kv-store.ts'
import type { KvNamespace } from '../../../adapters/snapshots/kv-store.ts'
import { testSnapshotStore } from '../../conformance/snapshot-store.ts'

const names = Array.from({ length: 40 }, (_, index) => `STORE_${index}`)

/** The platform's own KV and D1, many of each: every test begins with an empty one. */
const workerd = new Miniflare({
  modules: true,
  script: 'export default { fetch: () => new Response() }',
  compatibilityDate: '2026-07-01',
  kvNamespaces: names,
  d1Databases: names,
})
after(() => workerd.dispose())

const [forKv, forD1] = [names.values(), names.values()]

testSnapshotStore(
  'createKvSnapshotStore()',
  async (clock) => {
    // Miniflare describes its namespaces with types of its own.
    const kv = (await workerd.getKVNamespace(forKv.next().value ?? '')) as unknown as KvNamespace
    const create = () => createKvSnapshotStore({ kv, now: () => clock.now })
    return { store: create(), clock, reopen: async () => create(), [Symbol.asyncDispose]: async () => {} }
  },
  { replacesAtomically: false },
)

testSnapshotStore('createD1SnapshotStore()', async (clock) => {
  const db = (await workerd.getD1Database(forD1.next().value ?? '')) as unknown as D1Database
  const create = () => createD1SnapshotStore({ db, now: () => clock.now })
  return { store: create(), clock, reopen: async () => create(), [Symbol.asyncDispose]: async () => {} }
})
