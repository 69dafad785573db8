import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channelId, channelKey } from '../../core/lineup/channel.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { DecoderComplaints } from '../../core/live/counts/decoder-complaints.ts'
import type { StreamStatus } from '../../core/live/hub.ts'
import { houseFacts } from '../../runtime/house-facts.ts'

const T0 = Date.UTC(2026, 10, 21, 20, 15)
const CHANNEL = channelId(channelKey(1))

const aStream = (changes: Partial<StreamStatus>): StreamStatus => ({
  channelId: CHANNEL,
  channelName: 'One',
  sourceId: sourceId('box'),
  streamId: null,
  state: 'live',
  startedAt: T0,
  bytesIn: 0,
  bytesOut: 0,
  bitrateKbps: 0,
  continuityErrors: 0,
  clockJitterMs: null,
  bufferedMs: 0,
  firstByteMs: null,
  firstPictureMs: null,
  slate: null,
  switchCount: 0,
  switches: [],
  program: null,
  viewers: [],
  ...changes,
})

/** Facts of a house with one channel; what it has counted is handed in with each look. */
function house() {
  let at = T0
  let stream = aStream({})
  const complaints = new DecoderComplaints()
  const read = houseFacts({
    status: { startedAt: T0, sources: () => [], streams: () => [stream] },
    guides: { feeds: () => [] },
    jobs: { list: () => [] },
    recorder: { failuresSince: () => [] },
    complaints,
    fronts: () => [],
    now: () => at,
  })
  const look = (seconds: number, changes: Partial<StreamStatus> = {}) => {
    at = T0 + seconds * 1000
    stream = aStream(changes)
    const [channel] = read().channels
    return [channel?.errorsPerMinute, channel?.decoderErrorsPerMinute]
  }
  return { look, complaints }
}

test('houseFacts() counts lost and damaged packets of the last minute', () => {
  const { look } = house()
  assert.deepEqual(look(0), [0, 0])
  assert.deepEqual(look(10, { continuityErrors: 5, damagedPackets: 20 }), [25, 0])
  assert.deepEqual(look(60, { continuityErrors: 6, damagedPackets: 20 }), [26, 0])
  assert.deepEqual(look(75, { continuityErrors: 6, damagedPackets: 20 }), [1, 0], 'what is older is forgotten')
})

test('houseFacts() counts anew when a channel is opened again', () => {
  const { look } = house()
  look(0, { continuityErrors: 100 })
  assert.deepEqual(look(10, { startedAt: T0 + 9000, continuityErrors: 2 }), [2, 0])
})

test('houseFacts() counts broken frames since the channel runs, by the minute', () => {
  const { look, complaints } = house()
  complaints.note(CHANNEL, 500)
  assert.deepEqual(look(0), [0, 0], 'they belong to an earlier run')
  complaints.note(CHANNEL, 40)
  assert.deepEqual(look(10), [0, 40])
  assert.deepEqual(look(80), [0, 0])
})
