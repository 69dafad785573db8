import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemorySnapshotStore } from '../../../adapters/snapshots/memory-store.ts'
import { nameOf } from '../../../core/snapshots/content.ts'
import { Failure } from '../../../core/errors.ts'
import { testSnapshotStore } from '../../conformance/snapshot-store.ts'

testSnapshotStore(
  'createMemorySnapshotStore()',
  async (clock) => ({
    store: createMemorySnapshotStore({ now: () => clock.now }),
    clock,
    reopen: null,
    [Symbol.asyncDispose]: async () => {},
  }),
  { isShared: false },
)

test('createMemorySnapshotStore() takes no more than it may, and again what was dropped', async () => {
  const store = createMemorySnapshotStore({ now: () => 0, maxBytes: 100 })
  const [first, second] = [new Uint8Array(60).fill(1), new Uint8Array(60).fill(2)]
  await store.put(await nameOf(first), first)
  await assert.rejects(
    store.put(await nameOf(second), second),
    (error) => error instanceof Failure && error.code === 'publish/full',
  )
  await store.put(await nameOf(first), first)
  await store.sweep(new Set(), 1)
  await store.put(await nameOf(second), second)
  assert.deepEqual(await store.get(await nameOf(second)), second)
})
