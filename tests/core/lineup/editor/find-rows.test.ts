import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editChannel } from '../../../../core/lineup/edits/edit-channel.ts'
import { indexStored, OWN_FACTS } from '../../../../core/lineup/editor/facts.ts'
import type { HouseFacts } from '../../../../core/lineup/editor/facts.ts'
import { findRows, pickRows } from '../../../../core/lineup/editor/find-rows.ts'
import type { RowQuery } from '../../../../core/lineup/editor/find-rows.ts'
import { channelKey, sortByNumber } from '../../../../core/lineup/channel.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../../core/lineup/stored.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { toLineup } from '../../../../core/lineup/view.ts'
import { atOnce } from '../../../../core/steps.ts'
import { aCatalogue, anItem } from '../samples.ts'

const sync = (
  lineup: StoredLineup,
  source: string,
  items: readonly ReturnType<typeof anItem>[],
  acceptShrunk = false,
) => syncLineup(lineup, aCatalogue(items, { source }), { now: 0, acceptShrunk }).lineup
const BOX = [
  anItem('a', { name: 'Ärger TV', number: '4', groups: ['Sport 10'] }),
  anItem('b', { name: 'zapp', number: '3', groups: ['Sport 9'] }),
  anItem('c', { name: 'Arte 10', number: '2' }),
  anItem('d', { name: 'Arte 9', number: '1', groups: ['Sport 9'] }),
]
const both = sync(sync(EMPTY_STORED_LINEUP, 'box', BOX), 'iptv', [anItem('1', { name: 'Arte 9', number: '9' })])

function rows(
  query: Partial<RowQuery>,
  { stored = both, facts = OWN_FACTS }: { stored?: StoredLineup; facts?: HouseFacts } = {},
) {
  const ground = { channels: sortByNumber(toLineup(stored).channels), byKey: indexStored(stored), facts }
  const found = atOnce(findRows(ground, { filter: '', sort: 'number', isDescending: false, ...query }))
  return found.map(({ name }) => name)
}

for (const { sort, becomes } of [
  { sort: 'number', becomes: ['Arte 9', 'Arte 10', 'zapp', 'Ärger TV'] },
  { sort: 'name', becomes: ['Ärger TV', 'Arte 9', 'Arte 10', 'zapp'] },
  { sort: 'group', becomes: ['Arte 9', 'zapp', 'Ärger TV', 'Arte 10'] },
  { sort: 'streams', becomes: ['Arte 10', 'zapp', 'Ärger TV', 'Arte 9'] },
] as const) {
  test(`findRows() orders by ${sort}, equal ones by number, and the other way round`, () => {
    assert.deepEqual(rows({ sort }), becomes)
    assert.deepEqual(rows({ sort, isDescending: true }), becomes.toReversed())
  })
}

test('findRows() finds what was edited by hand, and what was not', () => {
  const edited = editChannel(both, channelKey(2), { name: 'Zapp!' }, null)
  assert.deepEqual(rows({ filter: 'edited' }, { stored: edited }), ['Zapp!'])
  assert.equal(rows({ filter: 'not edited' }, { stored: edited }).length, 3)
})

test('findRows() finds channels with a stream that is gone, or whose sources are all down', () => {
  const gone = sync(both, 'box', BOX.slice(0, 2), true)
  assert.deepEqual(rows({ filter: 'problem' }, { stored: gone }), ['Arte 9', 'Arte 10'])
  const facts: HouseFacts = { ...OWN_FACTS, isDown: (source) => source === sourceId('box') }
  assert.deepEqual(rows({ filter: 'problem' }, { facts }), ['Arte 10', 'zapp', 'Ärger TV'], 'another source has Arte 9')
})

test('pickRows() takes each row once, in the order of the list', () => {
  const list = [...'abcdefgh']
  const ranges = [
    { from: 5, to: 7 },
    { from: 1, to: 3 },
    { from: 2, to: 4 },
    { from: 7, to: 99 },
  ]
  assert.equal(pickRows(list, ranges).join(''), 'bcdfgh')
})
