import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineupKeeper } from '../../../adapters/lan/lineup-keeper.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import type { LineupEdit } from '../../../core/lineup/desk.ts'
import { editChannel } from '../../../core/lineup/edits/edit-channel.ts'
import type { LineupStore } from '../../../core/lineup/store.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'
import { createMemoryLineupStore } from '../../fakes/memory-lineup-store.ts'

const keeperOf = (store: LineupStore = createMemoryLineupStore()) =>
  createLineupKeeper({ store, priority: () => [sourceId('box')], now: () => 0, log: () => {} })

const loaded = async (store?: LineupStore) => {
  const keeper = keeperOf(store)
  await keeper.load()
  return keeper
}

const key = channelKey(1)
const rename =
  (name: string): LineupEdit =>
  (stored) =>
    editChannel(stored, key, { name }, null)
const nameOf = (keeper: ReturnType<typeof keeperOf>) => keeper.current().byId.get(channelId(key))?.name

test('current() fails with lineup/not-ready until the line-up is loaded', async () => {
  const keeper = keeperOf()
  assert.throws(() => keeper.current(), { code: 'lineup/not-ready' })
  await assert.rejects(keeper.sync(aCatalogue([])), { code: 'lineup/not-ready' })
  await keeper.load()
  assert.equal(keeper.current().channels.length, 0)
})

test('sync() stores the channels, shows them and tells listeners the new revision', async () => {
  const store = createMemoryLineupStore()
  const keeper = await loaded(store)
  const heard: string[] = []
  keeper.onChange(({ revision }) => heard.push(revision))
  const diff = await keeper.sync(aCatalogue([anItem('a')]))
  assert.deepEqual(diff, { kept: [], new: [1], gone: [] })
  assert.deepEqual(heard, [keeper.current().revision])
  assert.equal((await loaded(store)).current().revision, keeper.current().revision)
})

test('sync() of an unchanged catalogue makes no revision', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a')]))
  const before = keeper.current()
  keeper.onChange(() => assert.fail('nothing changed'))
  await keeper.sync(aCatalogue([anItem('a')]))
  assert.equal(keeper.current(), before)
})

test('sync() keeps the old line-up when it refuses a shrunk one, and takes it when told to', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a')]))
  await assert.rejects(keeper.sync(aCatalogue([])), { code: 'lineup/shrunk' })
  assert.equal(keeper.current().byId.size, 1)
  await keeper.sync(aCatalogue([]), { acceptShrunk: true })
  assert.equal(keeper.current().byId.size, 0)
})

test('changes made at the same moment all take place, one after the other', async () => {
  const keeper = await loaded()
  await Promise.all([
    keeper.sync(aCatalogue([anItem('a')])),
    keeper.sync(aCatalogue([anItem('b')], { source: 'other' })),
    keeper.apply(rename('Mine'), null),
  ])
  assert.equal(keeper.current().byId.size, 2)
  assert.equal(nameOf(keeper), 'Mine')
})

test('apply() for two owners at one revision lets the first one win', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a')]))
  const { revision } = keeper.current()
  const results = await Promise.allSettled([
    keeper.apply(rename('First'), revision),
    keeper.apply(rename('Second'), revision),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  assert.equal(nameOf(keeper), 'First')
})

test('an edit that cannot be stored is not shown', async () => {
  const memory = createMemoryLineupStore()
  let isFull = false
  const keeper = await loaded({
    load: () => memory.load(),
    save: (before, after) => (isFull ? Promise.reject(new Error('disk is full')) : memory.save(before, after)),
  })
  await keeper.sync(aCatalogue([anItem('a', { name: 'A' })]))
  isFull = true
  await assert.rejects(keeper.apply(rename('Lost'), null), { message: 'disk is full' })
  assert.equal(nameOf(keeper), 'A')
  isFull = false
  await keeper.apply(rename('Kept'), null)
  assert.equal(nameOf(keeper), 'Kept')
})

test('retireAllBut() switches off what is not configured', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a')]))
  await keeper.sync(aCatalogue([anItem('b')], { source: 'other' }))
  await keeper.retireAllBut([sourceId('other')])
  assert.deepEqual([...keeper.current().byId.keys()], ['c2'])
})

test('onChange() gives the function that ends it', async () => {
  const keeper = await loaded()
  const end = keeper.onChange(() => assert.fail('was ended'))
  end()
  await keeper.sync(aCatalogue([anItem('a')]))
})

test('preview() says what an edit would change, and changes nothing', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a', { name: 'A' }), anItem('b', { name: 'B' })]))
  const { changed, added, removed, rows } = await keeper.preview(rename('Mine'))
  assert.deepEqual(
    [changed, added, removed, rows.map(({ id, before, after }) => [id, before?.name, after?.name])],
    [1, 0, 0, [['c1', 'A', 'Mine']]],
  )
  assert.equal(nameOf(keeper), 'A')
})

test('undo() takes edits back, the last one first, until there is none', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a', { name: 'A' })]))
  await keeper.apply(rename('One'), null)
  await keeper.apply(rename('Two'), null)
  await keeper.undo(null)
  assert.equal(nameOf(keeper), 'One')
  await keeper.undo(keeper.current().revision)
  assert.equal(nameOf(keeper), 'A')
  await assert.rejects(keeper.undo(null), { code: 'lineup/cannot-undo' })
})

test('undo() refuses to take back what a refresh has changed since', async () => {
  const keeper = await loaded()
  await keeper.sync(aCatalogue([anItem('a', { name: 'A' })]))
  await keeper.apply(rename('One'), null)
  await keeper.sync(aCatalogue([anItem('a', { name: 'A new' })]))
  await assert.rejects(keeper.undo(null), { code: 'lineup/cannot-undo' })
  assert.equal(nameOf(keeper), 'One')
})
