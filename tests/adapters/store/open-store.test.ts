import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openStore } from '../../../adapters/store/open-store.ts'
import { Secret } from '../../../core/secret.ts'
import { makeDataFolder } from './data-folder.ts'

const options = { now: () => 0, log: () => {} }

test('openStore() refuses a data folder that is open, until it is closed', async () => {
  await using folder = await makeDataFolder()
  const first = await folder.open()
  await assert.rejects(openStore(folder.path, options), { code: 'store/locked' })
  await first.access.accounts.hasAdmin() // the refused one has not disturbed it
  await first[Symbol.asyncDispose]()
  await folder.open()
})

test('openStore() refuses a data folder of a newer version and leaves it as it is', async () => {
  await using folder = await makeDataFolder()
  await (await folder.open())[Symbol.asyncDispose]()
  const path = join(folder.path, 'downlink.db')
  const database = new DatabaseSync(path)
  database.exec('update schema_version set version = 1000')
  database.close()
  await assert.rejects(openStore(folder.path, options), { code: 'store/newer' })
  const again = new DatabaseSync(path)
  assert.equal(again.prepare('select version from schema_version').get()?.['version'], 1000)
  again.close()
})

test('openStore() throws a spoilt guide away, but never the line-up', async () => {
  await using folder = await makeDataFolder()
  const store = await folder.open()
  await store.settings.setText('name', 'House')
  await store[Symbol.asyncDispose]()
  const garbage = 'not a database '.repeat(1000)
  await writeFile(join(folder.path, 'guide.db'), garbage)
  const again = await folder.open()
  assert.equal((await again.guide.fetched('box')).size, 0)
  assert.equal(await again.settings.text('name'), 'House')
  await again[Symbol.asyncDispose]()

  await writeFile(join(folder.path, 'downlink.db'), garbage)
  await assert.rejects(openStore(folder.path, options), { message: /file is not a database/ })
  assert.equal(await readFile(join(folder.path, 'downlink.db'), 'utf8'), garbage)
})

test('openStore() keeps database and key file from other users', async () => {
  await using folder = await makeDataFolder()
  await folder.open()
  for (const file of ['downlink.db', 'downlink.db-wal', 'guide.db', 'secret.key']) {
    assert.equal((await stat(join(folder.path, file))).mode & 0o777, 0o600, file)
  }
})

test('settings keep texts and secrets over a restart, secrets not in clear', async () => {
  await using folder = await makeDataFolder()
  const { settings } = await folder.open()
  await settings.setText('name', 'House')
  await settings.setSecret('password', new Secret('correct horse'))
  const reopened = (await folder.open()).settings
  assert.equal(await reopened.text('name'), 'House')
  assert.equal((await reopened.secret('password'))?.reveal(), 'correct horse')
  assert.deepEqual(
    [await reopened.text('password'), await reopened.secret('name'), await reopened.text('no')],
    [null, null, null],
  )
  await reopened.remove('password')
  assert.equal(await reopened.secret('password'), null)
})

test('settings never write a secret in clear', async () => {
  await using folder = await makeDataFolder()
  const store = await folder.open()
  await store.settings.setText('proof', 'findable text')
  await store.settings.setSecret('password', new Secret('correct horse'))
  await store[Symbol.asyncDispose]()
  const bytes = await readFile(join(folder.path, 'downlink.db'), 'latin1')
  assert.ok(bytes.includes('findable text'))
  assert.ok(!bytes.includes('correct horse'))
})

test('settings refuse a secret that was sealed with another key, or for another place', async () => {
  await using folder = await makeDataFolder()
  const store = await folder.open()
  await store.settings.setSecret('password', new Secret('x'))
  await store[Symbol.asyncDispose]()

  const database = new DatabaseSync(join(folder.path, 'downlink.db'))
  database.exec("insert into setting select 'other', value, sealed from setting where key = 'password'")
  database.close()
  const moved = await folder.open()
  await assert.rejects(moved.settings.secret('other'), SyntaxError)
  await moved[Symbol.asyncDispose]()

  await writeFile(join(folder.path, 'secret.key'), 'A'.repeat(43))
  await assert.rejects((await folder.open()).settings.secret('password'), SyntaxError)
})

test('openStore() refuses a key file that holds no key instead of making a new one', async () => {
  await using folder = await makeDataFolder()
  await (await folder.open())[Symbol.asyncDispose]()
  await writeFile(join(folder.path, 'secret.key'), 'short')
  await assert.rejects(openStore(folder.path, options), SyntaxError)
  assert.equal(await readFile(join(folder.path, 'secret.key'), 'utf8'), 'short')
})

test('backup() writes a copy that can be opened as it is', async () => {
  await using folder = await makeDataFolder()
  const store = await folder.open()
  await store.settings.setText('name', 'House')
  await store.copies['downlink.db']?.(join(folder.path, 'copy.db'))
  const copy = new DatabaseSync(join(folder.path, 'copy.db'))
  assert.equal(copy.prepare("select value from setting where key = 'name'").get()?.['value'], 'House')
  copy.close()
})
