import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDataFolder } from './data-folder.ts'

const entry = (id: string, url: string) => ({ id, shown: { id, url: 'set' }, written: { id, url } })

test('createEntryStore() gives entries back in the order in which they were added, each list by itself', async () => {
  await using folder = await makeDataFolder()
  {
    await using store = await folder.open()
    for (const id of ['b', 'a', 'c']) await store.entries.sources.put(entry(id, `http://${id}/`))
    await store.entries.guides.put(entry('b', 'http://guide/'))
    await store.entries.sources.put(entry('b', 'http://other/'))
    await store.entries.sources.remove('c')
  }
  await using store = await folder.open()
  const found = await store.entries.sources.all()
  assert.deepEqual(
    found.map(({ id, shown, written }) => [id, shown, written]),
    [
      ['b', { id: 'b', url: 'set' }, { id: 'b', url: 'http://other/' }],
      ['a', { id: 'a', url: 'set' }, { id: 'a', url: 'http://a/' }],
    ],
  )
  assert.equal((await store.entries.guides.all()).length, 1)
})

test('put() gives every edit a revision of its own', async () => {
  await using folder = await makeDataFolder()
  await using store = await folder.open()
  const one = await store.entries.sources.put(entry('a', 'http://a/'))
  const two = await store.entries.sources.put(entry('a', 'http://a/'))
  assert.notEqual(one, two)
  assert.equal((await store.entries.sources.all())[0]?.revision, two)
})

test('what is hidden is in no file as it is, and lost with the key', async () => {
  await using folder = await makeDataFolder()
  {
    await using store = await folder.open()
    await store.entries.sources.put(entry('a', 'http://very-secret/'))
  }
  for (const name of readdirSync(folder.path))
    assert.ok(!readFileSync(join(folder.path, name)).includes('very-secret'), name)
  rmSync(join(folder.path, 'secret.key'))
  await using store = await folder.open()
  const [found] = await store.entries.sources.all()
  assert.deepEqual([found?.id, found?.shown, found?.written], ['a', { id: 'a', url: 'set' }, null])
})

test('removeAll() removes the settings of one place and no others', async () => {
  await using folder = await makeDataFolder()
  await using store = await folder.open()
  for (const key of ['source/a/token', 'source/a/zone', 'source/ab/token', 'source'])
    await store.settings.setText(key, '1')
  await store.settings.removeAll('source/a/')
  const left = await Promise.all(
    ['source/a/token', 'source/a/zone', 'source/ab/token', 'source'].map((key) => store.settings.text(key)),
  )
  assert.deepEqual(left, [null, null, '1', '1'])
})
