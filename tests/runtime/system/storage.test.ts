import assert from 'node:assert/strict'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { measureStorage } from '../../../runtime/system/storage.ts'
import { newFolder } from '../program.ts'

test('measureStorage() sums the data folder by what it is for', async () => {
  const folder = newFolder()
  for (const [path, bytes] of [
    ['downlink.db', 10],
    ['downlink.db-wal', 5],
    ['secret.key', 1],
    ['guide.db', 20],
    ['guide/europe-1.db', 30],
    ['history.db-shm', 7],
    ['cache/logos/a/b', 3],
    ['cache/time-shift/tape-1/0.ts', 100],
    ['backups/x.tar.gz', 50],
    ['notes.txt', 2],
  ] as const) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), 'x'.repeat(bytes))
  }
  const { parts, free, total } = await measureStorage(folder, null)
  assert.deepEqual(Object.fromEntries(parts.map(({ part, bytes }) => [part, bytes])), {
    house: 16,
    guide: 50,
    history: 7,
    'time-shift': 100,
    cache: 3,
    backups: 50,
    other: 2,
  })
  assert.ok(free > 0 && total >= free)
  rmSync(folder, { recursive: true })
})
