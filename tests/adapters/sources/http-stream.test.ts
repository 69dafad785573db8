import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttpClient } from '../../../adapters/net/http-client.ts'
import { openHttpStream } from '../../../adapters/sources/http-stream.ts'
import type { HttpStream } from '../../../adapters/sources/http-stream.ts'
import { systemTimers } from '../../../adapters/sources/timers.ts'
import { Failure } from '../../../core/errors.ts'
import type { FailureCode } from '../../../core/errors.ts'
import { eventually } from '../../conformance/source.ts'
import { segmentBytes } from '../../fakes/lists/hls.ts'
import { startListProvider } from '../../fakes/lists/provider.ts'
import type { ListProvider } from '../../fakes/lists/provider.ts'
import { failsWith } from './failure.ts'

/** Ten seconds of television pass in one. */
const SPEED = 10
const now = (): number => performance.now() * SPEED
const timers = { after: (ms: number, run: () => void) => systemTimers.after(ms / SPEED, run) }

function aSink() {
  const chunks: Uint8Array[] = []
  const ends: Failure[] = []
  return {
    data: (chunk: Uint8Array) => void chunks.push(new Uint8Array(chunk)),
    end: (failure: Failure) => void ends.push(failure),
    bytes: () => Buffer.concat(chunks),
    size: () => chunks.reduce((sum, { length }) => sum + length, 0),
    ends,
  }
}

/** Opens a stream of the provider; everything that a test started ends with it. */
function opening(provider: ListProvider, path: string, more: Partial<HttpStream> = {}) {
  const client = createHttpClient({ typedHosts: ['127.0.0.1'], allowHosts: [], userAgent: 'test' })
  const sink = aSink()
  const url = new URL(path, provider.url)
  const common = { client, url, named: 'answered', name: 'News', sink, timers, now } as const
  const opened = openHttpStream({ ...common, signal: AbortSignal.timeout(8000), ...more })
  opened.catch(() => {}) // looked at by the test
  return { sink, opened, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() }
}

test('openHttpStream() plays MPEG-TS over one connection until it is closed', async () => {
  await using provider = await startListProvider()
  await using stream = opening(provider, '/live/plays.ts')
  const { kind, close } = await stream.opened
  await eventually(() => stream.sink.size() > 50_000, 'bytes arrive')
  assert.deepEqual([kind, provider.calls.length, provider.mostStreams()], ['mpeg-ts', 1, 1])
  close()
  close()
  const size = stream.sink.size()
  await eventually(() => provider.openStreams() === 0, 'the connection is closed')
  assert.deepEqual([stream.sink.size(), stream.sink.ends], [size, []])
})

test('openHttpStream() follows redirects anew with every start', async () => {
  await using provider = await startListProvider()
  for (let start = 0; start < 3; start++) {
    await using stream = opening(provider, '/live/redirect.ts')
    ;(await stream.opened).close()
  }
  assert.deepEqual(provider.forbidden, [])
  assert.equal(provider.calls.length, 6)
})

test('openHttpStream() finds MPEG-TS behind bytes that are none', async () => {
  await using provider = await startListProvider()
  await using stream = opening(provider, '/live/late.ts')
  assert.equal((await stream.opened).kind, 'mpeg-ts')
})

test('openHttpStream() tells once that the other side ended', async () => {
  await using provider = await startListProvider()
  await using stream = opening(provider, '/live/plays.ts')
  await stream.opened
  provider.endStreams()
  await eventually(() => stream.sink.ends.length > 0, 'the end is told')
  assert.deepEqual(
    stream.sink.ends.map(({ code }) => code),
    ['live/ended'],
  )
})

for (const [what, code] of [
  ['401', 'source/login'],
  ['403', 'live/refused'],
  ['404', 'live/refused'],
  ['451', 'source/blocked'],
  ['454', 'source/blocked'],
  ['456', 'source/blocked'],
  ['458', 'source/blocked'],
  ['884', 'source/blocked'],
  ['429', 'live/refused'],
  ['503', 'live/refused'],
  ['empty', 'live/refused'],
  ['page', 'live/refused'],
  ['json', 'live/refused'],
] as const satisfies readonly (readonly [string, FailureCode])[]) {
  test(`openHttpStream() fails with ${code} for ${what}`, async () => {
    await using provider = await startListProvider()
    await using stream = opening(provider, `/live/${what}.ts`)
    await assert.rejects(stream.opened, failsWith(code))
    assert.deepEqual([stream.sink.size(), stream.sink.ends], [0, []])
  })
}

test('openHttpStream() takes the word of the source for a status', async () => {
  await using provider = await startListProvider()
  const refusal = (status: number) => (status === 403 ? new Failure('live/contested', 'Somebody else watches') : null)
  await using stream = opening(provider, '/live/403.ts', { refusal })
  await assert.rejects(stream.opened, failsWith('live/contested'))
  await using other = opening(provider, '/live/404.ts', { refusal })
  await assert.rejects(other.opened, failsWith('live/refused'))
})

test('openHttpStream() waits so long for the first bytes', async () => {
  await using provider = await startListProvider()
  await using stream = opening(provider, '/live/silent.ts', { firstByteMs: 2000 })
  await assert.rejects(stream.opened, failsWith('live/silent'))
  await eventually(() => provider.openStreams() === 0, 'the connection is closed')
})

test('openHttpStream() lets go at once when it is no longer wanted', async () => {
  await using provider = await startListProvider()
  const abort = new AbortController()
  await using stream = opening(provider, '/live/silent.ts', { signal: abort.signal })
  await eventually(() => provider.openStreams() === 1, 'the connection stands')
  const reason = new Error('no longer wanted')
  abort.abort(reason)
  await assert.rejects(stream.opened, (error) => error === reason)
  await eventually(() => provider.openStreams() === 0, 'the connection is closed')
})

const segments = (first: number, count: number): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, (_, index) => segmentBytes(first + index)))

for (const what of ['plays', 'aes', 'aes-iv', 'ranges', 'multi', 'token']) {
  test(`openHttpStream() makes one stream of the HLS list "${what}"`, async () => {
    await using provider = await startListProvider({ now })
    await using stream = opening(provider, `/hls/${what}/index.m3u8`)
    const { kind, close } = await stream.opened
    const wanted = segmentBytes(104).length * 6
    await eventually(() => stream.sink.size() > wanted, 'six segments arrive')
    close()
    const [first = 0] = provider.hls.segments
    assert.equal(kind, 'hls')
    assert.ok(stream.sink.bytes().equals(Buffer.from(segments(first, 8)).subarray(0, stream.sink.size())))
    assert.deepEqual(provider.forbidden, [])
    assert.deepEqual(stream.sink.ends, [])
  })
}

test('openHttpStream() joins a live list three segments before its end', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/slow/index.m3u8')
  ;(await stream.opened).close()
  assert.equal(provider.hls.segments[0], 104)
})

test('openHttpStream() hands out an HLS stream as it is watched, not in bursts', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/ended/index.m3u8')
  await stream.opened
  const one = segmentBytes(100).length
  await eventually(() => stream.sink.size() >= one, 'the first segment is there')
  // Of what comes later nothing is there before its time, though all of it could be fetched.
  assert.ok(stream.sink.size() <= 2 * one, `${stream.sink.size()} of ${one} a segment`)
  await eventually(() => stream.sink.ends.length === 1, 'the end is told')
  assert.equal(stream.sink.ends[0]?.code, 'live/ended')
  assert.ok(stream.sink.bytes().equals(segments(100, 4)))
})

for (const [what, code] of [
  ['sample-aes', 'source/not-supported'],
  ['audio', 'source/not-supported'],
  ['lost', 'live/refused'],
  ['away', 'source/forbidden-address'],
] as const satisfies readonly (readonly [string, FailureCode])[]) {
  test(`openHttpStream() fails with ${code} for the HLS list "${what}"`, async () => {
    await using provider = await startListProvider({ now })
    await using stream = opening(provider, `/hls/${what}/index.m3u8`)
    await assert.rejects(stream.opened, failsWith(code))
    assert.deepEqual(provider.forbidden, [])
  })
}

test('openHttpStream() leaves out a segment that is lost', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/losing/index.m3u8')
  const { close } = await stream.opened
  await eventually(() => provider.hls.segments.length > 4, 'some segments are fetched')
  close()
  assert.deepEqual(stream.sink.ends, [])
})

test('openHttpStream() ends when the list gets no new segments', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/slow/index.m3u8')
  await stream.opened
  await eventually(() => stream.sink.ends.length === 1, 'the end is told')
  assert.equal(stream.sink.ends[0]?.code, 'live/stalled')
})

test('openHttpStream() ends when the session of a list is over', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/plays/index.m3u8')
  await stream.opened
  provider.endStreams()
  await eventually(() => stream.sink.ends.length === 1, 'the end is told')
  assert.match(stream.sink.ends[0]?.code ?? '', /^live\//)
})

test('openHttpStream() asks for nothing more after it was closed', async () => {
  await using provider = await startListProvider({ now })
  await using stream = opening(provider, '/hls/plays/index.m3u8')
  const { close } = await stream.opened
  close()
  const calls = provider.calls.length
  await new Promise((resolve) => timers.after(3000, () => resolve(null)))
  // One that was under way may still be counted.
  assert.ok(provider.calls.length <= calls + 1)
})
