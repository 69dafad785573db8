import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDraftMemories } from '../../../adapters/lan/draft-memories.ts'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import type { AnySourceConfig, SourceMemory } from '../../../adapters/sources/registry.ts'
import { readSource } from '../../../core/config/sources.ts'
import { Secret } from '../../../core/secret.ts'

const portal = (id: string, mac = '00:1A:79:12:34:56'): AnySourceConfig =>
  readSource({ id, kind: 'stalker', url: 'http://p.example/c/', macs: [mac] }, 'source', sourceSchemas)

function aMemory(): SourceMemory & { readonly values: Map<string, Secret> } {
  const values = new Map<string, Secret>()
  return {
    values,
    read: async (key) => values.get(key) ?? null,
    write: async (key, value) => void values.set(key, value),
  }
}
const read = async (memory: SourceMemory): Promise<string | undefined> => (await memory.read('token'))?.reveal()

test('of() remembers an account from one try to the next, whatever it is called', async () => {
  const memories = createDraftMemories({ known: () => null, now: () => 0 })
  await memories.of(portal('draft')).write('token', new Secret('t1'))
  assert.equal(await read(memories.of(portal('mine'))), 't1')
  assert.equal(await read(memories.of(portal('draft', '00:1A:79:12:34:57'))), undefined)
})

test('of() begins with what a source of this account remembers, and leaves that alone', async () => {
  const source = aMemory()
  source.values.set('token', new Secret('old'))
  const memories = createDraftMemories({ known: () => source, now: () => 0 })
  const memory = memories.of(portal('draft'))
  assert.equal(await read(memory), 'old')
  await memory.write('token', new Secret('new'))
  assert.deepEqual([await read(memory), await read(source)], ['new', 'old'])
})

test('handOver() gives it to the source that the account is from now on, once', async () => {
  const memories = createDraftMemories({ known: () => null, now: () => 0 })
  await memories.of(portal('draft')).write('token', new Secret('t1'))
  const [first, second, stranger] = [aMemory(), aMemory(), aMemory()]
  await memories.handOver(portal('attic', '00:1A:79:12:34:57'), stranger)
  await memories.handOver(portal('attic'), first)
  await memories.handOver(portal('attic'), second)
  assert.deepEqual([await read(first), await read(second), await read(stranger)], ['t1', undefined, undefined])
})

test('tries are forgotten after half an hour, and when there are many', async () => {
  const clock = { now: 0 }
  const memories = createDraftMemories({ known: () => null, now: () => clock.now })
  const mac = (index: number): string => `00:1A:79:00:00:${index.toString(16).padStart(2, '0')}`
  for (let index = 0; index < 17; index++)
    await memories.of(portal('draft', mac(index))).write('token', new Secret(`t${index}`))
  assert.equal(await read(memories.of(portal('draft', mac(16)))), 't16')
  assert.equal(await read(memories.of(portal('draft', mac(0)))), undefined)
  clock.now += 30 * 60_000
  assert.equal(await read(memories.of(portal('draft', mac(16)))), undefined)
})
