import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createHttpClient } from '../../../adapters/net/http-client.ts'
import type { HttpClient, HttpClientOptions, HttpRequest } from '../../../adapters/net/http-client.ts'
import { Failure } from '../../../core/errors.ts'
import { eventually } from '../../conformance/source.ts'
import { createManualTimers } from '../sources/enigma2/manual-timers.ts'
import { failsWith } from '../sources/failure.ts'
import { ok, redirectTo, startRaw } from './raw-server.ts'

const signal = (): AbortSignal => AbortSignal.timeout(8000)

function aClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({ typedHosts: ['127.0.0.1'], allowHosts: [], userAgent: 'test', ...options })
}
const answered = (more: Partial<HttpRequest> = {}): HttpRequest => ({ named: 'answered', signal: signal(), ...more })
const typed = (more: Partial<HttpRequest> = {}): HttpRequest => ({ named: 'typed', signal: signal(), ...more })

test('request() gives status, headers and body', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('hello', 'X-Note: yes\r\n')))
  await using client = aClient()
  const answer = await client.request(new URL('/a?b=c', server.url), typed())
  assert.deepEqual([answer.status, answer.headers.get('x-note'), await answer.text(100)], [200, 'yes', 'hello'])
  assert.match(server.heads[0] ?? '', /^GET \/a\?b=c HTTP\/1\.1\r\n/)
})

test('request() reads JSON, and says what else it is', async () => {
  await using server = await startRaw((head, socket) =>
    socket.write(ok(head.startsWith('GET /j') ? '{"a":1}' : '<html>')),
  )
  await using client = aClient()
  assert.deepEqual(await (await client.request(new URL('/j', server.url), typed())).json(100), { a: 1 })
  const page = await client.request(new URL('/h', server.url), typed())
  await assert.rejects(page.json(100), failsWith('source/bad-answer'))
})

for (const { name, coding, pack } of [
  { name: 'gzip', coding: 'gzip', pack: gzipSync },
  { name: 'x-gzip', coding: 'x-gzip', pack: gzipSync },
  { name: 'deflate', coding: 'deflate', pack: deflateSync },
  { name: 'Brotli', coding: 'br', pack: brotliCompressSync },
  { name: 'two codings', coding: 'deflate, gzip', pack: (text: string) => gzipSync(deflateSync(text)) },
]) {
  test(`request() undoes ${name}`, async () => {
    const body = pack('television '.repeat(1000))
    await using server = await startRaw((_, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    await using client = aClient()
    const answer = await client.request(server.url, typed())
    assert.equal((await answer.text(20_000)).length, 11_000)
  })
}

test('request() refuses a small answer that unpacks into a large one', async () => {
  const body = gzipSync(new Uint8Array(4 * 1024 * 1024))
  await using server = await startRaw((_, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`)
    socket.write(body)
  })
  await using client = aClient()
  const answer = await client.request(server.url, typed())
  await assert.rejects(answer.bytes(1024 * 1024), failsWith('source/bad-answer'))
})

for (const { name, head, body } of [
  { name: 'with a length', head: 'Content-Length: 10', body: 'abc' },
  { name: 'in chunks', head: 'Transfer-Encoding: chunked', body: '3\r\nabc\r\n' },
  { name: 'that is packed', head: 'Content-Length: 50\r\nContent-Encoding: gzip', body: '\u001f\u008b' },
]) {
  test(`request() notices that an answer ${name} was cut off`, async () => {
    await using server = await startRaw((_, socket) => {
      socket.end(Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`, 'latin1'))
    })
    await using client = aClient()
    const answer = await client.request(server.url, typed())
    await assert.rejects(answer.text(100), failsWith('source/bad-answer'))
  })
}

test('request() takes an answer without length to its end', async () => {
  await using server = await startRaw((_, socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))
  await using client = aClient()
  assert.equal(await (await client.request(server.url, typed())).text(100), 'all of it')
})

test('request() keeps connections for the next request, and none for streams', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = aClient()
  for (let index = 0; index < 3; index++) await (await client.request(server.url, typed())).text(9)
  assert.equal(server.connections(), 1)
  const stream = await client.request(server.url, typed({ stream: true }))
  stream.close()
  assert.equal(server.connections(), 2)
  await eventually(() => server.open() === 1, 'the stream is closed')
})

test('request() tries once more when a kept connection was closed meanwhile', async () => {
  await using server = await startRaw((head, socket) => {
    if (head.startsWith('GET /second') && server.connections() === 1) socket.destroy()
    else socket.write(ok('x'))
  })
  await using client = aClient()
  await (await client.request(server.url, typed())).text(9)
  assert.equal(await (await client.request(new URL('/second', server.url), typed())).text(9), 'x')
  assert.equal(server.connections(), 2)
})

test('request() sends the login of the URL, and headers in their spelling', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = aClient({ headers: { 'X-User-Agent': 'Model: MAG' } })
  const url = new URL(server.url)
  url.username = 'u'
  url.password = 'p%40%' // with a bare "%": not an encoding
  ;(await client.request(url, typed({ headers: { 'user-agent': 'Box' } }))).close()
  const [head = ''] = server.heads
  assert.match(head, /\r\nAuthorization: Basic dTpwJTQwJQ==\r\n/)
  assert.match(head, /\r\nX-User-Agent: Model: MAG\r\n/)
  assert.equal(head.match(/user-agent: (?!Model)/gi)?.length, 1)
  assert.match(head, /\r\nuser-agent: Box\r\n/)
})

test('request() sends nothing of its own when it should not', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = aClient()
  ;(await client.request(server.url, typed({ bare: true, headers: { 'X-Only': '1' } }))).close()
  const names = (server.heads[0] ?? '')
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(':')[0])
  assert.deepEqual(names.toSorted(), ['Connection', 'Host', 'X-Only'])
})

test('request() follows redirects, keeps login and headers on the same host only', async () => {
  await using other = await startRaw((_, socket) => socket.write(ok('there')))
  await using server = await startRaw((head, socket) => {
    if (head.startsWith('GET /b')) socket.write(redirectTo(`http://localhost:${other.port}/c`))
    else socket.write(redirectTo(`http://127.0.0.1:${server.port}/b`))
  })
  await using client = aClient({ allowHosts: ['localhost'], headers: { 'X-Key': 'k' } })
  const url = new URL(server.url)
  url.username = 'u'
  const headers = { Cookie: 'mac=1', Referer: 'http://page', Authorization: 'Bearer t' }
  const answer = await client.request(url, typed({ headers }))
  assert.equal(await answer.text(9), 'there')
  assert.equal(answer.url.pathname, '/c')
  const [, second = ''] = server.heads
  assert.match(second, /Bearer t/)
  assert.match(second, /mac=1/)
  const [third = ''] = other.heads
  assert.match(third, /Referer: http:\/\/page/)
  assert.match(third, /User-Agent: test/)
  assert.doesNotMatch(third, /Authorization|Cookie|X-Key/i)
})

test('request() asks for the headers of each hop', async () => {
  await using server = await startRaw((head, socket) =>
    socket.write(head.startsWith('GET /b') ? ok('x') : redirectTo('/b')),
  )
  await using client = aClient()
  const answer = await client.request(server.url, typed({ bare: true, headers: (url) => ({ 'X-Path': url.pathname }) }))
  answer.close()
  assert.deepEqual(
    server.heads.map((head) => /X-Path: (\S+)/.exec(head)?.[1]),
    ['/', '/b'],
  )
})

test('request() gives up after so many redirects', async () => {
  await using server = await startRaw((_, socket) => socket.write(redirectTo('/again')))
  await using client = aClient()
  await assert.rejects(client.request(server.url, typed({ redirects: 3 })), failsWith('source/bad-answer'))
  assert.equal(server.heads.length, 4)
})

test('request() hands over a redirect that is not to be followed', async () => {
  await using server = await startRaw((_, socket) => socket.write(redirectTo('/b')))
  await using client = aClient()
  const answer = await client.request(server.url, typed({ redirects: 0 }))
  answer.close()
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/b'])
})

for (const target of ['file:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1/', 'http://[bad', 'data:,x']) {
  test(`request() does not follow a redirect to ${target}`, async () => {
    await using server = await startRaw((_, socket) => socket.write(redirectTo(target)))
    await using client = aClient()
    await assert.rejects(client.request(server.url, typed()), failsWith('source/bad-answer', 'source/not-supported'))
  })
}

for (const target of [
  'http://169.254.169.254/latest/meta-data',
  'http://[fd00:ec2::254]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://0.0.0.0/',
  'http://[::]/',
  'http://224.0.0.1/',
  'http://2852039166/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
]) {
  test(`request() goes to ${target} for nobody`, async () => {
    await using server = await startRaw((_, socket) => socket.write(redirectTo(target)))
    await using client = aClient({ allowHosts: ['169.254.169.254', '0.0.0.0/0', '::/0'] })
    await assert.rejects(client.request(new URL(target), typed()), failsWith('source/forbidden-address'))
    await assert.rejects(client.request(server.url, typed()), failsWith('source/forbidden-address'))
  })
}

for (const host of [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  'localhost',
  'LOCALHOST.',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '10.0.0.1',
  '192.168.0.1',
  '100.64.3.4',
  '[fc00::1]',
]) {
  test(`request() goes to ${host} only if it was typed or is allowed`, async () => {
    await using server = await startRaw((_, socket) => socket.write(ok('x')))
    await using client = aClient({ typedHosts: ['tv.example.org'] })
    const url = new URL(`http://${host}:${server.port}/`)
    await assert.rejects(client.request(url, answered()), failsWith('source/forbidden-address'))
    assert.equal(server.connections(), 0)
  })
}

test('request() goes to a host of an answer that is the typed one or allowed by name, address or range', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  for (const options of [
    { typedHosts: ['127.0.0.1'] },
    { typedHosts: [], allowHosts: ['127.0.0.1'] },
    { typedHosts: [], allowHosts: ['127.0.0.0/8'] },
  ]) {
    await using client = aClient(options)
    assert.equal(await (await client.request(server.url, answered())).text(9), 'x')
  }
})

test('request() looks at the addresses of names, and connects to those alone', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  const asked: string[] = []
  const names: Readonly<Record<string, readonly { address: string; family: 4 | 6 }[]>> = {
    'rebound.example.org': [{ address: '127.0.0.1', family: 4 }],
    'mixed.example.org': [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ],
  }
  const resolve = async (host: string) => {
    asked.push(host)
    return names[host] ?? []
  }
  await using client = aClient({ typedHosts: ['mixed.example.org'], resolve })
  const rebound = new URL(`http://rebound.example.org:${server.port}/`)
  await assert.rejects(client.request(rebound, answered()), failsWith('source/forbidden-address'))
  assert.equal(server.connections(), 0)
  const mixed = await client.request(new URL(`http://mixed.example.org:${server.port}/`), typed())
  assert.equal(await mixed.text(9), 'x')
  assert.match(server.heads[0] ?? '', /Host: mixed\.example\.org:\d+\r\n/)
  await assert.rejects(client.request(new URL('http://unknown.example.org/'), typed()), failsWith('source/unreachable'))
  assert.deepEqual(asked, ['rebound.example.org', 'mixed.example.org', 'unknown.example.org'])
})

test('request() never calls this program itself', async () => {
  await using server = await startRaw((_, socket) => socket.write(ok('x')))
  await using client = aClient({ ownPorts: () => [server.port], allowHosts: ['localhost'] })
  for (const host of ['127.0.0.1', 'localhost', '127.0.0.2', '[::1]'])
    await assert.rejects(
      client.request(new URL(`http://${host}:${server.port}/`), typed()),
      failsWith('source/forbidden-address'),
    )
  assert.equal(server.connections(), 0)
})

test('request() says when nobody listens', async () => {
  const server = await startRaw(() => {})
  await server[Symbol.asyncDispose]()
  await using client = aClient()
  await assert.rejects(client.request(server.url, typed()), failsWith('source/unreachable'))
})

test('request() says when the answer is no HTTP', async () => {
  await using server = await startRaw((_, socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'))
  await using client = aClient()
  await assert.rejects(client.request(server.url, typed()), failsWith('source/bad-answer'))
})

test('request() waits so long for the head of an answer and no longer', async () => {
  await using server = await startRaw(() => {})
  const timers = createManualTimers()
  await using client = aClient({ timers })
  const asking = client.request(server.url, typed({ headersMs: 700 }))
  asking.catch(() => {}) // looked at below
  await eventually(() => server.heads.length === 1, 'it is asked')
  timers.advance(701)
  await assert.rejects(asking, failsWith('source/timeout'))
  await eventually(() => server.open() === 0, 'the connection is closed')
  assert.equal(timers.pending(), 0)
})

test('request() waits so long for the next bytes of a body, and only while they are wanted', async () => {
  await using server = await startRaw((_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nbegin'))
  const timers = createManualTimers()
  await using client = aClient({ timers })
  const answer = await client.request(server.url, typed({ idleMs: 500 }))
  const body = answer.body[Symbol.asyncIterator]()
  assert.equal((await body.next()).done, false)
  timers.advance(10_000)
  const next = body.next()
  next.catch(() => {}) // looked at below
  await eventually(() => timers.pending() === 1, 'it waits')
  timers.advance(501)
  await assert.rejects(next, failsWith('source/timeout'))
  await eventually(() => server.open() === 0, 'the connection is closed')
})

test('request() ends with the reason of its signal, before and after the head', async () => {
  await using server = await startRaw((head, socket) => {
    if (head.startsWith('GET /body')) socket.write('HTTP/1.1 200 OK\r\n\r\nbegin')
  })
  await using client = aClient()
  const reason = new Error('no longer wanted')
  const before = new AbortController()
  const asking = client.request(server.url, typed({ signal: before.signal }))
  asking.catch(() => {}) // looked at below
  await eventually(() => server.heads.length === 1, 'it is asked')
  before.abort(reason)
  await assert.rejects(asking, (error) => error === reason)

  const after = new AbortController()
  const answer = await client.request(new URL('/body', server.url), typed({ signal: after.signal }))
  const reading = answer.text(100)
  reading.catch(() => {}) // looked at below
  after.abort(reason)
  await assert.rejects(reading, (error) => error === reason)
  await eventually(() => server.open() === 0, 'all connections are closed')
})

test('request() closes the connection when the body is left', async () => {
  await using server = await startRaw((_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nbegin'))
  await using client = aClient()
  const answer = await client.request(server.url, typed())
  for await (const _ of answer.body) break
  await eventually(() => server.open() === 0, 'the connection is closed')
})

test('flow() hands out what comes and tells the end once, unless it was closed by us', async () => {
  await using server = await startRaw((head, socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nbegin')
    if (head.startsWith('GET /end')) socket.end()
  })
  await using client = aClient()
  const ends: unknown[] = []
  let bytes = 0
  const sink = {
    data: (chunk: Uint8Array) => void (bytes += chunk.length),
    end: (cause: unknown) => void ends.push(cause),
  }
  ;(await client.request(new URL('/end', server.url), typed({ stream: true }))).flow(sink)
  await eventually(() => ends.length === 1, 'the end is told')
  assert.deepEqual([bytes, ends], [5, [null]])

  const endless = await client.request(server.url, typed({ stream: true }))
  endless.flow(sink)
  await eventually(() => bytes === 10, 'bytes come')
  endless.close()
  await eventually(() => server.open() === 0, 'the connection is closed')
  assert.equal(ends.length, 1)
})

test('request() keeps cookies for their host when asked to', async () => {
  await using server = await startRaw((_, socket) =>
    socket.write(ok('x', 'Set-Cookie: sid=1; Path=/\r\nSet-Cookie: b=2\r\n')),
  )
  await using client = aClient({ cookies: true, allowHosts: ['localhost'] })
  for (const host of ['127.0.0.1', '127.0.0.1', 'localhost'])
    await (await client.request(new URL(`http://${host}:${server.port}/`), typed())).text(9)
  assert.deepEqual(
    server.heads.map((head) => /Cookie: (.*)\r\n/.exec(head)?.[1]),
    [undefined, 'sid=1; b=2', undefined],
  )
})

test('request() refuses to work after disposal and ends what runs', async () => {
  await using server = await startRaw(() => {})
  const client = aClient()
  const asking = client.request(server.url, typed())
  asking.catch(() => {}) // looked at below
  await eventually(() => server.heads.length === 1, 'it is asked')
  await client[Symbol.asyncDispose]()
  await assert.rejects(asking, failsWith('live/stopped'))
  await assert.rejects(client.request(server.url, typed()), failsWith('live/stopped'))
  await eventually(() => server.open() === 0, 'the connection is closed')
})

test('failures tell no part of a URL but the host', async () => {
  await using server = await startRaw((head, socket) => {
    if (head.startsWith('GET /live/user1')) socket.write(redirectTo('http://10.1.1.1/live/user2/secret2/1.ts?token=t3'))
    else socket.destroy()
  })
  await using client = aClient()
  for (const path of ['/live/user1/secret1/1.ts', '/other/secret1']) {
    const url = new URL(path, server.url)
    url.username = 'user9'
    url.password = 'secret9'
    const failure = await client.request(url, typed()).catch((error: unknown) => error)
    assert.ok(failure instanceof Failure)
    assert.doesNotMatch(`${failure.message} ${JSON.stringify(failure.facts)}`, /user\d|secret|t3/)
  }
})
