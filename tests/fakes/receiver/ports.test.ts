import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { startReceiver } from './index.ts'
import type { Receiver, StreamFault } from './index.ts'
import { demoModel } from './demo-model.ts'
import { ERROR_TEXT } from './delivery.ts'
import { asText, eventually, openRaw } from './raw-client.ts'
import type { RawClient } from './raw-client.ts'
import { defaultSettings, quickTiming } from './settings.ts'
import { findFfmpeg, skipWithoutFfmpeg, testCacheDir } from './test-setting.ts'
import { continuityErrors, findSync, readPackets } from './ts-reader.ts'

const skip = skipWithoutFfmpeg()
const HEADER = 'HTTP/1.0 200 OK\r\nConnection: Close\r\nContent-Type: video/mpeg\r\nServer: streamserver\r\n\r\n'
const FIRST = '1:0:19:132F:3EF:1:C00000:0:0:0:' // and its neighbour on the same transponder:
const NEIGHBOUR = '1:0:19:1330:3EF:1:C00000:0:0:0:'
const SECOND = '1:0:19:2B66:45B:1:C00000:0:0:0:'
const THIRD = '1:0:19:12:6:85:C00000:0:0:0:'
const ENCRYPTED = '1:0:19:11:6:85:C00000:0:0:0:' // shares the transponder of THIRD

let receiver: Receiver
before(async () => {
  receiver = await startReceiver({
    ffmpegPath: findFfmpeg() ?? 'ffmpeg',
    cacheDir: testCacheDir,
    model: demoModel({ clips: 'tiny' }),
    timing: quickTiming,
  })
})
after(() => receiver[Symbol.asyncDispose]())

const clients: RawClient[] = []
const open = (port: number, ...pieces: readonly string[]): RawClient => {
  const client = openRaw(port, ...pieces)
  clients.push(client)
  return client
}
const watch = (ref: string): RawClient => open(receiver.streamPort, `GET /${ref} HTTP/1.0\r\nHost: box\r\n\r\n`)
const relay = (ref: string): RawClient =>
  open(receiver.relayPort, `GET /${ref} HTTP/1.0\r\nHost: 127.0.0.1:${receiver.relayPort}\r\n\r\n`)
const body = (bytes: Uint8Array): Uint8Array => bytes.subarray(asText(bytes.subarray(0, 300)).indexOf('\n\r\n') + 3)

/** Everybody has left and every tuner is free. */
async function quiet(): Promise<void> {
  for (const client of clients.splice(0)) client.close()
  receiver.faults.clear()
  await eventually(() => {
    const { tunersInUse, currentStreams } = receiver.observe()
    return tunersInUse === 0 && currentStreams.length === 0
  }, 'all tuners free')
}
afterEach(async () => {
  if (skip) return
  receiver.configure(defaultSettings)
  await quiet()
})

test('port 8001 sends its exact header and then television without errors', { skip }, async () => {
  const client = watch(FIRST)
  const bytes = await client.atLeast(80_000)
  assert.equal(asText(bytes.subarray(0, HEADER.length)), HEADER)
  const packets = readPackets(bytes.subarray(HEADER.length))
  assert.deepEqual(continuityErrors(packets), [])
  assert.ok(packets.some((packet) => packet.pid === 0))
})

test('port 8001 takes a reference in lower case, escaped, without the last colon, with a name', { skip }, async () => {
  for (const spelling of [
    '1:0:19:132f:3ef:1:c00000:0:0:0',
    '1%3a0%3a19%3a132F%3a3EF%3a1%3aC00000%3a0%3a0%3a0%3a',
    `${FIRST}:Alpin%201`,
  ]) {
    const client = watch(spelling)
    const bytes = await client.atLeast(5000)
    assert.ok(bytes.length >= 5000, spelling)
    await quiet()
  }
})

for (const { name, ref } of [
  { name: 'an unknown transponder', ref: '1:0:19:132F:999:1:C00000:0:0:0:' },
  { name: 'a group', ref: '1:134:1:0:0:0:0:0:0:0:FROM%20BOUQUET' },
  { name: 'a reference with a URL', ref: '4097:0:1:132F:3EF:1:C00000:0:0:0:http%3a//host/x.ts' },
  { name: 'an unknown query', ref: `${FIRST}?speed=fast` },
  { name: 'no reference at all', ref: 'hello' },
]) {
  test(`port 8001 answers ${name} with 200 and the 28 bytes of a 400 as its body`, { skip }, async () => {
    const bytes = await watch(ref).end()
    assert.equal(asText(bytes), HEADER + ERROR_TEXT)
    assert.equal(ERROR_TEXT.length, 28)
  })
}

test('port 8001 answers anything but GET with a real 400', { skip }, async () => {
  for (const request of [`HEAD /${FIRST} HTTP/1.0\r\n\r\n`, 'GET / HTTP/1.0\r\n\r\n']) {
    assert.equal(asText(await open(receiver.streamPort, request).end()), ERROR_TEXT)
  }
})

test('port 8001 refuses a third transponder on two tuners, and takes a neighbour', { skip }, async () => {
  const refusals = receiver.observe().refusals
  const held = [watch(FIRST), watch(SECOND)]
  await Promise.all(held.map((client) => client.atLeast(1000)))
  assert.equal(asText(await watch(THIRD).end()), HEADER + ERROR_TEXT)
  const neighbour = watch(NEIGHBOUR)
  await neighbour.atLeast(1000)
  const { tunersInUse, currentStreams, refusals: later } = receiver.observe()
  assert.equal(tunersInUse, 2)
  assert.equal(currentStreams.length, 3)
  assert.equal(later - refusals, 1)
})

test('port 8001 keeps silent for ever when the service is not on its transponder', { skip }, async () => {
  const client = watch('1:0:19:9999:3EF:1:C00000:0:0:0:')
  await client.atLeast(HEADER.length)
  await eventually(() => receiver.observe().tunersInUse === 1, 'the tuner is taken')
  assert.equal(client.bytes().length, HEADER.length)
  assert.equal(client.ended(), null)
})

test('port 8001 stops the stream of a client that half-closes', { skip }, async () => {
  const client = watch(FIRST)
  await client.atLeast(5000)
  client.socket.end()
  await client.end()
})

test('port 8001 demands the literal header when streaming authentication is on', { skip }, async () => {
  receiver.configure({ streamingAuth: true })
  const right = btoa('root:dreambox')
  const line = `GET /${FIRST} HTTP/1.0\r\n`
  const refused: readonly (readonly string[])[] = [
    [`${line}\r\n`],
    [`${line}authorization: Basic ${right}\r\n\r\n`], // lower case
    [`${line}Authorization: Basic ${btoa('root:wrong')}\r\n\r\n`],
    [`${line}`, `Authorization: Basic ${right}\r\n\r\n`], // only what came with the first line feed counts
    [`${line}X-Filler: ${'x'.repeat(500)}\r\nAuthorization: Basic ${right}\r\n\r\n`], // beyond 512 bytes
  ]
  for (const pieces of refused) {
    const text = asText(await open(receiver.streamPort, ...pieces).end())
    if (text !== '')
      assert.match(
        text,
        /^HTTP\/1.0 401 Authorization Required\r\nWWW-Authenticate: Basic realm="streamserver"\r\n\r\n$/,
      )
  }
  const client = open(receiver.streamPort, `${line}Authorization: Basic ${right}\r\n\r\n`)
  assert.ok((await client.atLeast(5000)).length >= 5000)
})

test('port 8001 delivers an encrypted service with scrambled pictures and clear tables', { skip }, async () => {
  const client = watch(ENCRYPTED)
  const packets = readPackets(body(await client.atLeast(60_000)))
  const service = receiver.model.services.find((one) => one.ref === ENCRYPTED)
  assert.ok(packets.filter((packet) => packet.pid === service?.pids.video).every((packet) => packet.scrambling !== 0))
  assert.ok(packets.filter((packet) => packet.pid === 0).every((packet) => packet.scrambling === 0))
})

test('port 8001 drops bytes in mid-packet when a client does not read', { skip }, async () => {
  const dropped = receiver.observe().bytesDropped
  // Many clients of one service, so that the wait is short, would not help: the limit is per client. Send more instead.
  receiver.faults.stream(FIRST, { kind: 'garbage-before', bytes: 40_000_000, times: 1 })
  const client = watch(FIRST)
  client.socket.pause()
  await eventually(() => receiver.observe().bytesDropped > dropped, 'bytes are dropped')
  assert.equal(receiver.observe().currentStreams.length, 1)
})

type FaultCase = { readonly fault: StreamFault; readonly check: (client: RawClient) => Promise<void> }
const ends = async (client: RawClient): Promise<void> => void (await client.end())
const faultCases: readonly FaultCase[] = [
  { fault: { kind: 'refuse' }, check: async (client) => assert.equal(asText(await client.end()), HEADER + ERROR_TEXT) },
  {
    fault: { kind: 'no-lock', closeAfterMs: 50 },
    check: async (client) => {
      assert.equal(asText(await client.end()), HEADER)
      assert.equal(client.ended(), 'fin')
    },
  },
  {
    fault: { kind: 'garbage-before', bytes: 333 },
    check: async (client) => {
      const bytes = (await client.atLeast(20_000)).subarray(HEADER.length)
      assert.equal(findSync(bytes), 333)
    },
  },
  {
    fault: { kind: 'end-after', bytes: 10_000 },
    check: async (client) => assert.equal((await client.end()).length, HEADER.length + 10_000),
  },
  { fault: { kind: 'reset-after', bytes: 10_000 }, check: ends },
  {
    fault: { kind: 'error-text-after', bytes: 1880 },
    check: async (client) => assert.ok(asText(await client.end()).endsWith(ERROR_TEXT)),
  },
  {
    fault: { kind: 'status', status: 503, text: 'Service Unavailable' },
    check: async (client) => assert.match(asText(await client.end()), /^HTTP\/1.0 503 Service Unavailable\r\n\r\n/),
  },
  {
    fault: { kind: 'no-content-type' },
    check: async (client) => assert.doesNotMatch(asText((await client.atLeast(1000)).subarray(0, 200)), /Content-Type/),
  },
  {
    fault: { kind: 'split-header', pieceBytes: 7 },
    check: async (client) => assert.equal(asText((await client.atLeast(1000)).subarray(0, HEADER.length)), HEADER),
  },
  { fault: { kind: 'no-header' }, check: async (client) => assert.equal((await client.atLeast(1000))[0], 0x47) },
  { fault: { kind: 'reject' }, check: async (client) => assert.equal((await client.end()).length, 0) },
]
for (const { fault, check } of faultCases) {
  test(`the stream fault ${fault.kind} does what it says, once`, { skip }, async () => {
    receiver.faults.stream(FIRST, { ...fault, times: 1 })
    const disturbed = watch(FIRST)
    await check(disturbed)
    const healed = watch(FIRST)
    assert.ok(asText(await healed.atLeast(5000)).startsWith(HEADER))
  })
}

for (const fault of [
  { kind: 'hang' },
  { kind: 'stall-after', afterMs: 0 },
  { kind: 'half-open-after', afterMs: 0 },
] as const) {
  test(`the stream fault ${fault.kind} leaves an open, silent socket that holds its tuner`, { skip }, async () => {
    receiver.faults.stream('*', fault)
    const client = watch(FIRST)
    await client.atLeast(HEADER.length)
    await eventually(() => receiver.observe().tunersInUse === 1, 'the tuner is taken')
    receiver.faults.clear()
    // Another viewer of the same service gets on the air meanwhile: there was time enough.
    const healthy = watch(FIRST)
    await healthy.atLeast(50_000)
    assert.equal(client.bytes().length, HEADER.length)
    assert.equal(client.ended(), null)
  })
}

test('the relay answers with bare line feeds and opens its source on 8001 terms', { skip }, async () => {
  receiver.configure({ relayGarbagePackets: 100 })
  const client = relay(ENCRYPTED)
  const bytes = await client.atLeast(100_000)
  const header = 'HTTP/1.0 200 OK\nConnection: Close\nContent-Type: video/mpeg\nServer: stream_enigma2\n\n'
  assert.equal(asText(bytes.subarray(0, header.length)), header)
  const service = receiver.model.services.find((one) => one.ref === ENCRYPTED)
  const pictures = readPackets(bytes.subarray(header.length)).filter((packet) => packet.pid === service?.pids.video)
  const starts = pictures.filter((packet) => packet.isStart)
  const isClear = (packet: (typeof starts)[number]): boolean => packet.payload[0] === 0 && packet.payload[2] === 1
  assert.ok(starts[0] && !isClear(starts[0]), 'garbage first')
  assert.ok(starts.at(-1)?.payload && starts.slice(-2).every(isClear), 'clear in the end')
  assert.ok(
    pictures.every((packet) => packet.scrambling === 0),
    'with cleared bits all along',
  )
})

test('the relay closes the seventeenth client at once', { skip }, async () => {
  const all = Array.from({ length: 16 }, () => open(receiver.relayPort))
  await eventually(() => receiver.observe().socketsPerPort.relay === 16, 'sixteen are connected')
  assert.equal((await relay(FIRST).end()).length, 0)
  assert.ok(all.every((client) => client.ended() === null))
})

test('port 8001 without a backlog refuses a second connection while the first one hesitates', { skip }, async () => {
  receiver.configure({ noBacklog: true })
  const hesitating = open(receiver.streamPort)
  await eventually(() => receiver.observe().socketsPerPort.stream === 1, 'connected')
  assert.equal((await watch(FIRST).end()).length, 0)
  hesitating.close()
  await eventually(() => receiver.observe().socketsPerPort.stream === 0, 'gone')
  assert.ok((await watch(FIRST).atLeast(1000)).length >= 1000)
})

for (const { name, request } of [
  { name: 'HEAD', request: `HEAD /${FIRST} HTTP/1.0\r\nHost: 127.0.0.1:17999\r\n\r\n` },
  { name: 'SID 0', request: 'GET /1:0:19:0:3EF:1:C00000:0:0:0: HTTP/1.0\r\nHost: 127.0.0.1:17999\r\n\r\n' },
]) {
  test(`the relay closes without a byte on ${name}`, { skip }, async () => {
    assert.equal((await open(receiver.relayPort, request).end()).length, 0)
  })
}

for (const { name, headers } of [
  { name: 'another header comes first', headers: 'User-Agent: Lavf\r\nHost: 127.0.0.1:17999\r\n' },
  { name: 'Host is spelled in lower case', headers: 'host: 127.0.0.1:17999\r\n' },
  { name: 'Host has no port', headers: 'Host: 127.0.0.1\r\n' },
  { name: 'Host names another machine', headers: 'Host: 192.0.2.7:17999\r\n' },
]) {
  test(`the relay finds no source when ${name}: header, nothing, close`, { skip }, async () => {
    const bytes = await open(receiver.relayPort, `GET /${FIRST} HTTP/1.0\r\n${headers}\r\n`).end()
    assert.match(asText(bytes), /^HTTP\/1.0 200 OK\n.*stream_enigma2\n\n$/s)
  })
}

test('the relay keeps the tuner of a client that left while the source is silent', { skip }, async () => {
  const client = relay(FIRST)
  await client.atLeast(5000)
  receiver.faults.signal(FIRST, { lost: true })
  client.close()
  const other = watch(SECOND)
  await other.atLeast(50_000) // time passes
  assert.equal(receiver.observe().currentStreams.filter((one) => one.port === 'relay').length, 1)
  receiver.faults.signal(FIRST, null)
  await eventually(() => receiver.observe().currentStreams.every((one) => one.port !== 'relay'), 'the relay lets go')
})

test('two starts of one relay service within a second give garbage for ever', { skip }, async () => {
  receiver.configure({ relayGarbagePackets: 0 })
  await new Promise((resolve) => setTimeout(resolve, quickTiming.relayExclusiveMs)) // the rule itself is about real time
  const one = relay(ENCRYPTED)
  const two = relay(ENCRYPTED)
  const service = receiver.model.services.find((each) => each.ref === ENCRYPTED)
  const clearStarts = (bytes: Uint8Array): number => {
    const at = asText(bytes.subarray(0, 300)).indexOf('\n\n') + 2
    const packets = readPackets(bytes.subarray(at))
    return packets.filter((packet) => packet.pid === service?.pids.video && packet.isStart && packet.payload[2] === 1)
      .length
  }
  assert.ok(clearStarts(await one.atLeast(60_000)) > 0)
  assert.equal(clearStarts(await two.atLeast(60_000)), 0)
})

test('deep standby refuses connections until the box wakes', { skip }, async () => {
  const client = watch(FIRST)
  await client.atLeast(5000)
  await receiver.deepStandby()
  await client.end()
  assert.equal((await watch(FIRST).end()).length, 0)
  await receiver.wake()
  const later = watch(FIRST)
  assert.ok((await later.atLeast(5000)).length >= 5000)
})

test('a stream that is kicked in the box ends with FIN', { skip }, async () => {
  const client = watch(FIRST)
  await client.atLeast(5000)
  assert.equal(receiver.kickStreams(), 1)
  await client.end()
  assert.equal(client.ended(), 'fin')
})

test('port 8001 sends a recording from beginning to end', { skip }, async () => {
  const [recording] = receiver.model.recordings
  const path = `/file?file=${encodeURIComponent(recording?.file ?? '')}`
  const bytes = body(await open(receiver.streamPort, `GET ${path} HTTP/1.0\r\n\r\n`).end())
  const web = await (await fetch(`${receiver.url}${path}`)).arrayBuffer()
  assert.deepEqual(bytes, new Uint8Array(web))
  const ranged = await fetch(`${receiver.url}${path}`, { headers: { range: 'bytes=188-375' } })
  assert.equal(ranged.status, 206)
  assert.deepEqual(new Uint8Array(await ranged.arrayBuffer()), bytes.subarray(188, 376))
})

test('a recording that finds no tuner closes the oldest stream and takes its place', { skip }, async () => {
  const oldest = watch(FIRST)
  await oldest.atLeast(1000)
  const other = watch(SECOND)
  await other.atLeast(1000)
  const begin = Math.floor(Date.now() / 1000)
  const timer = { sRef: THIRD, begin: String(begin), end: String(begin + 3600), name: 'Aufnahme' }
  await (await fetch(`${receiver.url}/api/timeradd?${new URLSearchParams(timer).toString()}`)).text()
  await oldest.end()
  assert.equal(oldest.ended(), 'fin')
  assert.equal(other.ended(), null)
  assert.equal(receiver.observe().kicked, 1)
  await fetch(`${receiver.url}/api/timerdelete?${new URLSearchParams(timer).toString()}`).then((answer) =>
    answer.text(),
  )
})

test('live television holds its tuner', { skip }, async () => {
  assert.equal(receiver.watch(FIRST), true)
  const client = watch(SECOND)
  await client.atLeast(1000)
  assert.equal(asText(await watch(THIRD).end()), HEADER + ERROR_TEXT)
  receiver.standby(true)
  const third = watch(THIRD)
  assert.ok((await third.atLeast(5000)).length >= 5000)
  receiver.standby(false)
})
