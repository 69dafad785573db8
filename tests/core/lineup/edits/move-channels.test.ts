import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelKey } from '../../../../core/lineup/channel.ts'
import { moveChannels } from '../../../../core/lineup/edits/move-channels.ts'
import { sortByNumber } from '../../../../core/lineup/channel.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../../core/lineup/stored.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { aCatalogue, anItem } from '../samples.ts'

// Keys 1 … 6; what is listed is a, b, d and f.
const items = [
  anItem('a', { number: '1', groups: ['Listed'] }),
  anItem('b', { number: '2', groups: ['Listed'] }),
  anItem('c', { number: '5' }),
  anItem('d', { number: '7', groups: ['Listed'] }),
  anItem('e', { number: '8' }),
  anItem('f', { number: '9.1', groups: ['Listed'] }),
]
const stored = syncLineup(EMPTY_STORED_LINEUP, aCatalogue(items, { groups: ['Listed'] }), { now: 0 }).lineup
const order = (lineup: StoredLineup): string =>
  sortByNumber(lineup.channels)
    .map(({ number, streams: [stream] }) => `${number}${stream?.item}`)
    .join(' ')
const key = channelKey

for (const { name, move, becomes } of [
  {
    name: 'up, the ones between go down',
    move: { channels: [key(6)], anchor: key(2), place: 'before', filter: '' },
    becomes: '1a 2f 5b 7c 8d 9.1e',
  },
  {
    name: 'down',
    move: { channels: [key(1)], anchor: key(4), place: 'after', filter: '' },
    becomes: '1b 2c 5d 7a 8e 9.1f',
  },
  {
    name: 'in a list that does not show all: the others keep their numbers',
    move: { channels: [key(6)], anchor: key(1), place: 'before', filter: 'group = "Listed"' },
    becomes: '1f 2a 5c 7b 8e 9.1d',
  },
  {
    name: 'several, in the order that they have',
    move: { channels: [key(6), key(4)], anchor: key(1), place: 'before', filter: '' },
    becomes: '1d 2f 5a 7b 8c 9.1e',
  },
] as const) {
  test(`moveChannels() moves ${name}`, () => {
    assert.equal(order(moveChannels(stored, move)), becomes)
  })
}

test('moveChannels() gives the very same line-up for a channel that is there already', () => {
  assert.equal(moveChannels(stored, { channels: [key(2)], anchor: key(1), place: 'after', filter: '' }), stored)
})

test('moveChannels() refuses channels that the list does not show, and a channel beside itself', () => {
  const wrong = { channels: [key(3)], anchor: key(1), place: 'after', filter: 'group = "Listed"' } as const
  assert.throws(() => moveChannels(stored, wrong), { code: 'lineup/bad-edit' })
  const beside = { channels: [key(1)], anchor: key(1), place: 'after', filter: '' } as const
  assert.throws(() => moveChannels(stored, beside), { code: 'lineup/bad-edit' })
})

test('moveChannels() keeps the set of numbers, and the order of all that stay', () => {
  const anyKey = fc.integer({ min: 1, max: 6 }).map(key)
  fc.assert(
    fc.property(
      fc.uniqueArray(anyKey, { minLength: 2 }),
      fc.constantFrom('before', 'after'),
      ([anchor, ...channels], place) => {
        if (anchor === undefined) return
        const moved = sortByNumber(moveChannels(stored, { channels, anchor, place, filter: '' }).channels)
        assert.deepEqual(
          moved.map(({ number }) => number),
          items.map(({ number }) => number),
        )
        const staying = moved.map((one) => one.key).filter((one) => !channels.includes(one))
        assert.deepEqual(
          staying,
          staying.toSorted((a, b) => a - b),
        )
      },
    ),
  )
})
