import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelKey } from '../../../../core/lineup/channel.ts'
import { editChannel } from '../../../../core/lineup/edits/edit-channel.ts'
import { joinChannels, orderStreams, splitChannel, switchStream } from '../../../../core/lineup/edits/edit-streams.ts'
import { proposeJoins } from '../../../../core/lineup/edits/proposals.ts'
import { putSelection } from '../../../../core/lineup/edits/edit-selection.ts'
import { indexLineup } from '../../../../core/lineup/lineup.ts'
import { readLineupSnapshot, writeLineupSnapshot } from '../../../../core/lineup/snapshot.ts'
import { hasProblem, isEdited } from '../../../../core/lineup/editor/facts.ts'
import { EMPTY_STORED_LINEUP } from '../../../../core/lineup/stored.ts'
import type { StoredLineup } from '../../../../core/lineup/stored.ts'
import { sourceId, streamId } from '../../../../core/lineup/stream.ts'
import { syncLineup } from '../../../../core/lineup/sync.ts'
import { toLineup } from '../../../../core/lineup/view.ts'
import { aCatalogue, anItem } from '../samples.ts'

const priority = ['box', 'iptv'].map(sourceId)
const box = aCatalogue([anItem('rtl', { name: 'RTL' }), anItem('vox', { name: 'VOX' })])
const iptv = aCatalogue([anItem('1', { name: 'DE: RTL' }), anItem('2', { name: 'Unlike' })], { source: 'iptv' })
const sync = (stored: StoredLineup, catalogue = iptv): StoredLineup =>
  syncLineup(stored, catalogue, { now: 9, acceptShrunk: true, priority }).lineup
const stored = sync(sync(EMPTY_STORED_LINEUP, box))
const rtl = channelKey(1)
const vox = channelKey(2)
const unlike = channelKey(3)
/** The key that the next new channel gets. */
const fresh = channelKey(4)

const homes = ({ channels }: StoredLineup) =>
  channels.map(({ key, streams }) => [Number(key), ...streams.map(({ id }) => id)])

test('the samples are joined as the tests below expect', () => {
  assert.deepEqual(homes(stored), [
    [1, 'box/rtl', 'iptv/1'],
    [2, 'box/vox'],
    [3, 'iptv/2'],
  ])
})

test('splitChannel() gives the streams a channel of their own, which no refresh takes back', () => {
  let split = splitChannel(stored, rtl, [streamId(sourceId('iptv'), '1')])
  const expected = [
    [1, 'box/rtl'],
    [2, 'box/vox'],
    [3, 'iptv/2'],
    [4, 'iptv/1'],
  ]
  assert.deepEqual(homes(split), expected)
  assert.equal(split.channels[3]?.number, '4')
  assert.deepEqual(homes(sync(sync(split, box))), expected)
  // Gone and back again, and back again under another id.
  split = sync(sync(split, aCatalogue([iptv.items[1] ?? anItem('2')], { source: 'iptv' })))
  assert.deepEqual(homes(split), expected)
  split = sync(
    split,
    aCatalogue([anItem('new', { name: 'DE: RTL' }), anItem('2', { name: 'Unlike' })], { source: 'iptv' }),
  )
  assert.deepEqual(homes(split)[3], [4, 'iptv/1', 'iptv/new'])
})

test('splitChannel() makes two channels that are never proposed as the same', () => {
  const split = splitChannel(stored, rtl, [streamId(sourceId('iptv'), '1')])
  assert.deepEqual(proposeJoins(split), [])
  const forgetful = { ...split, channels: split.channels.map((channel) => ({ ...channel, apart: [] })) }
  assert.deepEqual(
    proposeJoins(forgetful).map(({ into, other }) => [into, other]),
    [[rtl, fresh]],
  )
})

test('splitChannel() refuses unknown streams, none, and all', () => {
  const all = ['box/rtl', 'iptv/1'].map((id) => id as ReturnType<typeof streamId>)
  assert.throws(() => splitChannel(stored, rtl, []), { code: 'lineup/unknown-stream' })
  assert.throws(() => splitChannel(stored, vox, all), { code: 'lineup/unknown-stream' })
  assert.throws(() => splitChannel(stored, rtl, all), { code: 'lineup/bad-edit' })
})

test('joinChannels() puts the streams behind, whatever they are called, and no refresh takes them away', () => {
  const joined = joinChannels(stored, vox, [unlike])
  const expected = [
    [1, 'box/rtl', 'iptv/1'],
    [2, 'box/vox', 'iptv/2'],
  ]
  assert.deepEqual(homes(joined), expected)
  assert.equal(joined.channels[1]?.streams[1]?.join.by, 'owner')
  assert.deepEqual(homes(sync(sync(joined), box)), expected)
  assert.equal(joined.nextKey, 4, 'the key of the other one is not given again')
})

test('joinChannels() keeps favourites, and the places in selections', () => {
  let lineup = editChannel(stored, unlike, { favourite: true }, null)
  lineup = putSelection(lineup, { id: 's', name: 'S', filter: null, members: [unlike, rtl, vox], sort: 'number' })
  const joined = joinChannels(lineup, vox, [unlike])
  assert.equal(joined.channels[1]?.favourite, true)
  assert.deepEqual(joined.selections[0]?.members, [vox, rtl])
})

test('joinChannels() after splitChannel() makes one channel again', () => {
  const split = splitChannel(stored, rtl, [streamId(sourceId('iptv'), '1')])
  const joined = joinChannels(split, rtl, [fresh])
  assert.deepEqual(homes(joined), homes(stored))
  assert.deepEqual(joined.channels[0]?.apart, [])
})

test('joinChannels() refuses a channel with itself, unknown ones, and television with radio', () => {
  assert.throws(() => joinChannels(stored, rtl, [rtl]), { code: 'lineup/bad-edit' })
  assert.throws(() => joinChannels(stored, rtl, []), { code: 'lineup/bad-edit' })
  assert.throws(() => joinChannels(stored, rtl, [channelKey(99)]), { code: 'lineup/unknown-channel' })
  const withRadio = sync(stored, aCatalogue([...box.items, anItem('r', { media: 'radio' })]))
  assert.throws(() => joinChannels(withRadio, rtl, [fresh]), { code: 'lineup/bad-edit' })
})

test('orderStreams() holds against refreshes and new streams, until the owner lets go', () => {
  let ordered = orderStreams(stored, rtl, [streamId(sourceId('iptv'), '1')], priority)
  assert.deepEqual(homes(ordered)[0], [1, 'iptv/1', 'box/rtl'])
  ordered = sync(sync(ordered, box))
  assert.deepEqual(homes(ordered)[0], [1, 'iptv/1', 'box/rtl'])
  assert.deepEqual(homes(orderStreams(ordered, rtl, null, priority))[0], [1, 'box/rtl', 'iptv/1'])
})

// ── switched off ───────────────────────────────────────────────────────────────────────────────────────────────────────

const boxRtl = streamId(sourceId('box'), 'rtl')
const iptvRtl = streamId(sourceId('iptv'), '1')
const shown = (of: StoredLineup) => {
  const [channel] = toLineup(of).channels
  return {
    name: channel?.name,
    enabled: channel?.enabled,
    streams: channel?.streams.map(({ id }) => id),
    off: channel?.offStreams?.map(({ id }) => id),
  }
}

test('switchStream() keeps a stream in its place and out of what is played, and takes that back', () => {
  const off = switchStream(stored, rtl, boxRtl, true)
  assert.deepEqual(shown(off), { name: 'RTL', enabled: true, streams: [iptvRtl], off: [boxRtl] })
  assert.deepEqual(homes(off), homes(stored))
  assert.equal(switchStream(off, rtl, boxRtl, true), off)
  assert.deepEqual(shown(switchStream(off, rtl, boxRtl, false)), shown(stored))
})

test('switchStream() of all streams leaves the channel where it is, with nothing to play and a problem', () => {
  const off = switchStream(switchStream(stored, rtl, boxRtl, true), rtl, iptvRtl, true)
  assert.deepEqual(shown(off), { name: 'RTL', enabled: true, streams: [], off: [boxRtl, iptvRtl] })
  const [channel] = off.channels
  assert.ok(channel)
  assert.deepEqual([isEdited(channel), hasProblem(channel, { isDown: () => false })], [true, true])
})

test('switchStream() lasts over a refresh, also of a list that changes its ids', () => {
  const off = switchStream(stored, rtl, iptvRtl, true)
  const renamed = aCatalogue([anItem('1', { name: 'DE: RTL neu' }), anItem('2', { name: 'Unlike' })], {
    source: 'iptv',
  })
  assert.deepEqual(shown(sync(off, renamed)).off, [iptvRtl])
  const moved = aCatalogue([anItem('77', { name: 'DE: RTL' }), anItem('2', { name: 'Unlike' })], { source: 'iptv' })
  assert.deepEqual(shown(sync(off, moved)), {
    name: 'RTL',
    enabled: true,
    streams: [boxRtl],
    off: [streamId(sourceId('iptv'), '77')],
  })
})

test('a snapshot tells a front what is switched off, and a service reference still finds its channel', () => {
  const reference = '1:0:19:132F:3EF:1:C00000:0:0:0:'
  const [item] = [anItem('a', { serviceRef: reference })]
  const one = syncLineup(EMPTY_STORED_LINEUP, aCatalogue([item]), { now: 0 }).lineup
  const lineup = toLineup(switchStream(one, rtl, streamId(sourceId('box'), 'a'), true))
  const read = readLineupSnapshot(JSON.parse([...writeLineupSnapshot({ lineup, revoked: [] })].join(''))).lineup
  for (const known of [lineup, read]) {
    assert.deepEqual([known.channels[0]?.streams.length, known.channels[0]?.offStreams?.length], [0, 1])
    assert.equal(indexLineup(known).byServiceRef.get(reference)?.key, rtl)
  }
})

test('switchStream() refuses a stream of another channel', () => {
  assert.throws(() => switchStream(stored, vox, boxRtl, true), { code: 'lineup/unknown-stream' })
})
