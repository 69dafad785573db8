import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurn, openEntryDesk } from '../../../adapters/config/entry-desk.ts'
import { sourceSchemas } from '../../../adapters/sources/registry.ts'
import type { AnySourceConfig } from '../../../adapters/sources/registry.ts'
import type { EntryStore } from '../../../adapters/store/entry-store.ts'
import { readSource } from '../../../core/config/sources.ts'
import { createMemoryEntries } from '../../fakes/memory-entries.ts'

const URL_A = 'http://a.example/list?token=x1y2z3'
const list = (id: string, more: object = {}) => ({ id, kind: 'm3u', url: URL_A, ...more })

async function aDesk(store: EntryStore = createMemoryEntries()) {
  const applied: (readonly [string, string | null])[] = []
  const logged: string[] = []
  const fixed = readSource(list('fixed'), 'source', sourceSchemas)
  const desk = await openEntryDesk<AnySourceConfig>({
    name: 'source',
    fixed: [{ managedBy: 'file', shown: { id: 'fixed', kind: 'm3u' }, value: fixed }],
    store,
    read: (written) => readSource(written, 'source', sourceSchemas),
    keysOf: ({ settings, ...common }) => ({ ...common, ...settings }),
    check: async () => {},
    isTaken: (id) => id === 'taken',
    unknown: 'lineup/unknown-source',
    apply: async (id, after) => void applied.push([id, after?.name ?? null]),
    turn: createTurn(),
    log: (_level, event, facts) => void logged.push(`${event} ${String(facts?.['id'])}`),
  })
  return { desk, applied, logged, store }
}

test('add() keeps an entry, puts it in force and shows it without its secrets', async () => {
  const { desk, applied, store } = await aDesk()
  const entry = await desk.add(list('new', { name: 'New', priority: null }))
  assert.deepEqual(applied, [['new', 'New']])
  assert.deepEqual(entry.shown, { id: 'new', kind: 'm3u', url: 'set', name: 'New' })
  assert.deepEqual([entry.managedBy, entry.hosts, entry.problem], ['house', { url: 'a.example' }, null])
  assert.deepEqual(
    desk.list().map(({ id, managedBy, revision }) => [id, managedBy, revision]),
    [
      ['fixed', 'file', null],
      ['new', 'house', 'r1'],
    ],
  )
  assert.deepEqual(
    (await aDesk(store)).desk.list().map(({ id, value }) => [id, value?.name]),
    [
      ['fixed', 'fixed'],
      ['new', 'New'],
    ],
  )
})

for (const { name, entry, code } of [
  { name: 'an id of the file', entry: list('fixed'), code: 'config/id-taken' },
  { name: 'an id of something else', entry: list('taken'), code: 'config/id-taken' },
  { name: 'an address of this program as id', entry: list('api'), code: 'http/bad-request' },
  { name: 'an unknown kind', entry: list('home', { kind: 'carrier-pigeon' }), code: 'http/bad-request' },
  { name: 'a wrong value', entry: list('home', { maxStreams: 0 }), code: 'http/bad-request' },
  { name: 'nothing', entry: {}, code: 'http/bad-request' },
]) {
  test(`add() refuses ${name}, and nothing is kept`, async () => {
    const { desk, applied, store } = await aDesk()
    await assert.rejects(desk.add(entry), { code })
    assert.deepEqual([applied, await store.all()], [[], []])
  })
}

test('change() replaces what is named and keeps the secrets', async () => {
  const { desk, applied } = await aDesk()
  const { revision } = await desk.add(list('new'))
  const changed = await desk.change('new', { name: 'Later', url: 'set', enabled: false }, revision)
  assert.deepEqual(applied.at(-1), ['new', 'Later'])
  const { value } = changed
  assert.ok(value?.kind === 'm3u')
  assert.deepEqual([value.settings.url?.reveal(), value.enabled], [URL_A, false])
  await assert.rejects(desk.change('new', { name: 'X' }, revision), { code: 'config/changed' })
  assert.equal((await desk.change('new', { name: null }, null)).value?.name, 'new')
})

test('change() of an id or a kind is refused', async () => {
  const { desk } = await aDesk()
  await desk.add(list('new'))
  for (const change of [{ id: 'other' }, { kind: 'xtream' }])
    await assert.rejects(desk.change('new', change, null), { code: 'http/bad-request' })
  assert.equal((await desk.change('new', { id: 'new', kind: 'm3u' }, null)).id, 'new')
})

test('a change that is wrong leaves everything as it was', async () => {
  const { desk, applied, store } = await aDesk()
  await desk.add(list('new'))
  const before = await store.all()
  await assert.rejects(desk.change('new', { url: 'nonsense' }, null), { code: 'http/bad-request' })
  assert.deepEqual([await store.all(), applied.length], [before, 1])
})

test('remove() forgets an entry; what is in the file is edited there', async () => {
  const { desk, applied, store } = await aDesk()
  await desk.add(list('new'))
  await assert.rejects(desk.remove('new', 'other'), { code: 'config/changed' })
  await desk.remove('new', null)
  assert.deepEqual([applied.at(-1), await store.all()], [['new', null], []])
  await assert.rejects(desk.remove('new', null), { code: 'lineup/unknown-source' })
  await assert.rejects(desk.remove('fixed', null), { code: 'config/managed-by-file' })
  await assert.rejects(desk.change('fixed', {}, null), { code: 'config/managed-by-file' })
})

test('edits that come at the same time follow one another', async () => {
  const { desk } = await aDesk()
  const results = await Promise.allSettled([desk.add(list('new')), desk.add(list('new')), desk.remove('new', null)])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('draft() reads an entry that is not kept, with the secrets of the one of its id', async () => {
  const { desk, store } = await aDesk()
  await desk.add(list('new'))
  const known = await desk.draft({ id: 'new', kind: 'm3u', url: 'set', name: 'Try' })
  assert.ok(known.kind === 'm3u')
  assert.deepEqual([known.settings.url?.reveal(), known.name], [URL_A, 'Try'])
  assert.equal((await desk.draft({ kind: 'm3u', url: URL_A })).id, 'draft')
  await assert.rejects(desk.draft({ kind: 'm3u', url: 'set' }), { code: 'http/bad-request' })
  assert.equal((await store.all()).length, 1)
})

test('the file wins where both have an id', async () => {
  const kept = { id: 'fixed', shown: list('fixed'), written: list('fixed', { name: 'Ours' }), revision: 'r' }
  const { desk, logged } = await aDesk(createMemoryEntries([kept]))
  assert.deepEqual(
    desk.list().map(({ managedBy }) => managedBy),
    ['file'],
  )
  assert.deepEqual(logged, ['config-entry-shadowed fixed'])
})

test('an entry whose secrets are lost is shown, and works again when they are written', async () => {
  const shown = { id: 'new', kind: 'm3u', url: 'set', name: 'New', headers: { Key: 'set' } }
  const { desk, logged } = await aDesk(createMemoryEntries([{ id: 'new', shown, written: null, revision: 'r' }]))
  const [, entry] = desk.list()
  assert.deepEqual([entry?.value, entry?.problem?.code], [null, 'config/secrets-lost'])
  assert.deepEqual(logged, ['config-entry-unusable new'])
  await assert.rejects(desk.change('new', { name: 'X' }, null), { code: 'http/bad-request' })
  const mended = await desk.change('new', { url: URL_A }, null)
  assert.deepEqual(
    [mended.problem, mended.value?.name, mended.shown],
    [null, 'New', { id: 'new', kind: 'm3u', name: 'New', url: 'set' }],
  )
})

test('an entry of another version that cannot be read any more is shown with the reason', async () => {
  const written = list('new', { fromTheFuture: true })
  const { desk } = await aDesk(createMemoryEntries([{ id: 'new', shown: written, written, revision: 'r' }]))
  const [, entry] = desk.list()
  assert.deepEqual([entry?.value, entry?.problem?.code], [null, 'config/invalid'])
  assert.equal((await desk.change('new', { fromTheFuture: null }, 'r')).problem, null)
})
