import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import fc from 'fast-check'
import { reservedSegments } from '../../core/access/reserved-segments.ts'
import { Failure } from '../../core/errors.ts'
import { createApp } from '../../handlers/app.ts'
import type { Env } from '../../handlers/env.ts'
import type { Gateway } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER } from '../fakes/gateway.ts'

/** An app with one player's route. */
const appOf = (gateway: Gateway, path: string, handler: () => Response | Promise<Response>) =>
  createApp(gateway, { viewing: [() => new Hono<Env>().get(path, handler)], linked: [] })

const link = (house: ReturnType<typeof fakeHouse>, channelId = 'c1') =>
  house.signer.sign(
    { kind: 'channel', channelId, user: 'Anna' },
    { expires: Math.floor(house.clock.now / 1000) + 60, jti: 'A'.repeat(22) },
  )

test('createApp() shows players the same faces at / and behind a viewing token', async () => {
  const house = fakeHouse()
  const { token } = await house.tokens.add({ kind: 'viewing', name: 'Kodi' })
  const here = await (await house.get('/live/c1.ts')).json()
  const there = await (await house.get(`/t/${token.reveal()}/live/c1.ts`, STRANGER)).json()
  assert.deepEqual([here.file, here.kind, here.prefix], ['c1.ts', 'anonymous', ''])
  assert.deepEqual(
    [there.file, there.kind, there.user, there.prefix],
    ['c1.ts', 'token', 'Kodi', `/t/${token.reveal()}`],
  )
})

for (const path of [
  '/nothing',
  '/live',
  '/live/',
  '/guide',
  '/index.html',
  '/api',
  '/api/v1/nothing',
  '/assets/x.js',
  '/t',
  '/s',
  '/PLAYLIST.m3u',
]) {
  test(`createApp() answers 404 to ${path} and never a page`, async () => {
    const response = await fakeHouse().get(path)
    assert.equal(response.status, 404)
    assert.doesNotMatch(response.headers.get('content-type') ?? '', /html/)
  })
}

test('createApp() answers an unknown path of the API with a problem document, of players with an empty body', async () => {
  const house = fakeHouse()
  const api = await house.get('/api/v1/nothing')
  assert.equal(api.headers.get('content-type'), 'application/problem+json')
  assert.equal((await api.json()).code, 'http/not-found')
  const player = await house.get('/nothing')
  assert.equal(await player.text(), '')
  assert.equal(player.headers.get('x-downlink-error'), 'http/not-found')
})

test('createApp() answers unknown paths with 404 to strangers too, not with 401', async () => {
  assert.equal((await fakeHouse().get('/nothing', STRANGER)).status, 404)
})

test('createApp() answers 405 with Allow where only the method is wrong', async () => {
  const house = fakeHouse()
  const response = await house.get('/playlist.m3u', {}, 'POST')
  assert.equal(response.status, 405)
  assert.equal(response.headers.get('x-downlink-error'), 'http/method')
  assert.match(response.headers.get('allow') ?? '', /\bGET\b/)
  assert.equal((await (await house.get('/api/v1/session', {}, 'PUT')).json()).code, 'http/method')
})

for (const path of ['/live/c1.ts', '/playlist.m3u', '/groups/All.m3u']) {
  test(`createApp() lets web players of any origin read ${path}, without credentials`, async () => {
    const house = fakeHouse()
    for (const response of [await house.get(path), await house.get(path, STRANGER)]) {
      assert.equal(response.headers.get('access-control-allow-origin'), '*')
      assert.equal(response.headers.get('access-control-expose-headers'), 'X-Downlink-Error, Retry-After')
      assert.equal(response.headers.get('access-control-allow-credentials'), null)
      assert.equal(response.headers.get('content-security-policy'), null)
      assert.equal(response.headers.get('cross-origin-resource-policy'), null)
    }
    const preflight = await house.get(
      path,
      { ...STRANGER, 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' },
      'OPTIONS',
    )
    assert.equal(preflight.status, 204)
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /\bGET\b/)
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'range')
  })
}

test('createApp() adds its headers to a response whose own cannot be changed', async () => {
  const { gateway } = fakeHouse()
  const response = await appOf(gateway, '/frozen', () => Response.redirect('http://localhost/elsewhere', 302)).request(
    '/frozen',
    {
      headers: { host: 'localhost' },
    },
  )
  assert.equal(response.status, 302)
  assert.equal(response.headers.get('location'), 'http://localhost/elsewhere')
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
})

test('createApp() never offers the API to other origins', async () => {
  const house = fakeHouse()
  assert.equal((await house.get('/api/status')).headers.get('access-control-allow-origin'), null)
  const preflight = await house.get('/api/v1/session', { 'access-control-request-method': 'POST' }, 'OPTIONS')
  assert.equal(preflight.headers.get('access-control-allow-methods'), null)
})

for (const { name, path, headers, status } of [
  { name: 'a stranger', path: '/live/c1.ts', headers: STRANGER, status: 401 },
  { name: 'a stranger at the playlist', path: '/playlist.m3u', headers: STRANGER, status: 401 },
  {
    name: 'a neighbour, when only this machine may',
    path: '/live/c1.ts',
    headers: { 'x-test-peer': '192.168.1.20' },
    status: 401,
  },
  { name: 'a page of another site', path: '/live/c1.ts', headers: { 'sec-fetch-site': 'cross-site' }, status: 401 },
  {
    name: 'a caller behind a proxy nobody trusts',
    path: '/live/c1.ts',
    headers: { 'x-forwarded-for': '127.0.0.1' },
    status: 401,
  },
  { name: 'a wrong token', path: '/t/k1.aaaaaaaa.bbb/live/c1.ts', headers: {}, status: 403 },
]) {
  test(`createApp() does not show television to ${name}`, async () => {
    const response = await fakeHouse().get(path, headers)
    assert.equal(response.status, status)
    assert.equal(await response.text(), '')
    assert.match(response.headers.get('x-downlink-error') ?? '', /^access\//)
  })
}

test('createApp() lets a signed-in person watch, with the own token in every URL', async () => {
  const house = fakeHouse({
    accounts: [ADMIN],
    gateway: { rules: { anonymous: 'none', trustedProxies: [], hosts: [] } },
  })
  const caller = await (await house.get('/playlist.m3u', { ...(await cookieOf(house, 'jo')), ...STRANGER })).json()
  assert.deepEqual([caller.kind, caller.user, caller.role, caller.mayWatch], ['session', 'Jo', 'admin', true])
  const again = await (await house.get(`${caller.prefix}/playlist.m3u`, STRANGER)).json()
  assert.deepEqual([again.kind, again.user, again.prefix], ['token', 'Jo', caller.prefix])
})

test('a viewing token opens viewing routes only', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const token = (await house.tokens.add({ kind: 'viewing', name: 'Kodi' })).token.reveal()
  for (const path of ['/api/status', '/api/v1/tokens', '/metrics', '/healthz', '/']) {
    assert.equal((await house.get(`/t/${token}${path}`, STRANGER)).status, 404, path)
  }
  assert.equal((await house.get('/api/v1/tokens', { ...STRANGER, authorization: `Bearer ${token}` })).status, 401)
})

test('a signed link opens its channel, as a caller of its own kind', async () => {
  const house = fakeHouse()
  const token = await link(house)
  const caller = await (await house.get(`/s/${token}/live/c1.ts`, STRANGER)).json()
  assert.deepEqual(
    [caller.kind, caller.user, caller.role, caller.mayWatch, caller.prefix, caller.linkSession, caller.address],
    ['link', 'Anna', null, true, `/s/${token}`, 'A'.repeat(22), '203.0.113.9'],
  )
  assert.equal((await house.get(`/s/${token}/hls/c1/video.m3u8`, STRANGER)).status, 200)
})

test('a signed link answers every misuse with the same 403', async () => {
  const house = fakeHouse()
  const good = await link(house)
  const stopped = await house.signer.sign(
    { kind: 'channel', channelId: 'c1', user: null },
    { expires: 9_999_999_999, jti: 'B'.repeat(22) },
  )
  const expired = await house.signer.sign(
    { kind: 'channel', channelId: 'c1', user: null },
    { expires: 1, jti: 'C'.repeat(22) },
  )
  house.links.stop('B'.repeat(22))
  const paths = [
    `/s/${good}/live/c2.ts`,
    `/s/${good}/live/c1.mp4`,
    `/s/${good}/playlist.m3u`,
    `/s/${good}/snapshot/lineup`,
    `/s/${good}/nothing`,
    `/s/${good.slice(0, -1)}${good.endsWith('A') ? 'E' : 'A'}/live/c1.ts`,
    `/s/${stopped}/live/c1.ts`,
    `/s/${expired}/live/c1.ts`,
    '/s/x/live/c1.ts',
  ]
  for (const path of paths) {
    const response = await house.get(path)
    assert.equal(response.status, 403, path)
    assert.equal(response.headers.get('x-downlink-error'), 'access/bad-link')
    assert.equal(await response.text(), '')
  }
})

test('a signed link works under any host name, since its token is the secret', async () => {
  const house = fakeHouse()
  const token = await link(house)
  assert.equal((await house.get(`/s/${token}/live/c1.ts`, { host: 'home.example.org' })).status, 200)
})

for (const { role, open, closed } of [
  { role: 'all', open: ['/healthz', '/metrics', '/api/status', '/playlist.m3u'], closed: [] },
  {
    role: 'adapter',
    open: ['/healthz', '/readyz', '/metrics'],
    closed: ['/api/status', '/api/v1/session', '/playlist.m3u', '/live/c1.ts', '/'],
  },
  {
    role: 'gateway',
    open: ['/healthz', '/readyz', '/api/status', '/playlist.m3u', '/live/c1.ts'],
    closed: ['/s/x/live/c1.ts'],
  },
] as const) {
  test(`createApp() offers what the role "${role}" offers, and nothing else`, async () => {
    const house = fakeHouse({ gateway: { role, ...(role === 'gateway' ? { links: null } : {}) } })
    for (const path of open) assert.equal((await house.get(path)).status, 200, path)
    for (const path of closed) assert.equal((await house.get(path)).status, 404, path)
    if (role !== 'gateway') assert.equal((await house.get(`/s/${await link(house)}/live/c1.ts`)).status, 200)
  })
}

for (const { host, status } of [
  { host: 'localhost:18080', status: 200 },
  { host: '192.168.1.5', status: 200 },
  { host: '[fd00::5]:18080', status: 200 },
  { host: 'nas.local', status: 200 },
  { host: 'evil.example', status: 421 },
  { host: 'nas.local.evil.example', status: 421 },
]) {
  test(`createApp() answers ${status} to the host name ${host}`, async () => {
    const house = fakeHouse({ gateway: { rules: { anonymous: 'loopback', trustedProxies: [], hosts: ['nas.local'] } } })
    assert.equal((await house.get('/playlist.m3u', { host })).status, status)
    assert.equal((await house.get('/healthz', { host })).status, 200)
  })
}

test('createApp() says on the API which host name is not ours', async () => {
  const response = await fakeHouse().get('/api/status', { host: 'evil.example:80' })
  assert.equal((await response.json()).detail, 'The name "evil.example" is not one of this house')
})

for (const path of [
  '/live/%2e%2e%2fc1.ts',
  '/live/c1%2ets',
  '/live/a%2Fb',
  '/live/a%5cb',
  '/live//c1.ts',
  '//live/c1.ts',
  '/live/c1.ts%00',
  '/hls/c1/..%2f..%2fx',
  '/t/x/groups/a//b.m3u',
]) {
  test(`createApp() refuses the path ${path}`, async () => {
    const response = await fakeHouse().app.fetch(
      new Request(`http://localhost${path}`, { headers: { host: 'localhost' } }),
    )
    assert.equal(response.status, 404)
  })
}

test('createApp() takes any character in the name of a group', async () => {
  const house = fakeHouse()
  for (const name of ['News/Sport', 'a\\b', 'Sat.1', 'ä ö', '100%', 'a?b#c']) {
    assert.deepEqual(await (await house.get(`/groups/${encodeURIComponent(`${name}.m3u`)}`)).json(), {
      group: `${name}.m3u`,
    })
  }
})

test('createApp() answers a bug with 500, an empty body or problem without detail, and logs its cause', async () => {
  const { gateway, logged } = fakeHouse()
  const response = await appOf(gateway, '/live/:file', () => {
    throw new Error('cannot reach http://root:hunter2@192.168.1.20/', { cause: new Error('deeper') })
  }).request('/live/c1.ts', {
    headers: { host: 'localhost' },
  })
  assert.equal(response.status, 500)
  assert.equal(await response.text(), '')
  assert.equal(response.headers.get('x-downlink-error'), 'http/bug')
  assert.equal(logged.length, 1)
  assert.match(JSON.stringify(logged), /deeper/)
  assert.doesNotMatch(JSON.stringify(logged), /hunter2/)
})

test("createApp() answers a failure of a player's face with its code, Retry-After and an empty body", async () => {
  const { gateway } = fakeHouse()
  const response = await appOf(gateway, '/live/:file', () =>
    Promise.reject(new Failure('live/no-slot', 'All 2 tuners are busy')),
  ).request('/live/c1.ts', {
    headers: { host: 'localhost' },
  })
  assert.deepEqual(
    [
      response.status,
      response.headers.get('x-downlink-error'),
      response.headers.get('retry-after'),
      await response.text(),
    ],
    [503, 'live/no-slot', '5', ''],
  )
})

test('createApp() answers whatever path is asked, without a bug', async () => {
  const house = fakeHouse()
  const segment = fc.oneof(
    fc.constantFrom(
      't',
      's',
      'live',
      'hls',
      'groups',
      'api',
      'v1',
      '..',
      '.',
      '',
      '%',
      '%zz',
      '%00',
      '%2e%2e',
      'c1.ts',
      '1:0:1',
    ),
    fc.webSegment(),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(segment, { maxLength: 5 }),
      fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'),
      async (segments, method) => {
        const url = `http://localhost/${segments.join('/')}`
        fc.pre(URL.canParse(url))
        const response = await house.app.fetch(
          new Request(url, { method, headers: { host: 'localhost', 'x-test-peer': '203.0.113.9' } }),
        )
        assert.ok(response.status < 500, `${response.status} ${url}`)
      },
    ),
    { numRuns: 300 },
  )
})

test('reservedSegments holds every fixed first segment of the routes', () => {
  const { app } = fakeHouse()
  const fixed = app.routes
    .map(({ path }) => path.split('/')[1] ?? '')
    .filter((segment) => segment !== '' && !/[*:{]/.test(segment))
  assert.deepEqual(new Set(fixed).difference(reservedSegments), new Set())
})
