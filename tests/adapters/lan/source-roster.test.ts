import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSourceRoster } from '../../../adapters/lan/source-roster.ts'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import type { AnySourceConfig } from '../../../adapters/sources/registry.ts'
import { readSource } from '../../../core/config/sources.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { createFakeDriver } from '../../fakes/source-driver.ts'

const config = (id: string, more: object = {}): AnySourceConfig =>
  readSource({ id, kind: 'm3u', url: 'http://a.example/list', ...more }, 'source', sourceSchemas)
const [A, B] = [sourceId('a'), sourceId('b')]

function aRoster(...sources: readonly AnySourceConfig[]) {
  const made: ReturnType<typeof createFakeDriver>[] = []
  const roster = createSourceRoster({
    sources,
    create: ({ id }) => {
      const fake = createFakeDriver(id)
      made.push(fake)
      return fake.driver
    },
    watch: (_id, driver) => driver,
  })
  return { roster, made, running: () => roster.running().map(({ id }) => id) }
}

async function openStream(roster: ReturnType<typeof aRoster>['roster']) {
  const [stream] = fakeChannel(1).streams
  assert.ok(stream)
  const ends: string[] = []
  const sink = { data: () => {}, end: ({ code }: { readonly code: string }) => void ends.push(code) }
  await roster.opener(A)?.open({ stream, sink, previous: null, signal: new AbortController().signal })
  return ends
}

test('a roster has drivers for what is switched on, in the order of fail-over', () => {
  const { roster, running } = aRoster(
    config('a', { priority: 2 }),
    config('b', { priority: 1 }),
    config('c', { enabled: false }),
  )
  assert.deepEqual(running(), ['b', 'a'])
  assert.deepEqual(
    [roster.driver(sourceId('c')), roster.opener(sourceId('c')), roster.config(sourceId('c'))?.id],
    [null, null, 'c'],
  )
  assert.equal(roster.configs().length, 3)
})

test('put() adds a source', async () => {
  const { roster, running } = aRoster(config('a'))
  assert.equal(await roster.put(config('b', { priority: -1 })), true)
  assert.deepEqual(running(), ['b', 'a'])
})

test('put() of another name, place or patience leaves the driver and its streams alone', async () => {
  const { roster, made, running } = aRoster(config('a'), config('b'))
  const ends = await openStream(roster)
  assert.equal(await roster.put(config('a', { name: 'Named', priority: 9, bufferSeconds: 3 })), false)
  assert.deepEqual([made.length, made[0]?.state.isClosed, ends], [2, false, []])
  assert.deepEqual([running(), roster.config(A)?.name], [['b', 'a'], 'Named'])
})

for (const { name, change } of [
  { name: 'another address', change: { url: 'http://b.example/list' } },
  { name: 'another limit', change: { maxStreams: 1 } },
  { name: 'no more to be on', change: { enabled: false } },
]) {
  test(`put() with ${name} ends the streams of the old driver and closes it`, async () => {
    const { roster, made } = aRoster(config('a'))
    const ends = await openStream(roster)
    assert.equal(await roster.put(config('a', change)), true)
    assert.deepEqual([made[0]?.state.isClosed, made[0]?.opened.size, ends], [true, 0, ['live/ended']])
    assert.equal(roster.driver(A) === null, 'enabled' in change)
  })
}

test('remove() ends and closes a source and forgets it', async () => {
  const { roster, made } = aRoster(config('a'), config('b'))
  const ends = await openStream(roster)
  await roster.remove(A)
  assert.deepEqual(
    [made[0]?.state.isClosed, ends, roster.config(A), roster.opener(A)],
    [true, ['live/ended'], null, null],
  )
  assert.equal(roster.driver(B)?.id, 'b')
  await roster.remove(A)
})

test('disposing closes all drivers', async () => {
  const { roster, made } = aRoster(config('a'), config('b'))
  await roster[Symbol.asyncDispose]()
  assert.deepEqual(
    made.map(({ state }) => state.isClosed),
    [true, true],
  )
})
