import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKvLeases, createKvNonces } from '../../../adapters/leases/deno-kv.ts'
import type { KeyValues } from '../../../adapters/leases/deno-kv.ts'
import { leaseStoreSuite } from '../../conformance/lease-store.ts'
import { createMemoryKv } from '../../fakes/memory-kv.ts'

type OpenKv = (path: string) => Promise<KeyValues & { close(): void }>

/** Deno's own on Deno; elsewhere one that behaves like it. */
const openKv: OpenKv =
  (globalThis as { Deno?: { openKv?: OpenKv } }).Deno?.openKv ??
  (() => Promise.resolve({ ...createMemoryKv(), close: () => {} }))

leaseStoreSuite('createKvLeases()', async () => {
  const kv = await openKv(':memory:')
  return {
    store: createKvLeases(kv),
    // As many processes: they know nothing of each other's turns.
    others: [createKvLeases(kv), createKvLeases(kv), createKvLeases(kv)],
    [Symbol.asyncDispose]: () => Promise.resolve(kv.close()),
  }
})

test('createKvNonces() knows each name once, however many ask', async () => {
  const kv = await openKv(':memory:')
  const books = [createKvNonces(kv, () => 0), createKvNonces(kv, () => 0)]
  const asked = Array.from({ length: 20 }, (_, index) => books[index % 2]?.isFirst('a', 1000))
  assert.equal((await Promise.all(asked)).filter((isFirst) => isFirst).length, 1)
  assert.equal(await books[0]?.isFirst('b', 1000), true)
  kv.close()
})
