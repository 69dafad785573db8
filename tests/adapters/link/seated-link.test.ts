import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withSeats } from '../../../adapters/link/seated-link.ts'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { Caller } from '../../../core/access/caller.ts'
import { createSeats } from '../../../core/access/seats.ts'
import { Failure } from '../../../core/errors.ts'
import type { ByteSink } from '../../../core/live/hub.ts'
import type { LiveLink, TsAnswer } from '../../../core/live/link.ts'
import { fakeChannel } from '../../fakes/gateway.ts'
import { createMemoryLeases } from '../../../core/access/memory-leases.ts'

const anna = (device: string): Caller => ({
  kind: 'token',
  user: 'Anna',
  role: 'viewer',
  address: '192.168.1.20',
  loopback: false,
  mayWatch: true,
  prefix: '',
  device,
  person: { name: 'Anna', role: 'viewer', limits: { ...NO_LIMITS, maxStreams: 1 } },
})
const isFull = (error: unknown) => error instanceof Failure && error.code === 'access/too-many-streams'

/** A body that remembers how it was closed. */
function body() {
  const closed: (string | null)[] = []
  const sink: ByteSink = { write: () => true, close: (failure) => void closed.push(failure?.code ?? null) }
  return { closed, sink }
}

/** A link whose relays are in `sinks`, one for each that has joined. */
function openLink(answer?: () => TsAnswer) {
  const sinks: ByteSink[] = []
  const left: number[] = []
  const under: LiveLink = {
    ts: () =>
      Promise.resolve(
        answer?.() ?? {
          kind: 'relay',
          join(open) {
            const place = sinks.push(open()) - 1
            return Promise.resolve({ drained: () => {}, leave: () => void left.push(place) })
          },
        },
      ),
    hls: () => Promise.resolve({ kind: 'left' }),
  }
  let count = 0
  const seats = createSeats({ leases: createMemoryLeases(), every: () => () => {}, now: () => 1_790_000_000_000 })
  const link = withSeats(under, seats, () => String(count++))
  const ts = (device: string, key = 1) =>
    link.ts({
      channel: fakeChannel(key),
      caller: anna(device),
      quality: 'original',
      signal: new AbortController().signal,
    })
  const watch = async (device: string, key = 1) => {
    const view = body()
    const found = await ts(device, key)
    assert.equal(found.kind, 'relay')
    const seat = found.kind === 'relay' ? await found.join(() => view.sink) : assert.fail()
    return { ...view, leave: () => seat.leave() }
  }
  const list = (device: string, path = '') =>
    link.hls({
      channel: fakeChannel(1),
      caller: anna(device),
      path,
      query: new URLSearchParams(),
      signal: new AbortController().signal,
    })
  return { sinks, left, ts, watch, list }
}

test('withSeats() closes the old stream of a device that changes the channel', async () => {
  const { watch, left } = openLink()
  const old = await watch('tv', 1)
  const now = await watch('tv', 2)
  assert.deepEqual([old.closed, left, now.closed], [['access/too-many-streams'], [0], []])
})

test('withSeats() refuses another device before anything is opened, over TS and HLS alike', async () => {
  const { ts, watch, list, sinks } = openLink()
  await watch('tv')
  await assert.rejects(ts('phone'), isFull)
  await assert.rejects(list('phone'), isFull)
  assert.equal(sinks.length, 1)
})

test('withSeats() gives the seat free when the viewer leaves or the relay ends', async () => {
  const { watch, sinks } = openLink()
  const first = await watch('tv')
  first.leave()
  await watch('phone')
  sinks[1]?.close(null)
  await watch('tablet')
})

test('withSeats() gives the seat free when the stream cannot be opened', async () => {
  let isBroken = true
  const { ts } = openLink(() => {
    if (isBroken) throw new Failure('live/no-slot', 'No tuner')
    return { kind: 'redirect', location: '/' }
  })
  await assert.rejects(ts('tv'), (error) => error instanceof Failure && error.code === 'live/no-slot')
  isBroken = false
  assert.equal((await ts('phone')).kind, 'redirect')
})

test('withSeats() gives the seat of a file free when it has been read', async () => {
  const { ts } = openLink(() => ({
    kind: 'file',
    file: {
      first: 0,
      last: 2,
      size: 3,
      partial: false,
      contentType: 'video/mp2t',
      body: new Blob(['abc']).stream(),
      close: () => Promise.resolve(),
    },
  }))
  const found = await ts('tv')
  await assert.rejects(ts('phone'), isFull)
  assert.equal(found.kind === 'file' ? await new Response(found.file.body).text() : null, 'abc')
  assert.equal((await ts('phone')).kind, 'file')
})
