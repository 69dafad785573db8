import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createWebClient, decodeText } from '../../../../adapters/sources/enigma2/web-client.ts'
import { isLocalHost } from '../../../../adapters/sources/enigma2/web-exchange.ts'
import { systemTimers } from '../../../../adapters/sources/timers.ts'
import { Failure } from '../../../../core/errors.ts'
import { Secret } from '../../../../core/secret.ts'
import { eventually } from '../../../conformance/source.ts'
import { makeSelfSigned } from '../../../fakes/receiver/self-signed.ts'
import { createManualTimers } from './manual-timers.ts'
import { failsWith, hasty, patience } from './receiver.ts'
import { startWeb } from './web-server.ts'

const PASSWORD = 'swordfish'
const selfSigned = makeSelfSigned('box')
const clientOf = (url: URL, more: Partial<Parameters<typeof createWebClient>[0]> = {}) =>
  createWebClient({ url, username: undefined, password: undefined, now: Date.now, timers: systemTimers, ...more })
const about = () => ({ path: 'api/about', priority: 'ui', signal: patience() }) as const

test('json() sends the login at once, asks for gzip and reads it', async () => {
  await using web = await startWeb(() => ({
    headers: { 'Content-Encoding': 'gzip' },
    body: gzipSync('{"a": "\u00e4"}'),
  }))
  const client = clientOf(web.url, { username: 'root', password: new Secret(PASSWORD) })
  assert.deepEqual(await client.json(about()), { a: 'ä' })
  const [request] = web.requests
  assert.equal(request?.headers.authorization, `Basic ${btoa(`root:${PASSWORD}`)}`)
  assert.equal(request?.headers['accept-encoding'], 'gzip')
})

test('json() keeps the cookie of the session, and takes a new one', async () => {
  let session = 0
  await using web = await startWeb(() => ({
    headers: { 'Set-Cookie': `TWISTED_SESSION=${++session}; Path=/` },
    body: '{}',
  }))
  const client = clientOf(web.url)
  for (let call = 0; call < 3; call++) await client.json(about())
  assert.deepEqual(
    web.requests.map(({ headers }) => headers.cookie),
    [undefined, 'TWISTED_SESSION=1', 'TWISTED_SESSION=2'],
  )
})

test('json() writes a query that a receiver reads', async () => {
  await using web = await startWeb(() => ({ body: '{}' }))
  const sRef = '1:7:1:0:0:0:0:0:0:0:FROM BOUQUET "a+b & ü.tv" ORDER BY bouquet'
  await clientOf(web.url).json({ ...about(), path: 'api/getservices', query: { sRef } })
  assert.equal(web.requests[0]?.query.get('sRef'), sRef)
})

test('json() stays below the path of an address', async () => {
  await using web = await startWeb(() => ({ body: '{}' }))
  await clientOf(new URL('/receiver', web.url)).json(about())
  assert.equal(web.requests[0]?.path, '/receiver/api/about')
})

test('createWebClient() sends one request at a time', async () => {
  let open = 0
  let most = 0
  await using web = await startWeb(async () => {
    most = Math.max(most, ++open)
    await new Promise((resolve) => setTimeout(resolve, 5)) // time enough for the others to come in
    open--
    return { body: '{}' }
  })
  const client = clientOf(web.url)
  await Promise.all(Array.from({ length: 5 }, () => client.json(about())))
  assert.deepEqual([web.requests.length, most], [5, 1])
})

for (const { name, status, body, login, code, words } of [
  {
    name: '401 without a login',
    status: 401,
    body: '<html>',
    login: false,
    code: 'source/login',
    words: /asks for a user name/,
  },
  {
    name: '401 with a login',
    status: 401,
    body: '<html>',
    login: true,
    code: 'source/login',
    words: /refuses the user name/,
  },
  {
    name: '403 by network',
    status: 403,
    body: '<h1>403.6 IP address rejected</h1>',
    login: true,
    code: 'source/subnet',
    words: /own network/,
  },
  { name: '404', status: 404, body: '<h1>Error 404</h1>', login: false, code: 'source/bad-answer', words: /404/ },
  { name: '500', status: 500, body: 'Traceback', login: false, code: 'source/bad-answer', words: /500/ },
  { name: 'a web page', status: 200, body: '<html>', login: false, code: 'source/bad-answer', words: /web page/ },
  { name: 'damaged data', status: 200, body: '{"a": ', login: false, code: 'source/bad-answer', words: /cut off/ },
] as const) {
  test(`json() explains ${name}`, async () => {
    await using web = await startWeb(() => ({ status, type: 'text/html', body }))
    const client = clientOf(web.url, login ? { username: 'root', password: new Secret(PASSWORD) } : {})
    await assert.rejects(client.json(about()), (error) => {
      failsWith(code)(error)
      assert.match(String(error), words)
      assert.doesNotMatch(String(error), new RegExp(PASSWORD))
      return true
    })
  })
}

test('json() explains a damaged gzip body and one that is too large when unpacked', async () => {
  const bodies = [Uint8Array.of(1, 2, 3), gzipSync('x'.repeat(9 * 1024 * 1024))]
  await using web = await startWeb(() => ({ headers: { 'Content-Encoding': 'gzip' }, body: bodies.shift() ?? '' }))
  const client = clientOf(web.url)
  await assert.rejects(client.json(about()), failsWith('source/bad-answer'))
  await assert.rejects(client.json(about()), failsWith('source/bad-answer'))
})

test('json() gives up an answer that is too large', async () => {
  await using web = await startWeb(() => ({ body: 'x'.repeat(9 * 1024 * 1024) }))
  await assert.rejects(clientOf(web.url).json(about()), failsWith('source/bad-answer'))
})

test('json() stops when it is no longer wanted', async () => {
  await using web = await startWeb(() => null)
  const abort = new AbortController()
  const call = clientOf(web.url).json({ ...about(), signal: abort.signal })
  call.catch(() => {}) // looked at below
  await eventually(() => web.requests.length === 1, 'the request is in')
  abort.abort(new Error('gone'))
  await assert.rejects(call, /gone/)
})

test('json() holds guide calls back after a timeout, longer each time', async () => {
  await using web = await startWeb(() => null)
  const timers = createManualTimers()
  const client = clientOf(web.url, { now: timers.now, timers })
  for (const backOff of [1000, 2000, 4000]) {
    const call = client.json(about())
    call.catch(() => {}) // looked at below
    const asked = web.requests.length
    await eventually(() => web.requests.length === asked + 1, 'the request is in')
    timers.advance(15_000)
    await assert.rejects(call, failsWith('source/timeout'))
    const abort = new AbortController()
    const guide = client.json({ ...about(), priority: 'guide', signal: abort.signal })
    guide.catch(() => {}) // only waits
    assert.equal(timers.soonest(), backOff)
    abort.abort()
    timers.advance(backOff)
  }
})

test('holdBackground() lets pages through and holds the guide', async () => {
  await using web = await startWeb(() => ({ body: '{}' }))
  const timers = createManualTimers()
  const client = clientOf(web.url, { now: timers.now, timers })
  client.holdBackground()
  const guide = client.json({ ...about(), path: 'api/epgservice', priority: 'guide' })
  await client.json(about())
  assert.deepEqual(
    web.requests.map(({ path }) => path),
    ['/api/about'],
  )
  timers.advance(3000)
  await guide
  assert.equal(web.requests.length, 2)
})

test('createWebClient() takes the certificate that a receiver made itself', async () => {
  await using web = await startWeb(() => ({ body: '{"ok": true}' }), selfSigned)
  assert.deepEqual(await clientOf(web.url).json(about()), { ok: true })
})

test('createWebClient() follows the box to its HTTPS port and stays there', async () => {
  await using safe = await startWeb(() => ({ body: '{"ok": true}' }), selfSigned)
  await using plain = await startWeb(({ path }) => ({
    status: 302,
    headers: { Location: new URL(path, safe.url).href },
    body: '',
  }))
  const client = clientOf(plain.url)
  assert.deepEqual(await client.json(about()), { ok: true })
  assert.deepEqual(await client.json(about()), { ok: true })
  assert.deepEqual([plain.requests.length, safe.requests.length], [1, 2])
})

test('createWebClient() follows a redirect neither to another host nor to plain HTTP', async () => {
  await using other = await startWeb(() => ({ body: '{}' }))
  const target = new URL(other.url)
  target.hostname = 'localhost'
  for (const location of [target.href, other.url.href]) {
    await using plain = await startWeb(() => ({ status: 302, headers: { Location: location }, body: '' }))
    await assert.rejects(clientOf(plain.url).json(about()), failsWith('source/bad-answer'))
  }
  assert.equal(other.requests.length, 0)
})

test('close() refuses what waits and what comes', async () => {
  await using web = await startWeb(() => null)
  const client = clientOf(web.url)
  const calls = [client.json(about()), client.json(about())]
  for (const call of calls) call.catch(() => {}) // looked at below
  await eventually(() => web.requests.length === 1, 'the request is in')
  client.close()
  for (const call of [...calls, client.json(about())]) await assert.rejects(call, failsWith('live/stopped'))
})

test('json() times out', async () => {
  await using web = await startWeb(() => null)
  await assert.rejects(clientOf(web.url, { timers: hasty }).json(about()), (error) => {
    assert.ok(error instanceof Failure)
    assert.equal(error.code, 'source/timeout')
    return true
  })
})

for (const { host, local } of [
  { host: '192.168.1.20', local: true },
  { host: '10.0.0.5', local: true },
  { host: '[fd00::1]', local: true },
  { host: '127.0.0.1', local: true },
  { host: 'vuduo4k', local: true },
  { host: 'box.fritz.box', local: true },
  { host: 'box.local', local: true },
  { host: '203.0.113.7', local: false },
  { host: 'box.example.org', local: false },
  { host: 'local.example.org', local: false },
]) {
  test(`isLocalHost() knows that ${host} is ${local ? 'at home' : 'elsewhere'}`, () => {
    assert.equal(isLocalHost(host), local)
  })
}

test('decodeText() reads UTF-8, and Windows-1252 where it is none, with the controls of DVB', () => {
  assert.equal(decodeText(new TextEncoder().encode('Küste')), 'Küste')
  assert.equal(decodeText(Uint8Array.of(0x4b, 0xfc, 0x80)), 'Kü€')
  assert.equal(decodeText(Uint8Array.of(0x86, 0xfc, 0x87, 0x8a)), '\u0086ü\u0087\u008a')
})
