import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAuditBook } from '../../../adapters/store/audit-book.ts'
import { openDatabase } from '../../../adapters/store/database.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { HOUSE_STEPS } from '../../../adapters/store/schema.ts'
import { makeDataFolder } from './data-folder.ts'

const entry = {
  at: 5,
  who: 'Jo',
  by: 'session',
  address: '192.168.1.20',
  action: 'DELETE /api/v1/users/anna',
  status: 204,
}

test('createAuditBook() reads newest first, in windows, also after a restart', async () => {
  await using folder = await makeDataFolder()
  const { audit } = await folder.open()
  for (let at = 1; at <= 5; at++) await audit.write({ ...entry, at })
  const again = (await folder.open()).audit
  const first = await again.read({ limit: 2 })
  assert.deepEqual(
    first.map(({ at }) => at),
    [5, 4],
  )
  const rest = await again.read({ limit: 9, before: first[1]?.id ?? 0 })
  assert.deepEqual(
    rest.map(({ at }) => at),
    [3, 2, 1],
  )
  assert.deepEqual(rest.at(-1), { ...entry, at: 1, id: 1 })
})

test('createAuditBook() keeps the last 10,000', async () => {
  await using folder = await makeDataFolder()
  using database = openDatabase(`${folder.path}/book.db`, 'normal')
  migrate(database, HOUSE_STEPS)
  database.run("insert into audit (id, at, who, by, address, action, status) values (1, 1, null, 'x', '', 'x', 200)")
  database.run(
    "insert into audit (id, at, who, by, address, action, status) values (10000, 2, null, 'x', '', 'x', 200)",
  )
  const book = createAuditBook(database)
  assert.equal((await book.read({ limit: 9 })).length, 2)
  await book.write(entry)
  assert.deepEqual(
    (await book.read({ limit: 9 })).map(({ id }) => id),
    [10_001, 10_000],
  )
})
