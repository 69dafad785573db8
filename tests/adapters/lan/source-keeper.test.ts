import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSourceKeeper } from '../../../adapters/lan/source-keeper.ts'
import type { SourceEntry, SourceRefresh } from '../../../adapters/lan/source-keeper.ts'
import { Failure } from '../../../core/errors.ts'
import type { Catalogue, SourceCatalogue } from '../../../core/lineup/catalogue.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { fakeItem } from '../../fakes/source-driver.ts'

const A = sourceId('a')
const catalogue: SourceCatalogue = { sourceId: A, groups: [], items: [fakeItem('one'), fakeItem('two')] }
const gives = (answer: SourceCatalogue | Failure): Catalogue => ({
  catalogue: () => (answer instanceof Failure ? Promise.reject(answer) : Promise.resolve(answer)),
})
const entry = (driver: Catalogue | null, more: Partial<SourceEntry> = {}): SourceEntry => ({
  id: A,
  kind: 'm3u',
  name: 'A',
  driver,
  ...more,
})
const asked: SourceRefresh = { acceptShrunk: false, signal: new AbortController().signal }

function aKeeper(...sources: readonly SourceEntry[]) {
  const notes: (string | null)[] = []
  const keeper = createSourceKeeper({
    sources,
    lineup: { sync: async () => ({ kept: [], new: [], gone: [] }) },
    health: { note: (_id, { problem }) => void notes.push(problem?.code ?? null) },
    now: () => 5,
    log: () => {},
  })
  const told: string[] = []
  keeper.onChange((id) => void told.push(`${id} ${keeper.list().find((one) => one.id === id)?.state ?? 'gone'}`))
  return { keeper, notes, told, state: () => keeper.list()[0] }
}

test('refresh() goes from starting to ready, tells of it, and how far it is', async () => {
  const { keeper, told, notes, state } = aKeeper(entry(gives(catalogue)))
  assert.deepEqual([state()?.state, state()?.answered], ['starting', false])
  const steps: string[] = []
  await keeper.refresh(A, { ...asked, onProgress: ({ step, done }) => void steps.push(`${step} ${done}`) })
  assert.deepEqual([state()?.state, state()?.channels, state()?.lastRefresh, notes], ['ready', 2, 5, [null]])
  assert.deepEqual([told, steps], [['a ready'], ['asking 0', 'storing 2']])
  await keeper.refresh(A, asked)
  assert.deepEqual(told.slice(1), ['a refreshing', 'a ready'])
})

test('refresh() that fails is the fault of the source', async () => {
  const { keeper, notes, state } = aKeeper(entry(gives(new Failure('source/timeout', 'Too slow'))))
  await assert.rejects(keeper.refresh(A, asked), { code: 'source/timeout' })
  assert.deepEqual([state()?.state, state()?.problem?.code, state()?.answered], ['failing', 'source/timeout', true])
  assert.deepEqual(notes, ['source/timeout'])
})

test('refresh() that we break off says nothing about the source', async () => {
  const cancel = new AbortController()
  const hangs: Catalogue = {
    catalogue: (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  }
  const { keeper, notes, state } = aKeeper(entry(hangs))
  const running = keeper.refresh(A, { ...asked, signal: cancel.signal })
  cancel.abort(new Failure('job/cancelled', 'Enough'))
  await assert.rejects(running, { code: 'job/cancelled' })
  assert.deepEqual([state()?.state, state()?.problem, state()?.answered, notes], ['starting', null, true, []])
})

test('put() of another name keeps the state; of another driver begins anew', async () => {
  const driver = gives(catalogue)
  const { keeper, state } = aKeeper(entry(driver))
  await keeper.refresh(A, asked)
  keeper.put(entry(driver, { name: 'B' }))
  assert.deepEqual([state()?.name, state()?.state, state()?.channels], ['B', 'ready', 2])
  keeper.put(entry(gives(catalogue)))
  assert.deepEqual([state()?.state, state()?.channels], ['starting', 0])
  keeper.put(entry(null))
  assert.deepEqual([state()?.state, state()?.answered], ['disabled', true])
})

test('remove() forgets a source and tells of it', async () => {
  const { keeper, told } = aKeeper(entry(gives(catalogue)))
  keeper.remove(A)
  assert.deepEqual([keeper.list(), told], [[], ['a gone']])
  await assert.rejects(keeper.refresh(A, asked), RangeError)
})

test('a source that cannot be used as it is configured says why', () => {
  const problem = new Failure('config/secrets-lost', 'Another key')
  const { state } = aKeeper(entry(null, { problem }))
  assert.deepEqual([state()?.state, state()?.problem, state()?.answered], ['failing', problem, true])
})
