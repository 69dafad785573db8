import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PacketAligner } from '../../../core/live/align.ts'
import { StartGate } from '../../../core/live/start-gate.ts'
import { synthesize } from './synthetic-ts.ts'

/** As the `Buffer` of Node: its `slice()` is a view. */
class Sharing extends Uint8Array<ArrayBuffer> {
  override slice(from?: number, to?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(from, to)
  }
}

function sharing(bytes: Uint8Array): Uint8Array {
  const copy = new Sharing(new ArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

for (const { name, size } of [
  { name: 'whole packets', size: 188 * 50 },
  { name: 'pieces of packets', size: 1000 },
])
  test(`PacketAligner gives plain arrays of ${name} in a Buffer`, () => {
    const stream = synthesize()
    const aligner = new PacketAligner()
    for (let at = 0; at < stream.length; at += size) {
      const packets = aligner.push(sharing(stream.subarray(at, at + size)))
      assert.equal(packets.constructor, Uint8Array)
      assert.notEqual(packets.slice().buffer, packets.buffer)
    }
  })

test('what a start gate has kept of a Buffer is what the source has sent', () => {
  const stream = synthesize()
  const aligner = new PacketAligner()
  const gate = new StartGate({ programNumber: null, clearWithinMs: 1000, channelName: 'One', now: () => 0 })
  const start = gate.push(aligner.push(sharing(stream)))
  assert.deepEqual(start, stream.subarray(0, start?.length ?? 0))
  assert.ok(stream.length > 0 && start?.length === stream.length)
})
