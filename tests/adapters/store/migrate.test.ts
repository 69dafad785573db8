import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '../../../adapters/store/database.ts'
import { createQueries } from '../../../adapters/store/dialect.ts'
import { migrate } from '../../../adapters/store/migrate.ts'

const steps = ['create table a (x integer) strict', "alter table a add column y text; insert into a values (1, 'two')"]

test('migrate() takes only the steps that a file has not seen', () => {
  using database = openDatabase(':memory:', 'normal')
  migrate(database, steps.slice(0, 1))
  migrate(database, steps)
  migrate(database, steps)
  assert.deepEqual(
    database.all('select x, y from a').map((row) => ({ ...row })),
    [{ x: 1, y: 'two' }],
  )
})

test('migrate() leaves the file at the last step that worked', () => {
  using database = openDatabase(':memory:', 'normal')
  assert.throws(() => migrate(database, [...steps.slice(0, 1), 'create table b (x); this is not SQL']))
  assert.deepEqual(database.all("select name from sqlite_master where name = 'b'"), [])
  migrate(database, steps)
  assert.equal(database.all('select * from a').length, 1)
})

test('migrate() refuses a file that has seen more steps than there are', () => {
  using database = openDatabase(':memory:', 'normal')
  migrate(database, steps)
  assert.throws(() => migrate(database, steps.slice(0, 1)), { code: 'store/newer' })
})

test('transaction() undoes everything when its work fails', () => {
  using database = openDatabase(':memory:', 'normal')
  migrate(database, steps)
  assert.throws(
    () =>
      database.transaction(() => {
        database.run('delete from a')
        throw new RangeError('no')
      }),
    RangeError,
  )
  assert.equal(database.all('select * from a').length, 1)
})

test('createQueries() runs queries and says how many rows changed', async () => {
  using database = openDatabase(':memory:', 'normal')
  migrate(database, steps)
  const queries = createQueries<{ a: { x: number; y: string | null } }>(database)
  await queries.insertInto('a').values({ x: 2, y: null }).execute()
  const { numUpdatedRows } = await queries.updateTable('a').set({ y: 'z' }).where('x', '>', 0).executeTakeFirst()
  assert.equal(numUpdatedRows, 2n)
  assert.deepEqual(
    (await queries.selectFrom('a').selectAll().orderBy('x').execute()).map((row) => ({ ...row })),
    [
      { x: 1, y: 'z' },
      { x: 2, y: 'z' },
    ],
  )
})

test('createQueries() refuses transactions, which would stay open over an await', async () => {
  using database = openDatabase(':memory:', 'normal')
  const queries = createQueries<{ a: { x: number } }>(database)
  await assert.rejects(
    queries.transaction().execute(async () => {}),
    TypeError,
  )
})
