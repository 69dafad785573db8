import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../../../core/lineup/channel.ts'
import { editChannel } from '../../../../core/lineup/edits/edit-channel.ts'
import { editGroup } from '../../../../core/lineup/edits/edit-group.ts'
import { editChannels, editChannelsSteps } from '../../../../core/lineup/edits/edit-many.ts'
import type { BulkChange } from '../../../../core/lineup/edits/edit-many.ts'
import { setRules } from '../../../../core/lineup/edits/edit-rules.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../../core/lineup/stored.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { toLineup } from '../../../../core/lineup/view.ts'
import { sourceId } from '../../../../core/lineup/stream.ts'
import { atOnce } from '../../../../core/steps.ts'
import { aCatalogue, anItem } from '../samples.ts'

const items = [
  anItem('a', { name: 'Sport A HD', number: '5', groups: ['Sport'] }),
  anItem('b', { name: 'Sport B HD', number: '3', groups: ['Sport', 'Pay'] }),
  anItem('c', { name: 'News C', number: '10', groups: ['News'] }),
]
const stored = syncLineup(EMPTY_STORED_LINEUP, aCatalogue(items, { groups: ['Sport', 'News', 'Pay'] }), {
  now: 0,
}).lineup
const shown = (lineup: StoredLineup) => toLineup(lineup).channels

for (const { name, filter, change, seen } of [
  {
    name: 'renames and keeps what would be empty',
    filter: 'group = "Sport"',
    change: { rename: { pattern: '^Sport . HD$|Sport A', replacement: '' } },
    seen: ['Sport A HD', 'Sport B HD', 'News C'],
  },
  {
    name: 'renames with groups of the pattern',
    filter: 'enabled',
    change: { rename: { pattern: '^(\\w+) (\\w)', replacement: '$2 $1' } },
    seen: ['A Sport HD', 'B Sport HD', 'C News'],
  },
] satisfies { name: string; filter: string; change: BulkChange; seen: string[] }[]) {
  test(`editChannels() ${name}`, () => {
    assert.deepEqual(
      shown(editChannels(stored, filter, change)).map((channel) => channel.name),
      seen,
    )
  })
}

test('editChannels() numbers in the order of the old numbers and passes over those of others', () => {
  const numbered = editChannels(stored, 'group = "Sport"', { number: { from: 9 } })
  assert.deepEqual(
    shown(numbered).map(({ number }) => number),
    ['11', '9', '10'],
  )
  assert.throws(() => editChannels(stored, 'enabled', { number: { from: 999_998 } }), { code: 'lineup/bad-edit' })
})

test('editChannels() numbers by the rules, and keeps numbers that are in their range', () => {
  const ruled = setRules(stored, [{ kind: 'numbers', id: 's', filter: 'group = "Sport"', from: 5, to: 8 }])
  assert.deepEqual(
    shown(editChannels(ruled, 'enabled', { number: 'rules' })).map(({ number }) => number),
    ['5', '6', '10'],
  )
})

test('editChannels() puts channels into groups and takes them out, those of sources too', () => {
  const moved = editChannels(stored, 'name ~ "HD"', { addGroup: 'News', removeGroup: 'Sport' })
  assert.deepEqual(
    shown(moved).map(({ groups }) => groups),
    [['News'], ['News', 'Pay'], ['News']],
  )
  const after = syncLineup(moved, aCatalogue(items, { groups: ['Sport', 'News', 'Pay'] }), { now: 1 }).lineup
  assert.equal(after, moved)
})

test('editChannels() gives the very same line-up when nothing is meant or changes', () => {
  assert.equal(editChannels(stored, 'name = "x"', { enabled: false }), stored)
  assert.equal(editChannels(stored, 'enabled', { favourite: false }), stored)
})

test('editChannels() finds channels by the names that viewers see, also those that are off', () => {
  const hidden = editGroup(editChannel(stored, channelKey(1), { name: 'Mine' }, null), 'Sport', { hidden: true })
  assert.deepEqual(
    shown(hidden).map(({ enabled, groups }) => [enabled, groups]),
    [
      [false, ['Sport']],
      [true, ['Pay']],
      [true, ['News']],
    ],
  )
  const back = editChannels(hidden, 'name = "mine" and not enabled', { enabled: true })
  assert.equal(shown(back)[0]?.enabled, true)
})

test('editChannelsSteps() changes the rows at these places of a list, each once', () => {
  const target = {
    filter: '',
    rows: {
      sort: 'name' as const,
      isDescending: true,
      ranges: [
        { from: 1, to: 9 },
        { from: 1, to: 2 },
      ],
    },
  }
  const edited = atOnce(editChannelsSteps(stored, { target, change: { rename: { pattern: '$', replacement: '!' } } }))
  assert.deepEqual(
    shown(edited).map(({ name }) => name),
    ['Sport A HD!', 'Sport B HD', 'News C!'],
  )
})

test("editChannels() puts the streams of a preferred source first, and the order is the owner's then", () => {
  const two = syncLineup(
    stored,
    aCatalogue([anItem('x', { name: 'News C' }), anItem('y', { name: 'Other' })], { source: 'other' }),
    { now: 0 },
  ).lineup
  const edited = editChannels(two, 'streams > 0', { preferSource: sourceId('other') })
  assert.deepEqual(
    edited.channels.map(({ streams, ownOrder }) => [streams.map((one) => one.sourceId).join(), ownOrder]),
    [
      ['box', false],
      ['box', false],
      ['other,box', true],
      ['other', false],
    ],
  )
  assert.equal(editChannels(edited, 'streams > 0', { preferSource: sourceId('other') }), edited)
})

test('editChannels() makes the group that it puts channels into only if it is told so', () => {
  const change = { addGroup: 'Mine' }
  assert.throws(() => editChannels(stored, 'enabled', change), { code: 'lineup/unknown-group' })
  const edited = editChannels(stored, 'name = "News C"', { ...change, createGroup: true })
  assert.deepEqual(
    shown(edited).map(({ groups: [main] }) => main),
    ['Sport', 'Sport', 'Mine'],
  )
  assert.equal(edited.ownGroups.length, 1)
  assert.equal(editChannels(edited, 'name = "News C"', { ...change, createGroup: true }), edited)
})

test('editChannelsSteps() takes what it is told is seen only for the same line-up', () => {
  const seen = { ...toLineup(stored), channels: [] }
  const edit = { target: { filter: 'enabled' }, change: { favourite: true } }
  assert.equal(atOnce(editChannelsSteps(stored, { ...edit, seen })), stored)
  const edited = atOnce(editChannelsSteps(stored, { ...edit, seen: { ...seen, revision: 'older' } }))
  assert.ok(edited.channels.every(({ favourite }) => favourite))
})
