import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createFolderSnapshotStore } from '../../../adapters/snapshots/folder-store.ts'
import { nameOf } from '../../../core/snapshots/content.ts'
import { testSnapshotStore } from '../../conformance/snapshot-store.ts'

const open = async (clock: { now: number }) => {
  const dir = mkdtempSync(join(tmpdir(), 'dl-snapshots-'))
  const create = () => createFolderSnapshotStore({ dir: join(dir, 'deeper'), now: () => clock.now })
  return {
    store: create(),
    clock,
    dir: join(dir, 'deeper'),
    reopen: async () => create(),
    [Symbol.asyncDispose]: async () => rmSync(dir, { recursive: true, force: true }),
  }
}

testSnapshotStore('createFolderSnapshotStore()', open)

test('createFolderSnapshotStore() clears away what a crash has left, and leaves no drafts itself', async () => {
  await using opened = await open({ now: Date.now() })
  const bytes = new Uint8Array([1])
  await opened.store.put(await nameOf(bytes), bytes)
  const half = join(opened.dir, 'contents', 'x.0123.new')
  writeFileSync(half, 'half')
  assert.equal(await opened.store.sweep(new Set([await nameOf(bytes)]), Date.now() + 10_000), 1)
  assert.deepEqual(readdirSync(join(opened.dir, 'contents')), [await nameOf(bytes)])
})

test('createFolderSnapshotStore() takes no name of a site that leads elsewhere', async () => {
  await using opened = await open({ now: 0 })
  await assert.rejects(async () => opened.store.pointer('../x'), RangeError)
})
