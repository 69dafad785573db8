import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttpClient } from '../../../../adapters/net/http-client.ts'
import { apiHeaders, streamHeaders } from '../../../../adapters/sources/stalker/box-headers.ts'
import { createHttpTransport } from '../../../../adapters/sources/stalker/http-transport.ts'
import { boxIdentity } from '../../../../adapters/sources/stalker/identity.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { ok, startRaw } from '../../net/raw-server.ts'
import { createSink } from '../../../conformance/source.ts'
import { mac } from './portal-house.ts'

const call = (url: URL) => ({
  identity: boxIdentity(mac(1)),
  token: 'ABC',
  timezone: 'Europe/Paris',
  referer: new URL('/c/', url),
})
const signal = AbortSignal.timeout(8000)
/** Names of a head's headers, as they were spelled. */
const names = (head: string): readonly string[] => [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name ?? '')
/** What HTTP itself needs; its spelling and place are the runtime's. */
const WIRE = /^(?:host|connection)$/i

test('a question carries the headers of a box, in their spelling, and none of a browser', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('{"js":[]}')))
  await using client = createHttpClient({ typedHosts: ['127.0.0.1'], allowHosts: [], userAgent: 'never sent' })
  const transport = createHttpTransport({ client, host: '127.0.0.1', timers: systemTimers, now: Date.now })
  const headers = apiHeaders(call(server.url))
  await transport.get({ url: server.url, headers, timeoutMs: 5000, maxBytes: 1000, signal })
  const [head = ''] = server.heads
  assert.deepEqual(
    names(head).filter((name) => !WIRE.test(name)),
    ['User-Agent', 'X-User-Agent', 'Referer', 'Accept', 'Cookie', 'Authorization'],
  )
  assert.match(head, /^Cookie: mac=00%3A1A%3A79%3A00%3A00%3A01; stb_lang=en; timezone=Europe%2FParis\r$/m)
  assert.match(head, /^Authorization: Bearer ABC\r$/m)
  assert.match(head, /^User-Agent: Mozilla\/5\.0 \(QtEmbedded; .* MAG200 stbapp ver: 2 rev: 250 Safari\/533\.3\r$/m)
})

test('a stream carries cookie and token to the host of the portal only, also on the way by a redirect', async () => {
  await using streamer = await startRaw((_, socket) => socket.write(ok('G'.repeat(188))))
  await using server = await startRaw((_, socket) =>
    socket.write(`HTTP/1.1 302 Found\r\nLocation: http://localhost:${streamer.port}/live\r\nContent-Length: 0\r\n\r\n`),
  )
  await using client = createHttpClient({
    typedHosts: ['127.0.0.1', 'localhost'],
    allowHosts: [],
    userAgent: 'never sent',
  })
  const transport = createHttpTransport({ client, host: '127.0.0.1', timers: systemTimers, now: Date.now })
  const stream = await transport.stream({
    url: server.url,
    headersFor: (url) => streamHeaders(call(server.url), url.hostname === '127.0.0.1'),
    firstByteMs: 5000,
    name: 'News',
    sink: createSink(),
    signal,
  })
  stream.close()
  const told = (head = ''): readonly string[] => names(head).filter((name) => !WIRE.test(name))
  assert.deepEqual(told(server.heads[0]), ['User-Agent', 'Accept', 'Cookie', 'Authorization'])
  assert.deepEqual(told(streamer.heads[0]), ['User-Agent', 'Accept'])
})
