import { createDenoKvSnapshotStore } from '../../../adapters/snapshots/deno-kv-store.ts'
import type { DenoKv } from '../../../adapters/snapshots/deno-kv-store.ts'
import { testSnapshotStore } from '../../conformance/snapshot-store.ts'

/** Deno's own; `deno.json` switches it on. */
const openKv = (globalThis as { Deno?: { openKv?: (path: string) => Promise<DenoKv & { close(): void }> } }).Deno
  ?.openKv

if (openKv === undefined) throw new TypeError('Deno has no KV: "unstable": ["kv"] is missing in deno.json')
testSnapshotStore('createDenoKvSnapshotStore()', async (clock) => {
  const kv = await openKv(':memory:')
  const create = () => createDenoKvSnapshotStore({ kv, now: () => clock.now })
  return {
    store: create(),
    clock,
    reopen: async () => create(),
    [Symbol.asyncDispose]: async () => kv.close(),
  }
})
