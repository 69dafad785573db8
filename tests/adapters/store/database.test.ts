import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '../../../adapters/store/database.ts'
import { makeDataFolder } from './data-folder.ts'

for (const { durability, level } of [
  { durability: 'full', level: 2 },
  { durability: 'normal', level: 1 },
] as const) {
  test(`openDatabase() syncs as "${durability}" with a write-ahead log`, async () => {
    await using folder = await makeDataFolder()
    using database = openDatabase(join(folder.path, 'x.db'), durability)
    const pragma = (name: string): unknown => Object.values(database.all(`pragma ${name}`)[0] ?? {})[0]
    assert.deepEqual([pragma('synchronous'), pragma('journal_mode'), pragma('foreign_keys')], [level, 'wal', 1])
  })
}
