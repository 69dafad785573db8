import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelId, channelKey } from '../../../../core/lineup/channel.ts'
import { sourceId, streamId } from '../../../../core/lineup/stream.ts'
import type { ViewingQuery } from '../../../../core/history/viewing.ts'
import { ALL, aSample, aViewing, T0 } from '../../../core/history/samples.ts'
import { makeDataFolder } from '../data-folder.ts'

const RICH = aViewing({
  id: 'w2',
  startedAt: T0 + 1000,
  lastSeen: T0 + 9000,
  endedAt: T0 + 9000,
  bytes: 5_000_000_000,
  reason: 'failed',
  code: 'live/stalled',
  user: 'Bo',
  channelId: channelId(channelKey(2)),
  sourceId: sourceId('panel'),
  switchCount: 1,
  switches: [
    {
      at: T0 + 2000,
      from: streamId(sourceId('receiver'), 'one'),
      to: streamId(sourceId('panel'), 'one'),
      names: ['One', 'DE: One'],
      code: 'live/stalled',
      gapMs: 900,
    },
  ],
  errors: 12,
  errorMinutes: [{ at: T0, count: 12 }],
})

test('viewings come back as they were put, the newest first, also from the next run', async () => {
  await using folder = await makeDataFolder()
  const { history } = await folder.open()
  history.viewings.put([aViewing(), RICH])
  const again = (await folder.open()).history.viewings
  assert.deepEqual(again.find(ALL), { total: 2, items: [RICH, aViewing()] })
})

test('find() takes what the query says', async () => {
  await using folder = await makeDataFolder()
  const { viewings } = (await folder.open()).history
  viewings.put([aViewing(), RICH])
  const found = (query: Partial<ViewingQuery>) => viewings.find({ ...ALL, ...query }).items.map(({ id }) => id)
  assert.deepEqual(found({ channelId: 'c2' as never }), ['w2'])
  assert.deepEqual(found({ person: 'bO' }), ['w2'])
  assert.deepEqual(found({ sourceId: sourceId('receiver') }), ['w1'])
  assert.deepEqual(found({ reason: 'failed' }), ['w2'])
  assert.deepEqual(found({ reason: 'running' }), ['w1'])
  assert.deepEqual(found({ from: T0 + 9001 }), ['w1'], 'what goes on was there at every time since')
  assert.deepEqual(found({ to: T0 + 1000 }), ['w1'])
  assert.deepEqual(viewings.find({ ...ALL, offset: 1, limit: 1 }), { total: 2, items: [aViewing()] })
})

test('choices() lists values by a part of their name, the most frequent first, under their newest name', async () => {
  await using folder = await makeDataFolder()
  const { viewings } = (await folder.open()).history
  viewings.put([
    aViewing({ user: 'anna' }),
    aViewing({ id: 'w3', user: 'Anna', title: 'Das Erste HD neu', startedAt: T0 + 5000 }),
    aViewing({ id: 'w4', user: null, channelId: null, title: 'A film', startedAt: T0 + 6000 }),
    RICH,
  ])
  assert.deepEqual(viewings.choices('person', '', 9), [
    { id: 'anna', name: 'Anna', viewings: 2 },
    { id: 'bo', name: 'Bo', viewings: 1 },
  ])
  assert.deepEqual(viewings.choices('person', 'NN', 9), [{ id: 'anna', name: 'Anna', viewings: 2 }])
  assert.deepEqual(
    viewings.choices('channel', '', 9).map(({ name }) => name),
    ['Das Erste HD neu', RICH.title],
  )
  assert.deepEqual(
    viewings.choices('channel', 'NEU', 9).map(({ id, viewings: count }) => [id, count]),
    [['c1', 1]],
  )
  assert.deepEqual(
    viewings.choices('source', '', 1).map(({ id }) => id),
    ['receiver'],
  )
})

test('what a dead run has left open is interrupted, when it was last seen', async () => {
  await using folder = await makeDataFolder()
  const { viewings } = (await folder.open()).history
  viewings.put([aViewing({ lastSeen: T0 + 7000 }), RICH])
  assert.equal(viewings.interruptOpen(), 1)
  const [, ended] = viewings.find(ALL).items
  assert.deepEqual([ended?.reason, ended?.endedAt], ['interrupted', T0 + 7000])
})

test('forget() takes what is too old, and what is too much', async () => {
  await using folder = await makeDataFolder()
  const { viewings } = (await folder.open()).history
  const ended = (id: string, at: number) => aViewing({ id, startedAt: at, endedAt: at, reason: 'left' })
  viewings.put([ended('a', T0), ended('b', T0 + 1000), ended('c', T0 + 2000), ended('d', T0 + 3000)])
  viewings.forget(T0 + 500, 2)
  assert.deepEqual(
    viewings.find(ALL).items.map(({ id }) => id),
    ['d', 'c'],
  )
})

test('samples come back in the order of time', async () => {
  await using folder = await makeDataFolder()
  const { samples } = (await folder.open()).history
  const [first, second] = [aSample({ slots: { box: 1 } }), aSample({ at: T0 + 300_000, cpuPercent: null })]
  samples.add(second)
  samples.add(first)
  samples.add(first)
  assert.deepEqual(samples.between(T0, T0 + 300_001, 10), [first, second])
  samples.forget(T0 + 1)
  assert.deepEqual(samples.between(0, T0 * 2, 10), [second])
})
