import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TrafficCounters } from '../../../core/live/traffic.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import { streamId, sourceId } from '../../../core/lineup/stream.ts'

const stream = (bytesIn: number, { startedAt = 1, codes = [] as ('live/stalled' | 'live/no-signal')[] } = {}) => ({
  channelId: channelId(channelKey(1)),
  startedAt,
  bytesIn,
  bytesOut: 2 * bytesIn,
  continuityErrors: 0,
  switchCount: codes.length,
  switches: codes.map((code) => ({
    at: 0,
    from: streamId(sourceId('a'), 'x'),
    to: streamId(sourceId('b'), 'y'),
    code,
    gapMs: 0,
  })),
})

test('TrafficCounters go on when streams end, begin anew, or lose a viewer with their count', () => {
  const counters = new TrafficCounters()
  counters.look([stream(100)])
  counters.look([stream(150, { codes: ['live/stalled'] })])
  counters.look([])
  counters.look([stream(30, { startedAt: 2, codes: ['live/stalled', 'live/no-signal'] })])
  counters.look([{ ...stream(30, { startedAt: 2, codes: ['live/stalled', 'live/no-signal'] }), bytesOut: 10 }])
  const { bytesIn, bytesOut, switches } = counters.read()
  assert.deepEqual([bytesIn, bytesOut], [180, 360])
  assert.deepEqual(Object.fromEntries(switches), { 'live/stalled': 2, 'live/no-signal': 1 })
})
