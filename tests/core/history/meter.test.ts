import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Meter } from '../../../core/history/meter.ts'
import { aStream, CHANNEL, T0 } from './samples.ts'

test('Meter turns counters into rates over the time that has passed', () => {
  const meter = new Meter(T0)
  meter.read({ streams: [aStream({ bytesIn: 1000, bytesOut: 2000 })], plays: [] }, T0 + 1000)
  const stream = aStream({ bytesIn: 251_000, bytesOut: 502_000, continuityErrors: 2 })
  const flow = meter.read({ streams: [stream], plays: [] }, T0 + 3000)
  assert.deepEqual(flow, {
    inKbps: 1000,
    outKbps: 2000,
    viewers: 0,
    errorsPerMinute: 60,
    streams: [{ id: CHANNEL.id, inKbps: 1000, outKbps: 2000, viewers: 0, errors: 2 }],
  })
})

test('Meter shows no negative rate when a viewer of HLS takes its count away, or a channel is opened anew', () => {
  const meter = new Meter(T0)
  meter.read({ streams: [aStream({ bytesIn: 10_000, bytesOut: 20_000 })], plays: [] }, T0 + 1000)
  const fewer = meter.read({ streams: [aStream({ bytesIn: 10_000, bytesOut: 5000 })], plays: [] }, T0 + 2000)
  assert.deepEqual([fewer.inKbps, fewer.outKbps], [0, 0])
  const anew = aStream({ startedAt: T0 + 2500, bytesIn: 1000, bytesOut: 0 })
  assert.equal(meter.read({ streams: [anew], plays: [] }, T0 + 3000).inKbps, 8)
})
