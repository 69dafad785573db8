import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { createServer } from 'node:https'
import { test } from 'node:test'
import { createHttpClient } from '../../../adapters/net/http-client.ts'
import type { HttpClientOptions } from '../../../adapters/net/http-client.ts'
import { eventually } from '../../conformance/source.ts'
import { makeSelfSigned } from '../../fakes/receiver/self-signed.ts'
import { createManualTimers } from '../sources/enigma2/manual-timers.ts'
import { failsWith } from '../sources/failure.ts'
import { ok, startRaw } from './raw-server.ts'
import type { RawServer } from './raw-server.ts'

const signal = (): AbortSignal => AbortSignal.timeout(8000)

/** Makes the connection that was asked for; every name leads to 127.0.0.1. */
function connectThrough(head: string, socket: Socket): void {
  const port = Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1])
  const far = createConnection({ host: '127.0.0.1', port }, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    far.pipe(socket)
    socket.pipe(far)
  })
  far.on('error', () => socket.destroy())
  socket.on('error', () => far.destroy())
  socket.on('close', () => far.destroy())
}

const noNames = async (host: string): Promise<never> => {
  throw new Error(`"${host}" was looked up past the proxy`)
}

function throughProxy(proxy: RawServer, options: Partial<HttpClientOptions> = {}) {
  const url = new URL(proxy.url)
  url.username = 'pu'
  url.password = 'pp'
  const common = { typedHosts: ['tv.example.org'], allowHosts: [], userAgent: 'test', resolve: noNames }
  return createHttpClient({ ...common, proxy: url, ...options })
}

test('request() goes through the proxy by name, with its login and nothing else', async () => {
  await using proxy = await startRaw(connectThrough)
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = throughProxy(proxy)
  const url = new URL(`http://tv.example.org:${server.port}/secret`)
  assert.equal(await (await client.request(url, { named: 'typed', signal: signal() })).text(9), 'x')
  const target = `tv.example.org:${server.port}`
  assert.deepEqual(proxy.heads, [
    `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\nProxy-Authorization: Basic cHU6cHA=\r\n`,
  ])
  assert.match(server.heads[0] ?? '', new RegExp(`^GET /secret HTTP/1.1\r\n(.*\r\n)*Host: ${target}\r\n`))
  assert.doesNotMatch(server.heads[0] ?? '', /Proxy/)
})

test('request() gives a proxy in the local network checked addresses of foreign names', async () => {
  await using proxy = await startRaw(connectThrough)
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  const names: Readonly<Record<string, string>> = {
    'cdn.example.org': '203.0.113.9',
    'evil.example.org': '192.168.1.1',
  }
  await using client = throughProxy(proxy, {
    resolve: async (host) => [{ address: names[host] ?? '127.0.0.1', family: 4 }],
  })
  const ask = (host: string) =>
    client.request(new URL(`http://${host}:${server.port}/`), { named: 'answered', signal: signal() })
  assert.equal(await (await ask('cdn.example.org')).text(9), 'x')
  assert.match(proxy.heads[0] ?? '', new RegExp(`^CONNECT 203.0.113.9:${server.port} `))
  assert.match(server.heads[0] ?? '', /Host: cdn\.example\.org:/)
  for (const host of ['evil.example.org', '127.0.0.1', '10.0.0.1', '[::1]', '169.254.169.254', 'nas', 'nas.lan'])
    await assert.rejects(ask(host), failsWith('source/forbidden-address'))
  assert.equal(proxy.heads.length, 1)
})

for (const { name, reply } of [
  { name: 'refuses the login', reply: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' },
  { name: 'cannot connect', reply: 'HTTP/1.1 502 Bad Gateway\r\n\r\n' },
  { name: 'is no proxy', reply: 'SSH-2.0\r\n\r\n' },
  { name: 'answers for the source', reply: 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n' },
  { name: 'hangs up', reply: '' },
]) {
  test(`request() fails when the proxy ${name}, and goes nowhere else`, async () => {
    await using proxy = await startRaw((_, socket) => void socket.end(reply))
    await using server = await startRaw((_, socket) => socket.write(ok('x')))
    await using client = throughProxy(proxy, { typedHosts: ['127.0.0.1'] })
    await assert.rejects(
      client.request(server.url, { named: 'typed', signal: signal() }),
      failsWith('source/unreachable'),
    )
    assert.equal(server.connections(), 0)
    await eventually(() => proxy.open() === 0, 'the connection is closed')
  })
}

test('request() fails when there is no proxy', async () => {
  const proxy = await startRaw(() => {})
  await proxy[Symbol.asyncDispose]()
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = throughProxy(proxy, { typedHosts: ['127.0.0.1'] })
  await assert.rejects(
    client.request(server.url, { named: 'typed', signal: signal() }),
    failsWith('source/unreachable'),
  )
  assert.equal(server.connections(), 0)
})

test('request() does not wait for a silent proxy for ever', async () => {
  await using proxy = await startRaw(() => {})
  const timers = createManualTimers()
  await using client = throughProxy(proxy, { timers })
  const asking = client.request(new URL('http://tv.example.org/'), { named: 'typed', signal: signal(), connectMs: 900 })
  asking.catch(() => {}) // looked at below
  await eventually(() => proxy.heads.length === 1, 'it is asked')
  timers.advance(901)
  await assert.rejects(asking, failsWith('source/unreachable'))
  await eventually(() => proxy.open() === 0, 'the connection is closed')
})

test('request() takes nothing from a source with a wrong certificate, through a proxy or not', async () => {
  const server = createServer(makeSelfSigned('tv.example.org'), (_, outgoing) => void outgoing.end('x'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await using proxy = await startRaw(connectThrough)
  await using client = throughProxy(proxy)
  const url = new URL(`https://tv.example.org:${port}/`)
  await assert.rejects(client.request(url, { named: 'typed', signal: signal() }), failsWith('source/unreachable'))

  // In the local network nobody signs certificates.
  await using direct = createHttpClient({ typedHosts: ['127.0.0.1'], allowHosts: [], userAgent: 'test' })
  const local = await direct.request(new URL(`https://127.0.0.1:${port}/`), { named: 'typed', signal: signal() })
  assert.equal(await local.text(9), 'x')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
