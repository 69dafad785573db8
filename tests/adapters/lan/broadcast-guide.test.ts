import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBroadcastGuide } from '../../../adapters/lan/broadcast-guide.ts'
import { indexLineup } from '../../../core/lineup/lineup.ts'
import type { Channel } from '../../../core/lineup/channel.ts'
import { packetize } from '../../../core/live/psi.ts'
import type { OpenRequest, SlotRule, StreamOpener, Upstream } from '../../../core/live/upstream.ts'
import { sendEit } from '../../core/guide/eit/sections.ts'
import { at, spans } from '../../core/guide/samples.ts'
import { aChannel } from '../../core/lineup/samples.ts'
import { createMemoryGuideStore } from '../../fakes/memory-guide-store.ts'

const never = new AbortController().signal
const ref = { feed: 'broadcast', channel: '1:453:445D' }
const window = { from: at(-600), to: at(600) }

/** A source that sends these chunks at once. */
const aSource = (chunks: readonly Uint8Array[]): StreamOpener & SlotRule => ({
  slots: () => 2,
  sharesSlots: false,
  async open({ sink }): Promise<Upstream> {
    for (const chunk of chunks) sink.data(chunk)
    return { programNumber: 7, clearWithinMs: 0, close() {} }
  },
})

function aGuide(channels: readonly Channel[]) {
  const guide = createMemoryGuideStore()
  const lineup = {
    current: () => ({ ...indexLineup({ revision: '1', channels, groups: [] }) }),
    onChange: () => () => {},
  }
  return { guide, broadcast: createBroadcastGuide({ guide, lineup, now: () => at(0), log: () => {} }) }
}

const request = (channel: Channel, got: Uint8Array[]): OpenRequest => {
  const [stream] = channel.streams
  assert.ok(stream)
  return { stream, previous: null, signal: never, sink: { data: (chunk) => void got.push(chunk), end() {} } }
}

const section = sendEit({ events: [{ start: at(0), minutes: 60, title: 'Tatort' }] })
const chunk = packetize(section, 0x12, 0)
const filler = new Uint8Array(188 * 4).map((_, index) => (index % 188 === 0 ? 0x47 : 0xff))

test('tap() passes on what the source sends, and store() keeps what it tells of services in the line-up', async () => {
  const channel = aChannel(1)
  const [stream] = channel.streams
  assert.ok(stream)
  const own = { ...channel, streams: [{ ...stream, serviceRef: '1:0:19:445D:453:1:C00000:0:0:0:' }] }
  const { guide, broadcast } = aGuide([own])
  const source = broadcast.tap(aSource([chunk, filler]))
  assert.deepEqual([source.slots(), source.sharesSlots], [2, false])
  const got: Uint8Array[] = []
  const upstream = await source.open(request(own, got))
  assert.equal(upstream.programNumber, 7)
  assert.deepEqual(got, [chunk, filler])
  assert.equal(await broadcast.store(never), 1)
  assert.deepEqual(spans(await guide.programmes(ref, window)), [[0, 60, 'Tatort']])
  assert.equal(await broadcast.store(never), 0)
})

test('store() keeps nothing of services that no channel has', async () => {
  const channel = aChannel(1)
  const { guide, broadcast } = aGuide([channel])
  await broadcast.tap(aSource([chunk, filler])).open(request(channel, []))
  assert.equal(await broadcast.store(never), 0)
  assert.deepEqual(await guide.programmes(ref, window), [])
})
