import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNetwork } from '../../core/access/network.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../fakes/gateway.ts'

const LOGIN = { name: 'jo', password: 'correct horse' }

test('GET /api/v1/session tells everybody who they are and what is possible here', async () => {
  const house = fakeHouse({ gateway: { addresses: () => ['http://192.168.1.5:18080'] } })
  assert.deepEqual(await (await house.get('/api/v1/session')).json(), {
    user: null,
    role: null,
    mayWatch: true,
    prefix: '',
    setupNeeded: true,
    anonymous: 'loopback',
    qualities: ['original', 'audio', '720p', '480p', 'radio'],
    addresses: ['http://192.168.1.5:18080'],
    desk: false,
  })
  const stranger = await (await house.get('/api/v1/session', STRANGER)).json()
  assert.deepEqual([stranger.mayWatch, stranger.addresses], [false, []])
})

test('POST /api/v1/session signs in with a cookie that scripts and other sites cannot use', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const response = await house.send('POST', '/api/v1/session', LOGIN)
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), { user: 'Jo', role: 'admin', expiresAt: '2026-12-21T20:20:00.000Z' })
  const cookie = response.headers.get('set-cookie') ?? ''
  assert.match(cookie, /^downlink_session=k1\./)
  assert.match(cookie, /; Path=\/(;|$)/)
  assert.match(cookie, /; HttpOnly/)
  assert.match(cookie, /; SameSite=Lax/)
  assert.match(cookie, /; Expires=Mon, 21 Dec 2026 20:20:00 GMT/)
  assert.doesNotMatch(cookie, /; Secure/)
  const session = await (await house.get('/api/v1/session', { ...STRANGER, ...(await cookieOf(house, 'jo')) })).json()
  assert.deepEqual([session.user, session.role, session.mayWatch], ['Jo', 'admin', true])
})

for (const { name, gateway, headers } of [
  {
    name: 'a public https address',
    gateway: {
      publicUrl: 'https://tv.example.org',
      rules: { anonymous: 'none' as const, trustedProxies: [], hosts: ['tv.example.org'] },
    },
    headers: { host: 'tv.example.org' },
  },
  {
    name: 'a trusted proxy that says https',
    gateway: {
      rules: { anonymous: 'none' as const, trustedProxies: [parseNetwork('10.0.0.1') ?? assert.fail()], hosts: [] },
    },
    headers: { 'x-test-peer': '10.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' },
  },
]) {
  test(`POST /api/v1/session makes the cookie Secure behind ${name}`, async () => {
    const house = fakeHouse({ accounts: [ADMIN], gateway })
    const response = await house.send('POST', '/api/v1/session', LOGIN, headers)
    assert.match(response.headers.get('set-cookie') ?? '', /; Secure/)
  })
}

test('POST /api/v1/session signs in at home by the address in the LAN, beside a public https address', async () => {
  const house = fakeHouse({ accounts: [ADMIN], gateway: { publicUrl: 'https://tv.example.org' } })
  const response = await house.send('POST', '/api/v1/session', LOGIN, {
    host: '192.168.1.5:18080',
    origin: 'http://192.168.1.5:18080',
  })
  assert.equal(response.status, 200)
  assert.doesNotMatch(response.headers.get('set-cookie') ?? 'none', /; Secure/)
})

test('POST /api/v1/session takes our own page behind a proxy that does not say https', async () => {
  const house = fakeHouse({
    accounts: [ADMIN],
    gateway: { rules: { anonymous: 'none', trustedProxies: [], hosts: ['nas.local'] } },
  })
  const response = await house.send('POST', '/api/v1/session', LOGIN, {
    host: 'nas.local',
    origin: 'https://nas.local',
  })
  assert.equal(response.status, 200)
})

test('POST /api/v1/session does not believe an untrusted peer that it speaks https', async () => {
  const response = await fakeHouse({ accounts: [ADMIN] }).send('POST', '/api/v1/session', LOGIN, {
    'x-forwarded-proto': 'https',
  })
  assert.doesNotMatch(response.headers.get('set-cookie') ?? 'none', /; Secure/)
})

for (const { name, body, headers, status, code } of [
  {
    name: 'a wrong password',
    body: { ...LOGIN, password: 'hunter2' },
    headers: {},
    status: 401,
    code: 'access/wrong-password',
  },
  {
    name: 'an unknown name',
    body: { ...LOGIN, name: 'nobody' },
    headers: {},
    status: 401,
    code: 'access/wrong-password',
  },
  { name: 'a missing field', body: { name: 'jo' }, headers: {}, status: 400, code: 'http/bad-request' },
  { name: 'a field too many', body: { ...LOGIN, role: 'admin' }, headers: {}, status: 400, code: 'http/bad-request' },
  {
    name: 'a password that is no text',
    body: { ...LOGIN, password: ['hunter2'] },
    headers: {},
    status: 400,
    code: 'http/bad-request',
  },
  {
    name: 'a form of another site',
    body: LOGIN,
    headers: { 'content-type': 'text/plain' },
    status: 400,
    code: 'http/bad-request',
  },
  {
    name: 'a page of another site',
    body: LOGIN,
    headers: { 'sec-fetch-site': 'cross-site' },
    status: 403,
    code: 'access/forbidden',
  },
  {
    name: 'a page of a neighbouring name',
    body: LOGIN,
    headers: { 'sec-fetch-site': 'same-site' },
    status: 403,
    code: 'access/forbidden',
  },
  {
    name: 'another origin',
    body: LOGIN,
    headers: { origin: 'http://evil.example' },
    status: 403,
    code: 'access/forbidden',
  },
  {
    name: 'the same host on another port',
    body: LOGIN,
    headers: { origin: 'http://localhost:9999' },
    status: 403,
    code: 'access/forbidden',
  },
  { name: 'an origin that is hidden', body: LOGIN, headers: { origin: 'null' }, status: 403, code: 'access/forbidden' },
  {
    name: 'a body that is too large',
    body: { ...LOGIN, password: 'x'.repeat(70_000) },
    headers: {},
    status: 413,
    code: 'http/too-large',
  },
]) {
  test(`POST /api/v1/session refuses ${name}`, async () => {
    const response = await fakeHouse({ accounts: [ADMIN] }).send('POST', '/api/v1/session', body, headers)
    const text = await response.text()
    assert.deepEqual([response.status, JSON.parse(text).code], [status, code])
    assert.equal(response.headers.get('set-cookie'), null)
    assert.doesNotMatch(text, /hunter2/)
  })
}

for (const headers of [
  { origin: 'http://localhost:18080' },
  { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:18080' },
  { 'sec-fetch-site': 'none' },
  {},
]) {
  test(`POST /api/v1/session takes our own page, or a program, with ${JSON.stringify(headers)}`, async () => {
    assert.equal((await fakeHouse({ accounts: [ADMIN] }).send('POST', '/api/v1/session', LOGIN, headers)).status, 200)
  })
}

test('POST /api/v1/session answers 429 with Retry-After after too many tries, and logs no password', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  for (let n = 0; n < 5; n++) await house.send('POST', '/api/v1/session', { ...LOGIN, password: 'hunter2' })
  const response = await house.send('POST', '/api/v1/session', LOGIN)
  assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '30'])
  assert.equal(house.logged.filter(({ event }) => event === 'sign-in-refused').length, 6)
  assert.doesNotMatch(JSON.stringify(house.logged), /hunter2/)
})

test('POST /api/v1/session reads a broken body as a wrong request', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const response = await house.app.request('/api/v1/session', {
    method: 'POST',
    headers: { host: 'localhost', 'content-type': 'application/json' },
    body: '{"name":',
  })
  assert.equal(response.status, 400)
})

test('DELETE /api/v1/session ends the session for good and takes the cookie away', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const cookie = await cookieOf(house, 'jo')
  const response = await house.get('/api/v1/session', cookie, 'DELETE')
  assert.equal(response.status, 204)
  assert.match(response.headers.get('set-cookie') ?? '', /^downlink_session=;.*Max-Age=0/)
  assert.equal((await (await house.get('/api/v1/session', cookie)).json()).user, null)
})

test('POST /api/v1/setup makes the owner with the code from the console, once', async () => {
  const house = fakeHouse()
  const wrong = await house.send('POST', '/api/v1/setup', { code: 'WRONG', name: 'Jo', password: 'correct horse' })
  assert.deepEqual([wrong.status, (await wrong.json()).code], [403, 'access/setup-code'])
  const right = await house.send('POST', '/api/v1/setup', {
    code: house.setup.text,
    name: 'Jo',
    password: 'correct horse',
  })
  assert.equal(right.status, 201)
  assert.match(right.headers.get('set-cookie') ?? '', /^downlink_session=/)
  const again = await house.send('POST', '/api/v1/setup', {
    code: house.setup.text,
    name: 'Eve',
    password: 'correct horse',
  })
  assert.deepEqual([again.status, (await again.json()).code], [409, 'access/setup-done'])
  assert.equal((await (await house.get('/api/v1/session')).json()).setupNeeded, false)
})

test('POST /api/v1/setup refuses every code after ten wrong ones', async () => {
  const house = fakeHouse()
  for (let n = 0; n < 10; n++) {
    assert.equal((await house.send('POST', '/api/v1/setup', { code: 'WRONG', password: 'correct horse' })).status, 403)
  }
  assert.equal(
    (await house.send('POST', '/api/v1/setup', { code: house.setup.text, password: 'correct horse' })).status,
    403,
  )
})

test('a session of another role opens what that role opens', async () => {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
  const viewer = await cookieOf(house, 'anna')
  const response = await house.get('/api/v1/tokens', viewer)
  assert.deepEqual([response.status, (await response.json()).code], [403, 'access/forbidden'])
  assert.equal((await house.get('/api/v1/tokens', await cookieOf(house, 'jo'))).status, 200)
})

test('an API token is an admin on the API, and a wrong one is nobody', async () => {
  const house = fakeHouse()
  const token = (await house.tokens.add({ kind: 'api', name: 'Script' })).token.reveal()
  assert.equal((await house.get('/api/v1/tokens', { ...STRANGER, authorization: `Bearer ${token}` })).status, 200)
  assert.equal((await house.get('/metrics', { ...STRANGER, authorization: `Bearer ${token}` })).status, 200)
  for (const authorization of [`Bearer ${token}x`, 'Bearer x', 'Bearer ', 'Basic am86eA==']) {
    assert.equal((await house.get('/api/v1/tokens', { authorization })).status, 401)
  }
})
