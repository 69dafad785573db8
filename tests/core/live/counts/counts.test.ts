import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelId, channelKey } from '../../../../core/lineup/channel.ts'
import { DecoderComplaints } from '../../../../core/live/counts/decoder-complaints.ts'
import { Tally } from '../../../../core/live/counts/tally.ts'

const channel = (key: number) => channelId(channelKey(key))

test('Tally counts each end once', () => {
  const tally = new Tally()
  const [first] = [tally.begin(), tally.begin()]
  first?.()
  first?.()
  tally.fail()
  assert.deepEqual(tally.read(), { running: 1, started: 2, failed: 1 })
})

test('DecoderComplaints counts by channel', () => {
  const complaints = new DecoderComplaints()
  complaints.note(channel(1), 3)
  complaints.note(channel(2), 1)
  complaints.note(channel(1), 2)
  complaints.note(channel(1), 0)
  assert.deepEqual([complaints.of(channel(1)), complaints.of(channel(2)), complaints.of(channel(3))], [5, 1, 0])
  assert.equal(complaints.total, 6)
})

test('DecoderComplaints forgets the channel that was quiet the longest', () => {
  const complaints = new DecoderComplaints()
  for (let key = 1; key <= 1000; key++) complaints.note(channel(key), 1)
  complaints.note(channel(1), 1)
  complaints.note(channel(1001), 1)
  assert.deepEqual([complaints.of(channel(1)), complaints.of(channel(2))], [2, 0])
  assert.equal(complaints.total, 1002)
})
