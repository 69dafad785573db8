import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBroadcastGuide } from '../../../adapters/lan/broadcast-guide.ts'
import { createSourceGate } from '../../../adapters/lan/source-gate.ts'
import { createSourceHealth } from '../../../adapters/lan/source-health.ts'
import { Failure } from '../../../core/errors.ts'
import { EMPTY_LINEUP, indexLineup } from '../../../core/lineup/lineup.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import type { SlotDemand } from '../../../core/live/slot-claims.ts'
import type { UpstreamSink } from '../../../core/live/upstream.ts'
import { createFakeDriver } from '../../fakes/source-driver.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { createMemoryGuideStore } from '../../fakes/memory-guide-store.ts'

const [stream] = fakeChannel(1).streams
assert.ok(stream)
const GONE = new Failure('live/ended', 'The source was removed')

function aSink() {
  const ends: string[] = []
  const chunks: Uint8Array[] = []
  const sink: UpstreamSink = { data: (chunk) => void chunks.push(chunk), end: ({ code }) => void ends.push(code) }
  return { sink, ends, chunks }
}
const request = (sink: UpstreamSink, signal = new AbortController().signal) => ({
  stream,
  sink,
  previous: null,
  signal,
})

test('shut() ends every open stream once, with its reason, and closes it', async () => {
  const { driver, opened, state } = createFakeDriver('a')
  const gate = createSourceGate(driver)
  const [one, two, left] = [aSink(), aSink(), aSink()]
  await gate.source.open(request(one.sink))
  await gate.source.open(request(two.sink))
  const upstream = await gate.source.open(request(left.sink))
  upstream.close()
  const [first] = opened
  first?.sink.data(new Uint8Array([1]))
  assert.equal(one.chunks.length, 1)
  gate.shut(GONE)
  assert.deepEqual([one.ends, two.ends, left.ends], [['live/ended'], ['live/ended'], []])
  assert.deepEqual([opened.size, state.closed], [0, 3])
})

test('a stream that has ended by itself is not ended again', async () => {
  const { driver, opened } = createFakeDriver('a')
  const gate = createSourceGate(driver)
  const { sink, ends } = aSink()
  await gate.source.open(request(sink))
  for (const one of opened) one.sink.end(new Failure('live/stalled', 'Nothing comes'))
  gate.shut(GONE)
  assert.deepEqual(ends, ['live/stalled'])
})

test('a stream on its way is given up, and none is opened any more', async () => {
  const coming = Promise.withResolvers<void>()
  const { driver, opened } = createFakeDriver('a', {})
  const slow = {
    ...driver,
    open: async (one: Parameters<typeof driver.open>[0]) => (
      await coming.promise,
      driver.open({ ...one, signal: new AbortController().signal })
    ),
  }
  const gate = createSourceGate(slow)
  const { sink, ends } = aSink()
  const opening = gate.source.open(request(sink))
  gate.shut(GONE)
  coming.resolve()
  await assert.rejects(opening, GONE)
  assert.deepEqual([opened.size, ends], [0, []])
  await assert.rejects(gate.source.open(request(sink)), GONE)
})

test('whatever watches a source hands on what it can spare and what it needs itself', async () => {
  const demand: SlotDemand = { slots: 2, claims: [{ slotKey: 'x', dueInMs: 5000 }] }
  const { driver } = createFakeDriver('a', { slots: () => 2, sharesSlots: false, closingMs: 7, demand: () => demand })
  const health = createSourceHealth({ store: { add: () => {}, of: () => [] }, now: () => 0 })
  using broadcast = createBroadcastGuide({
    guide: createMemoryGuideStore(),
    lineup: { current: () => indexLineup(EMPTY_LINEUP), onChange: () => () => {} },
    now: () => 0,
    log: () => {},
  })
  const wrapped = createSourceGate(broadcast.tap(health.watch(sourceId('a'), driver))).source
  assert.deepEqual([wrapped.slots(), wrapped.sharesSlots, wrapped.closingMs, wrapped.demand?.()], [2, false, 7, demand])
})
