import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceMemory } from '../../../adapters/store/source-memory.ts'
import { Secret } from '../../../core/secret.ts'
import { makeDataFolder } from './data-folder.ts'

test('sourceMemory() keeps secrets of a source from one opening of the store to the next, apart from others', async () => {
  await using folder = await makeDataFolder()
  const memory = sourceMemory((await folder.open()).settings, 'one')
  assert.equal(await memory.read('token'), null)
  await memory.write('token', new Secret('abc'))
  await memory.write('token', new Secret('def'))
  const { settings } = await folder.open()
  assert.equal((await sourceMemory(settings, 'one').read('token'))?.reveal(), 'def')
  assert.equal(await sourceMemory(settings, 'two').read('token'), null)
})
