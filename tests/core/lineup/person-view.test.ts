import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../../core/lineup/channel.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import { isAdultGroup } from '../../../core/lineup/adult-group.ts'
import { withViews } from '../../../core/lineup/person-view.ts'
import type { View } from '../../../core/lineup/lineup.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const lineup = indexLineup({
  revision: '7',
  channels: [
    fakeChannel(1, { groups: ['News'] }),
    fakeChannel(2, { groups: ['Sport', 'News'] }),
    fakeChannel(3, { groups: ['Films'] }),
    fakeChannel(4, { groups: ['Films', 'XXX'] }),
  ],
  groups: ['News', 'Sport', 'Films', 'XXX'].map((name, order) => ({ name, order })),
  selections: [
    { id: 'kids', name: 'Kids', channels: [channelKey(3)] },
    { id: 'late', name: 'Late', channels: [channelKey(4)] },
  ],
})
const reader = withViews({ current: () => lineup })
const view = (given: Partial<View>): View => ({ groups: null, selections: null, adultLock: false, ...given })
const keys = (given: Partial<View>) => reader.current(view(given)).channels.map(({ key }) => Number(key))

for (const { name, given, sees } of [
  { name: 'of a group', given: { groups: ['News'] }, sees: [1, 2] },
  { name: 'of groups and selections together', given: { groups: ['Sport'], selections: ['kids'] }, sees: [2, 3] },
  { name: 'of a selection alone', given: { selections: ['kids'] }, sees: [3] },
  { name: 'outside of groups for adults', given: { adultLock: true }, sees: [1, 2, 3] },
  { name: 'of a group for adults, not with the lock', given: { groups: ['XXX'], adultLock: true }, sees: [] },
  { name: 'of no group', given: { groups: [] }, sees: [] },
  { name: 'of a group that is gone', given: { groups: ['Gone'] }, sees: [] },
]) {
  test(`withViews() shows the channels ${name}`, () => {
    assert.deepEqual(keys(given), sees)
  })
}

test('withViews() finds hidden channels by no way at all', () => {
  const seen = reader.current(view({ groups: ['News'] }))
  const [, , hidden] = lineup.channels
  assert.equal(seen.byId.get(hidden?.id ?? assert.fail()), undefined)
  assert.equal(seen.byNumber.get('3'), undefined)
  assert.equal(seen.byServiceRef.get(hidden?.streams[0]?.serviceRef ?? ''), undefined)
  assert.deepEqual(
    seen.groups.map(({ name }) => name),
    ['News', 'Sport'],
  )
  assert.deepEqual(seen.selections, [])
})

test('withViews() gives the whole line-up without limits, and each view a revision of its own', () => {
  assert.equal(reader.current(), lineup)
  assert.equal(reader.current(view({})), lineup)
  const [news, films] = [reader.current(view({ groups: ['News'] })), reader.current(view({ groups: ['Films'] }))]
  assert.equal(new Set([news.revision, films.revision, lineup.revision]).size, 3)
  assert.equal(reader.current(view({ groups: ['News'] })), news)
})

test('isAdultGroup() knows words, not parts of words', () => {
  for (const name of ['XXX', 'For Adults', 'DE | Adult', 'Erotik', '18+', 'VIP 18 +'])
    assert.ok(isAdultGroup(name), name)
  for (const name of ['Sussex', 'Adulthood', 'Sport 180', 'Essex News']) assert.ok(!isAdultGroup(name), name)
})
