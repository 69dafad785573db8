import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../../../core/lineup/channel.ts'
import { editChannel } from '../../../../core/lineup/edits/edit-channel.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { toLineup } from '../../../../core/lineup/view.ts'
import { aCatalogue, anItem } from '../samples.ts'

const stored = syncLineup(
  EMPTY_STORED_LINEUP,
  aCatalogue([anItem('a', { number: '1', name: 'A' }), anItem('b', { number: '2', name: 'B' })]),
  { now: 0 },
).lineup
const key = channelKey(1)

test('editChannel() changes name, number and whether it is shown', () => {
  const edited = editChannel(stored, key, { name: ' My\tname ', number: '05.1', enabled: false }, stored.revision)
  const [channel] = toLineup(edited).channels
  assert.deepEqual([channel?.name, channel?.number, channel?.enabled], ['My name', '5.1', false])
})

test('editChannel() goes back to the name of the source', () => {
  const named = editChannel(stored, key, { name: 'Mine' }, null)
  assert.equal(toLineup(editChannel(named, key, { name: null }, null)).channels[0]?.name, 'A')
})

test('editChannel() leaves the other channels and the line-up itself alone', () => {
  const edited = editChannel(stored, key, { name: 'Mine' }, null)
  assert.equal(edited.channels[1], stored.channels[1])
  assert.equal(toLineup(stored).channels[0]?.name, 'A')
})

test('editChannel() gives the very same line-up when nothing changes', () => {
  assert.equal(editChannel(stored, key, { number: '1', enabled: true, name: null }, null), stored)
})

for (const { name, edit, code } of [
  { name: 'an empty name', edit: { name: ' \u200e ' }, code: 'http/bad-request' },
  { name: 'a name without end', edit: { name: 'x'.repeat(121) }, code: 'http/bad-request' },
  { name: 'a number that is none', edit: { number: 'five' }, code: 'http/bad-request' },
  { name: 'a number that another channel has', edit: { number: '2' }, code: 'lineup/number-taken' },
]) {
  test(`editChannel() refuses ${name}`, () => {
    assert.throws(() => editChannel(stored, key, edit, null), { code })
  })
}

test('editChannel() refuses a number that a gone channel has, and says so', () => {
  const shrunk = syncLineup(stored, aCatalogue([anItem('a')]), { now: 1 }).lineup
  assert.throws(() => editChannel(shrunk, key, { number: '2' }, null), {
    message: /"B" has it, which no source offers now/,
  })
})

test('editChannel() refuses an edit of an older revision', () => {
  assert.throws(() => editChannel(stored, key, { name: 'x' }, 'older'), { code: 'lineup/changed' })
})

test('editChannel() refuses an unknown channel', () => {
  assert.throws(() => editChannel(stored, channelKey(9), { name: 'x' }, null), { code: 'lineup/unknown-channel' })
})
