import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Enigma2Ports, Enigma2Source } from '../../../../adapters/sources/enigma2/source.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { Failure } from '../../../../core/errors.ts'
import type { FailureCode } from '../../../../core/errors.ts'
import type { Upstream } from '../../../../core/live/upstream.ts'
import { createSink, eventually, toStream } from '../../../conformance/source.ts'
import { nastyModel, quickTiming, startReceiver } from '../../../fakes/receiver/index.ts'
import type { Receiver } from '../../../fakes/receiver/index.ts'
import { defaultSettings } from '../../../fakes/receiver/settings.ts'
import { findFfmpeg, skipWithoutFfmpeg, testCacheDir } from '../../../fakes/receiver/test-setting.ts'
import { aSourceWith, createTestLog, failsWith, hasty, patience } from './receiver.ts'

const skip = skipWithoutFfmpeg()
const PLAIN = '1:0:19:132F:3EF:1:C00000:0:0:0:'
const NEIGHBOUR = '1:0:19:1330:3EF:1:C00000:0:0:0:' // same transponder
const ELSEWHERE = '1:0:19:2B66:45B:1:C00000:0:0:0:' // another one
const THIRD = '1:0:1:301:1F4:13E:820000:0:0:0:'
const WHITELISTED = '1:0:19:11:6:85:C00000:0:0:0:'
const ENCRYPTED = '1:0:19:12:6:85:C00000:0:0:0:'

const options = { ffmpegPath: findFfmpeg() ?? '/nonexistent/ffmpeg', cacheDir: testCacheDir, timing: quickTiming }
let receiver: Receiver
before(async () => {
  receiver = await startReceiver({ ...options, model: nastyModel() })
})
after(() => receiver[Symbol.asyncDispose]())

const sources: Enigma2Source[] = []
function newSource(settings: Readonly<Record<string, unknown>> = {}, ports: Partial<Enigma2Ports> = {}): Enigma2Source {
  const source = aSourceWith({ url: receiver.url, ...settings }, ports)
  sources.push(source)
  return source
}
afterEach(async () => {
  for (const source of sources.splice(0)) await source[Symbol.asyncDispose]()
  receiver.faults.clear()
  receiver.watch(null)
  receiver.configure(defaultSettings)
  await eventually(() => receiver.observe().tunersInUse === 0, 'all tuners are free')
})

async function play(source: Enigma2Source, key: string, previous: FailureCode | Failure | null = null) {
  const { items } = await source.catalogue(patience())
  const item = items.find((one) => one.item === key)
  assert.ok(item, `"${key}" should be listed`)
  const sink = createSink()
  const cause = typeof previous === 'string' ? new Failure(previous, 'the try before') : previous
  const upstream = await source.open({ stream: toStream(source, item), sink, previous: cause, signal: patience() })
  return { upstream, sink }
}

/** On which port the one running stream is. */
const portInUse = (): string | undefined => receiver.observe().currentStreams[0]?.port

// ── streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test('open() plays from the tuner with one connection and one question', { skip }, async () => {
  const source = newSource()
  await source.catalogue(patience())
  const before = receiver.observe()
  const { upstream } = await play(source, PLAIN)
  assert.deepEqual([upstream.programNumber, upstream.clearWithinMs], [0x132f, 3000])
  const { connections, requests } = receiver.observe()
  assert.equal(connections.stream - before.connections.stream, 1)
  assert.equal((requests['stream.m3u'] ?? 0) - (before.requests['stream.m3u'] ?? 0), 1)
  assert.equal(portInUse(), 'stream')
  upstream.close()
  const again = await play(source, PLAIN)
  assert.equal(
    (receiver.observe().requests['stream.m3u'] ?? 0) - (before.requests['stream.m3u'] ?? 0),
    1,
    'the way is remembered',
  )
  again.upstream.close()
})

test(
  'open() sends the real login to a stream port that asks for it, whatever the box writes into the URL',
  { skip },
  async () => {
    receiver.configure({ webAuth: true, streamingAuth: true, authForStreaming: true })
    const { upstream, sink } = await play(newSource({ username: 'root', password: 'dreambox' }), PLAIN)
    await eventually(() => sink.bytes() > 0, 'bytes arrive')
    upstream.close()
  },
)

test('open() explains a stream port that refuses the login', { skip }, async () => {
  receiver.configure({ streamingAuth: true })
  await assert.rejects(play(newSource({ username: 'root', password: 'wrong' }), PLAIN), failsWith('source/login'))
})

test('open() plays a channel of the relay list from the relay', { skip }, async () => {
  const { upstream, sink } = await play(newSource(), WHITELISTED)
  assert.equal(portInUse(), 'relay')
  assert.equal(upstream.clearWithinMs, 8000)
  await eventually(() => sink.bytes() > 0, 'bytes arrive')
  upstream.close()
})

test('open() after encrypted pictures tries the relay, once', { skip }, async () => {
  const source = newSource()
  const first = await play(source, ENCRYPTED)
  assert.equal(portInUse(), 'stream')
  first.upstream.close()
  const second = await play(source, ENCRYPTED, 'live/scrambled')
  assert.equal(portInUse(), 'relay')
  second.upstream.close()
  const previous = new Failure('live/scrambled', 'from the relay too')
  await assert.rejects(play(source, ENCRYPTED, previous), (error) => error === previous)
})

test('open() after encrypted pictures of another channel is a start like any other', { skip }, async () => {
  const { upstream } = await play(newSource(), PLAIN, 'live/scrambled')
  assert.equal(portInUse(), 'stream')
  upstream.close()
})

test('open() still says "encrypted" when there is no relay', { skip }, async () => {
  const source = newSource({ relayPort: 9 })
  const first = await play(source, ENCRYPTED)
  first.upstream.close()
  await assert.rejects(play(source, ENCRYPTED, 'live/scrambled'), failsWith('live/scrambled'))
})

test('open() waits between two starts of one relay reference', { skip }, async () => {
  const waits: number[] = []
  const timers = { after: (ms: number, run: () => void) => (waits.push(ms), systemTimers.after(ms / 100, run)) }
  const source = newSource({}, { timers })
  const first = await play(source, WHITELISTED)
  first.upstream.close()
  waits.length = 0
  receiver.faults.relay(WHITELISTED, { kind: 'refuse' }) // what comes after the wait does not matter here
  await assert.rejects(play(source, WHITELISTED))
  assert.ok(
    waits.some((ms) => ms > 500 && ms <= 1000),
    `waits ${waits.join()}`,
  )
})

test('open() of alternatives plays the member that the box picks', { skip }, async () => {
  const source = newSource()
  const { items } = await source.catalogue(patience())
  const group = items.find(({ name }) => name === 'Zwilling (beste)')
  assert.ok(group)
  const { upstream } = await play(source, group.item)
  assert.equal(upstream.programNumber, 0x2b66)
  upstream.close()
})

test('open() works from the stored line-up, before the box was ever asked', { skip }, async () => {
  const stored = await newSource().catalogue(patience())
  for (const name of ['Österreich <1> & "Du"', 'Zwilling (beste)']) {
    const source = newSource()
    const item = stored.items.find((one) => one.name === name)
    assert.ok(item)
    const sink = createSink()
    const upstream: Upstream = await source.open({
      stream: toStream(source, item),
      sink,
      previous: null,
      signal: patience(),
    })
    upstream.close()
  }
})

test('open() goes to 8001 when the box has no opinion in time', { skip }, async () => {
  receiver.faults.web('stream.m3u', { kind: 'hang' })
  const { upstream } = await play(newSource({ streamPort: receiver.streamPort }, { timers: hasty }), PLAIN)
  upstream.close()
})

test('open() goes to the relay of the settings when the box has no opinion', { skip }, async () => {
  receiver.faults.web('stream.m3u', { kind: 'status', status: 500 })
  const { upstream } = await play(newSource(), WHITELISTED)
  assert.equal(portInUse(), 'relay')
  upstream.close()
})

test('open() does not follow a stream URL to another host', { skip }, async () => {
  const body = `#EXTM3U \nhttp://203.0.113.7:8001/${PLAIN}\n`
  receiver.faults.web('stream.m3u', { kind: 'body', contentType: 'application/vnd.apple.mpegurl', body })
  const { upstream } = await play(newSource(), PLAIN)
  assert.equal(portInUse(), 'stream')
  upstream.close()
})

test(
  'open() says "no free tuner" when the family and we have them all, and lowers the number of slots',
  { skip },
  async () => {
    const { log, lines } = createTestLog()
    const source = newSource({}, { log })
    assert.ok(receiver.watch(THIRD))
    const { upstream } = await play(source, PLAIN)
    assert.equal(source.slots(), 2)
    await assert.rejects(play(source, ELSEWHERE), (error) => {
      failsWith('live/no-slot')(error)
      assert.match(String(error), /2 of 2 are in use/)
      return true
    })
    assert.equal(source.slots(), 1)
    assert.ok(lines.some(({ event }) => event === 'tuners-estimated'))
    const shared = await play(source, NEIGHBOUR)
    shared.upstream.close()
    upstream.close()
  },
)

test('open() says "refused" when tuners are free and the box refuses all the same', { skip }, async () => {
  const source = newSource()
  receiver.faults.stream(PLAIN, { kind: 'refuse' })
  await assert.rejects(play(source, PLAIN), failsWith('live/refused'))
  assert.equal(source.slots(), 2)
})

test('slots() is what the owner says', { skip }, async () => {
  const source = newSource({ maxStreams: 5 })
  await source.catalogue(patience())
  assert.equal(source.slots(), 5)
})

for (const { name, fault, code } of [
  { name: 'a tuner without signal', fault: { kind: 'no-lock', closeAfterMs: 60 }, code: 'live/no-signal' },
  { name: 'silence', fault: { kind: 'hang' }, code: 'live/silent' },
  { name: 'no header', fault: { kind: 'mute' }, code: 'live/silent' },
  { name: 'a full backlog', fault: { kind: 'reject' }, code: 'live/refused' },
  { name: 'the legacy proxy', fault: { kind: 'status', status: 502, text: 'Bad Gateway' }, code: 'live/refused' },
] as const) {
  test(`open() explains ${name}`, { skip }, async () => {
    // A hundred times as fast in both: 60 ms are the 6 s after which a box gives up.
    const source = newSource({}, { timers: hasty, now: () => Date.now() * 100 })
    await source.catalogue(patience())
    receiver.faults.stream(PLAIN, fault)
    await assert.rejects(play(source, PLAIN), failsWith(code))
    await eventually(() => receiver.observe().socketsPerPort.stream === 0, 'the connection is gone')
  })
}

for (const fault of [
  { kind: 'no-content-type' },
  { kind: 'split-header', pieceBytes: 7 },
  { kind: 'no-header' },
  { kind: 'garbage-before', bytes: 333 },
] as const) {
  test(`open() takes a stream with ${fault.kind}`, { skip }, async () => {
    receiver.faults.stream(PLAIN, fault)
    const { upstream, sink } = await play(newSource(), PLAIN)
    await eventually(() => sink.bytes() > 5000, 'bytes arrive')
    upstream.close()
  })
}

for (const { name, fault, code } of [
  { name: 'an orderly end', fault: { kind: 'end-after', bytes: 20_000 }, code: 'live/kicked' },
  { name: 'a RST', fault: { kind: 'reset-after', bytes: 20_000 }, code: 'live/ended' },
] as const) {
  test(`open() reports ${name} as ${code}`, { skip }, async () => {
    receiver.faults.stream(PLAIN, fault)
    const { sink } = await play(newSource(), PLAIN)
    await eventually(() => sink.ends().length === 1, 'the end is told')
    assert.equal(sink.ends()[0]?.code, code)
  })
}
