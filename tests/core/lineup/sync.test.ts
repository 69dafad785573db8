import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueItem } from '../../../core/lineup/catalogue.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { editChannel } from '../../../core/lineup/edits/edit-channel.ts'
import { EMPTY_STORED_LINEUP } from '../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../core/lineup/stored.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { GONE_KEPT_MS, retireSources, syncLineup } from '../../../core/lineup/sync.ts'
import { toLineup } from '../../../core/lineup/view.ts'
import { aCatalogue, anItem } from './samples.ts'

const sync = (stored: StoredLineup, items: readonly CatalogueItem[], now = 0, source = 'box'): StoredLineup =>
  syncLineup(stored, aCatalogue(items, { source }), { now, acceptShrunk: true }).lineup

const shown = (stored: StoredLineup) =>
  toLineup(stored).channels.map(({ key, number, name, enabled }) => ({ key: Number(key), number, name, enabled }))

const many = (count: number, prefix = 'i'): CatalogueItem[] =>
  Array.from({ length: count }, (_, index) => anItem(`${prefix}${index}`))

test('syncLineup() gives new channels keys from one sequence and the numbers of the source', () => {
  const stored = sync(EMPTY_STORED_LINEUP, [
    anItem('a', { number: '7', name: 'A' }),
    anItem('b', { number: '3', name: 'B' }),
  ])
  assert.deepEqual(shown(stored), [
    { key: 1, number: '7', name: 'A', enabled: true },
    { key: 2, number: '3', name: 'B', enabled: true },
  ])
  assert.equal(stored.nextKey, 3)
})

test('syncLineup() gives the very same line-up when nothing changed', () => {
  const items = [anItem('a', { groups: ['G'], guide: { feed: 'box', channel: 'x' } }), anItem('b')]
  const stored = sync(EMPTY_STORED_LINEUP, items)
  assert.equal(sync(stored, structuredClone(items), 99), stored)
})

test('syncLineup() keeps key, number and edits of a channel that the source renames and renumbers', () => {
  let stored = sync(EMPTY_STORED_LINEUP, [anItem('a', { number: '7' }), anItem('b', { number: '8' })])
  stored = editChannel(stored, channelKey(2), { name: 'Mine', enabled: false }, null)
  stored = sync(stored, [anItem('b', { number: '1', name: 'New b' }), anItem('a', { number: '8', name: 'New a' })])
  assert.deepEqual(shown(stored), [
    { key: 1, number: '7', name: 'New a', enabled: true },
    { key: 2, number: '8', name: 'Mine', enabled: false },
  ])
})

test('syncLineup() switches a missing channel off, keeps its number reserved, and brings it back as it was', () => {
  let stored = sync(EMPTY_STORED_LINEUP, [anItem('a', { number: '1' }), anItem('b', { number: '2' })])
  stored = editChannel(stored, channelKey(2), { name: 'Mine' }, null)
  stored = sync(stored, [anItem('a', { number: '1' }), anItem('c', { number: '2' })], 1000)
  assert.deepEqual(shown(stored), [
    { key: 1, number: '1', name: 'Name of a', enabled: true },
    { key: 2, number: '2', name: 'Mine', enabled: false },
    { key: 3, number: '3', name: 'Name of c', enabled: true },
  ])
  assert.deepEqual(toLineup(stored).channels[1]?.streams, [])
  stored = sync(stored, [anItem('a', { number: '1' }), anItem('b', { number: '9' })], 2000)
  assert.deepEqual(shown(stored)[1], { key: 2, number: '2', name: 'Mine', enabled: true })
})

test('syncLineup() forgets a gone channel after a long time and never gives its key again', () => {
  let stored = sync(EMPTY_STORED_LINEUP, [anItem('a'), anItem('b')])
  stored = sync(stored, [anItem('a')], 1000)
  stored = sync(stored, [anItem('a')], 1000 + GONE_KEPT_MS)
  assert.equal(stored.channels.length, 2)
  stored = sync(stored, [anItem('a')], 1001 + GONE_KEPT_MS)
  assert.equal(stored.channels.length, 1)
  stored = sync(stored, [anItem('a'), anItem('b')], 1002 + GONE_KEPT_MS)
  assert.deepEqual(
    stored.channels.map(({ key }) => Number(key)),
    [1, 3],
  )
})

test('syncLineup() says which channels are kept, new and gone', () => {
  const stored = sync(EMPTY_STORED_LINEUP, [anItem('a'), anItem('b')])
  const { diff } = syncLineup(stored, aCatalogue([anItem('b'), anItem('c')]), { now: 1 })
  assert.deepEqual(diff, { kept: [2], new: [3], gone: [1] })
})

for (const { name, before, after, refused } of [
  { name: 'refuses an empty catalogue', before: 1, after: 0, refused: true },
  { name: 'refuses less than half with ten lost', before: 20, after: 9, refused: true },
  { name: 'takes half', before: 20, after: 10, refused: false },
  { name: 'takes less than half when few are lost', before: 12, after: 3, refused: false },
  { name: 'takes an empty catalogue of a source that never had any', before: 0, after: 0, refused: false },
]) {
  test(`syncLineup() ${name}`, () => {
    const stored = sync(EMPTY_STORED_LINEUP, many(before))
    const act = () => syncLineup(stored, aCatalogue(many(after)), { now: 1 })
    if (refused) assert.throws(act, { code: 'lineup/shrunk' })
    else assert.equal(act().diff.kept.length, after)
  })
}

test('syncLineup() takes a shrunk catalogue that the owner accepts', () => {
  const stored = sync(EMPTY_STORED_LINEUP, many(20))
  const { diff } = syncLineup(stored, aCatalogue(many(2)), { now: 1, acceptShrunk: true })
  assert.deepEqual([diff.kept.length, diff.gone.length], [2, 18])
})

test('syncLineup() joins the same service of two sources in one channel, in order of priority', () => {
  const ref = '1:0:19:132F:3EF:1:C00000:0:0:0:'
  const priority = [sourceId('first'), sourceId('second')]
  const second = aCatalogue([anItem('s', { serviceRef: ref, name: 'Of second' })], { source: 'second' })
  const first = aCatalogue([anItem('f', { serviceRef: ref, name: 'Of first', number: '5' })], { source: 'first' })
  let { lineup } = syncLineup(EMPTY_STORED_LINEUP, second, { now: 0, priority })
  lineup = syncLineup(lineup, first, { now: 0, priority }).lineup
  const [channel, ...others] = toLineup(lineup).channels
  assert.equal(others.length, 0)
  assert.deepEqual(
    channel?.streams.map((stream) => stream.id),
    ['first/f', 'second/s'],
  )
  assert.deepEqual([channel?.name, channel?.number], ['Of first', '1'])
})

test('syncLineup() keeps two items of one source with one service apart', () => {
  const ref = '1:0:19:132F:3EF:1:C00000:0:0:0:'
  const stored = sync(sync(EMPTY_STORED_LINEUP, [anItem('x', { serviceRef: ref })], 0, 'other'), [
    anItem('a', { serviceRef: ref }),
    anItem('b', { serviceRef: ref }),
  ])
  assert.deepEqual(
    stored.channels.map(({ streams }) => streams.map(({ id }) => id)),
    [['other/x', 'box/a'], ['box/b']],
  )
})

test('syncLineup() keeps the channel of a service that moved: one of a name vanished, one of it came', () => {
  const stored = sync(EMPTY_STORED_LINEUP, [anItem('old', { name: 'ORF1 HD', number: '1' }), anItem('b')])
  const moved = sync(stored, [anItem('b'), anItem('new', { name: 'ORF1 HD', number: '1' })], 5)
  assert.deepEqual(shown(moved)[0], { key: 1, number: '1', name: 'ORF1 HD', enabled: true })
  assert.deepEqual(
    toLineup(moved).channels[0]?.streams.map(({ item }) => item),
    ['new'],
  )
})

test('syncLineup() does not guess between namesakes', () => {
  const stored = sync(EMPTY_STORED_LINEUP, [anItem('old', { name: 'Sky' }), anItem('b')])
  const moved = sync(stored, [anItem('b'), anItem('x', { name: 'Sky' }), anItem('y', { name: 'Sky' })], 5)
  assert.deepEqual(
    shown(moved).map(({ key, enabled }) => [key, enabled]),
    [
      [1, false],
      [2, true],
      [3, true],
      [4, true],
    ],
  )
})

test('syncLineup() joins the groups of an item that is listed twice', () => {
  const stored = sync(EMPTY_STORED_LINEUP, [anItem('a', { groups: ['G', 'H'] }), anItem('a', { groups: ['I', 'G'] })])
  assert.deepEqual(
    toLineup(stored).channels.map(({ groups }) => groups),
    [['G', 'H', 'I']],
  )
})

test('toLineup() orders groups as sources do and leaves out those without an enabled channel', () => {
  let { lineup } = syncLineup(
    EMPTY_STORED_LINEUP,
    aCatalogue(
      [anItem('a', { groups: ['Two', 'Extra'] }), anItem('b', { groups: ['One'] }), anItem('c', { groups: ['Off'] })],
      {
        groups: ['One', 'Off', 'Two', 'Empty'],
      },
    ),
    { now: 0 },
  )
  lineup = editChannel(lineup, channelKey(3), { enabled: false }, null)
  assert.deepEqual(toLineup(lineup).groups, [
    { name: 'One', order: 0 },
    { name: 'Two', order: 1 },
    { name: 'Extra', order: 2 },
  ])
})

test('retireSources() switches off what is not configured and syncLineup() brings it back', () => {
  const items = [anItem('a')]
  const stored = sync(EMPTY_STORED_LINEUP, items)
  const retired = retireSources(stored, new Set([sourceId('other')]), 5)
  assert.deepEqual(
    shown(retired).map(({ enabled }) => enabled),
    [false],
  )
  assert.equal(retireSources(retired, new Set([sourceId('other')]), 6), retired)
  assert.deepEqual(shown(sync(retired, items, 7)), shown(stored))
})

const anyItems = fc.uniqueArray(
  fc.record(
    {
      item: fc.constantFrom(...'abcdefghij'),
      name: fc.constantFrom('X', 'Y', 'Z', 'V', 'W'),
      number: fc.option(fc.constantFrom('1', '2', '3', '5.1')),
      serviceRef: fc.option(fc.constantFrom('r1', 'r2', 'r3')),
    },
    { noNullPrototype: true },
  ),
  { selector: ({ item }) => item },
)
const anyRefreshes = fc.array(fc.record({ source: fc.constantFrom('box', 'sat'), items: anyItems }), { maxLength: 8 })

test('syncLineup() holds its laws over any run of refreshes', () => {
  fc.assert(
    fc.property(anyRefreshes, (refreshes) => {
      let stored = EMPTY_STORED_LINEUP
      const numberOf = new Map<number, string>()
      const homeOf = new Map<string, number>()
      for (const [now, { source, items }] of refreshes.entries()) {
        stored = sync(
          stored,
          items.map(({ item, ...given }) => anItem(item, given)),
          now,
          source,
        )
        const keys = stored.channels.map(({ key }) => Number(key))
        assert.deepEqual(
          keys,
          [...new Set(keys)].toSorted((a, b) => a - b),
          'keys are unique and in order',
        )
        assert.equal(new Set(stored.channels.map(({ number }) => number)).size, keys.length, 'numbers are unique')
        assert.ok(
          keys.every((key) => key < stored.nextKey),
          'keys come from the sequence',
        )
        for (const { key, number, streams } of stored.channels) {
          assert.equal(numberOf.get(key) ?? number, number, 'a number is kept for ever')
          numberOf.set(key, number)
          for (const { id } of streams) {
            assert.equal(homeOf.get(id) ?? key, key, 'a stream keeps its channel')
            homeOf.set(id, key)
          }
        }
        const there = stored.channels.flatMap(({ streams }) =>
          streams.filter((stream) => stream.sourceId === source && stream.goneSince === null),
        )
        assert.deepEqual(
          there.map(({ item }) => item).toSorted(),
          items.map(({ item }) => item).toSorted(),
          'what is listed is there',
        )
      }
    }),
  )
})
