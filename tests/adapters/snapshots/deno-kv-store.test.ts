import { test } from 'node:test'
import { createDenoKvSnapshotStore } from '../../../adapters/snapshots/deno-kv-store.ts'
import type { DenoKv } from '../../../adapters/snapshots/deno-kv-store.ts'
import { testSnapshotStore } from '../../conformance/snapshot-store.ts'

/** Deno's own, where this is Deno and it has one (`--unstable-kv`). */
const openKv = (globalThis as { Deno?: { openKv?: (path: string) => Promise<DenoKv & { close(): void }> } }).Deno
  ?.openKv

if (openKv === undefined) test('createDenoKvSnapshotStore()', { skip: 'this is not Deno' }, () => {})
else
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
