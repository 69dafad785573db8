import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperationCaller } from '../../../handlers/openapi/operation.ts'
import { OPERATIONS } from '../../../handlers/openapi/operations.ts'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import { cookieOf, VIEWER } from '../../fakes/gateway.ts'
import { wholeHouse } from '../../fakes/whole-house.ts'

// Every route of the whole house, tried by everybody: the table below says who may (contract §3.1). A route that is not
// in the table by its prefix is one for players, so that a new one is closed until somebody says otherwise here.

const INTERNET = { 'x-test-peer': '203.0.113.9', host: '192.168.1.5:18080' }
const LAN = { 'x-test-peer': '192.168.1.77', host: '192.168.1.5:18080' }
const LOOPBACK = { 'x-test-peer': '127.0.0.1', host: 'localhost:18080' }
const OTHER_SITE = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }

type RouteKind = OperationCaller | 'watching' | 'metrics'

/** What callers are let into; `house`: their name beside the anonymous ones. All others get 401 or 403. */
const MAY: Readonly<Record<string, readonly RouteKind[]>> = {
  'anonymous from the internet': ['everybody'],
  'anonymous in the LAN': ['everybody'],
  'anonymous on this machine': ['everybody', 'watcher', 'watching', 'metrics'],
  'behind a proxy that nobody trusts': ['everybody'],
  'a page of another site on this machine': ['everybody'],
  'viewing token as an API token': ['everybody'],
  'app password as an API token': ['everybody'],
  'wrong API token': ['everybody'],
  'session of a viewer': ['everybody', 'watcher', 'watching', 'viewer'],
  'session of an admin': ['everybody', 'watcher', 'watching', 'viewer', 'self', 'admin', 'metrics'],
  'API token': ['everybody', 'watcher', 'viewer', 'self', 'admin', 'metrics'],
}

/** Concrete paths: every parameter gets something that is there, or could be. */
const SEGMENTS: Readonly<Record<string, string>> = {
  id: 'c1',
  kind: 'source',
  name: 'All',
  channelId: 'c1',
  sourceId: 'receiver',
  tokenId: 'none',
  serviceReference: '1:0:19:1:3EF:1:C00000:0:0:0:',
  number: '1',
  series: 's1',
  season: '1',
  path: 'video.m3u8',
  code: 'nothing1',
  client: 'kodi',
  user: 'nobody',
  password: 'wrong',
  minutes: '60',
  start: '2026-11-21:20-00',
  tuner: 'tuner0',
}

function fileOf(pattern: string, prefix: string): string {
  if (prefix.endsWith('/groups/')) return 'All.m3u'
  if (prefix.endsWith('/assets/')) return 'x.js'
  return pattern.includes('m3u8') && !pattern.includes('ts') ? 'c1.m3u8' : pattern.includes('\\.ts') ? '1.ts' : '1'
}

/** The route with something in place of its parameters; braces of patterns may be nested. */
function concrete(route: string): string {
  let path = route
  for (let at = path.indexOf('/:'); at >= 0; at = path.indexOf('/:', at + 1)) {
    const name = /^\w+/.exec(path.slice(at + 2))?.[0] ?? ''
    const start = at + 2 + name.length
    let end = start
    for (let depth = 0; path[end] === '{' || depth > 0; end++) {
      if (path[end] === '{') depth++
      if (path[end] === '}') depth--
    }
    const pattern = path.slice(start, end)
    const value = name === 'file' ? fileOf(pattern, path.slice(0, at + 1)) : (SEGMENTS[name] ?? 'x')
    path = `${path.slice(0, at + 1)}${value}${path.slice(end)}`
  }
  return path
}

const OPEN =
  /^\/(healthz|readyz|setup|status|guide|channels|groups|streams|streaming|dashboard|alerts|log|movies|series|sources|users|system|schedules(\/[^/]+)?|player\/[^/]+\/[^/]+|assets\/[^/]+)?$/
/** Their callers say name and password, or a code, themselves. */
const NAMED = /^\/(\w+\.php|streaming\/|timeshift|x\/|(live\/)?nobody\/wrong\/|(movie|series)\/nobody\/)/

function kindOf(path: string): RouteKind | 'named' {
  if (OPEN.test(path)) return 'everybody'
  if (path === '/metrics') return 'metrics'
  return NAMED.test(path) ? 'named' : 'watching'
}

type Route = { readonly method: string; readonly path: string; readonly kind: RouteKind | 'named' }

async function walk() {
  const house = await wholeHouse()
  const tokenOf = async (kind: 'viewing' | 'api' | 'app', scope: 'read' | 'write' = 'write') =>
    (
      await house.tokens.add({ kind, name: `A ${kind} token`, scope, ...(kind === 'app' && { owner: 'Jo' }) })
    ).token.reveal()
  const bearer = (token: string) => ({ ...INTERNET, authorization: `Bearer ${token}` })
  const viewing = await tokenOf('viewing')
  const callers: Readonly<Record<string, Record<string, string>>> = {
    'anonymous from the internet': INTERNET,
    'anonymous in the LAN': LAN,
    'anonymous on this machine': LOOPBACK,
    'behind a proxy that nobody trusts': { ...LOOPBACK, 'x-forwarded-for': '127.0.0.1' },
    'a page of another site on this machine': { ...LOOPBACK, 'sec-fetch-site': 'cross-site' },
    'viewing token as an API token': bearer(viewing),
    'app password as an API token': bearer(await tokenOf('app')),
    'wrong API token': bearer('nothing.like.it'),
    'session of a viewer': { ...INTERNET, ...(await cookieOf(house, 'Anna')) },
    'session of an admin': { ...INTERNET, ...(await cookieOf(house, 'Jo')) },
    'API token': bearer(await tokenOf('api')),
  }
  const routes = house.app.routes
    .filter(({ method, path }) => !/^(ALL|OPTIONS)$/.test(method) && !/^\/(api|s|t)(\/|$)/.test(path))
    .map(({ method, path }): Route => ({ method, path: concrete(path), kind: kindOf(concrete(path)) }))
  const operations = OPERATIONS.map(({ method, path, segments = {}, caller }): Route => ({
    method: method.toUpperCase(),
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(segments[name]?.example ?? 'x')),
    kind: caller,
  }))
  const all = new Map([...routes, ...operations].map((route) => [`${route.method} ${route.path}`, route]))
  const documents = ['/api/docs', '/api/docs/style.css'].map((path): Route => ({ method: 'GET', path, kind: 'viewer' }))
  const ask = async (method: string, path: string, headers: Record<string, string>) => {
    const ending = new AbortController()
    const response = await house.app.request(path, { method, headers, signal: ending.signal })
    if (path.endsWith('/events')) await response.body?.cancel()
    return response
  }
  return { house, callers, routes: [...all.values(), ...documents], ask, viewing, tokenOf }
}

// What undoes the sign-in of the walker itself.
const isSuicide = ({ method, path }: Route): boolean => method === 'DELETE' && path === '/api/v1/session'
const isRefusal = (status: number): boolean => status === 401 || status === 403
const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD'

for (const [name, may] of Object.entries(MAY)) {
  test(`every route and operation for ${name}`, async () => {
    const { callers, routes, ask } = await walk()
    const headers = callers[name]
    assert.ok(headers)
    assert.ok(routes.length > 120, 'the walk sees the whole house')
    const wrong: string[] = []
    for (const route of routes) {
      const { method, path, kind } = route
      if (kind === 'named' || isSuicide(route)) continue
      const { status } = await ask(method, path, headers)
      const fromOtherSite = name.startsWith('a page of another') && path.startsWith('/api/') && !isSafe(method)
      const isMeant = may.includes(kind) && !fromOtherSite
      if (isRefusal(status) === isMeant || status === 500) wrong.push(`${method} ${path} (${kind}): ${status}`)
    }
    assert.deepEqual(wrong, [])
  })
}

test('a viewing token opens every route for players and nothing else; a wrong one opens nothing', async () => {
  const { routes, ask, viewing } = await walk()
  const wrong: string[] = []
  for (const { method, path, kind } of routes) {
    const good = (await ask(method, `/t/${viewing}${path}`, INTERNET)).status
    if (
      kind === 'watching'
        ? isRefusal(good) || good >= 500 !== (good === 503 || good === 504)
        : good !== 404 && good !== 405
    )
      if (path !== '/xmltv.php') wrong.push(`${method} /t/good${path} (${kind}): ${good}`)
    const bad = (await ask(method, `/t/${viewing.slice(0, -2)}xx${path}`, LOOPBACK)).status
    if (bad !== 403) wrong.push(`${method} /t/wrong${path}: ${bad}`)
  }
  assert.deepEqual(wrong, [])
})

test('a signed link that is wrong opens nothing, whoever holds it', async () => {
  const { house, callers, ask } = await walk()
  const linked = house.app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/s/:token/'))
  const paths = new Set(
    linked.map(({ method, path }) => `${method} ${concrete(path.replace('/s/:token', '/s/wrong'))}`),
  )
  assert.ok(paths.size > 8)
  for (const headers of Object.values(callers)) {
    for (const one of paths) {
      const [method = '', path = ''] = one.split(' ')
      if (method === 'OPTIONS') continue
      assert.equal((await ask(method, path, headers)).status, 403, one)
    }
  }
})

test('routes that ask for name and password themselves show nothing to a wrong pair, on this machine either', async () => {
  const { routes, ask } = await walk()
  const named = routes.filter(({ kind }) => kind === 'named')
  assert.ok(named.length > 10)
  for (const { method, path } of named) {
    const query = path.includes('.php') ? '?username=nobody&password=wrong&action=get_live_streams&stream=1' : ''
    const response = await ask(method, `${path}${query}`, LOOPBACK)
    assert.ok(response.status < 500, `${method} ${path}: ${response.status}`)
    assert.doesNotMatch(await response.text(), /One HD|Two/, `${method} ${path}`)
  }
})

test('an API token that may only read changes nothing', async () => {
  const { routes, ask, tokenOf } = await walk()
  const headers = { ...INTERNET, authorization: `Bearer ${await tokenOf('api', 'read')}` }
  for (const { method, path } of routes) {
    if (!path.startsWith('/api/')) continue
    const { status } = await ask(method, path, headers)
    if (isSafe(method)) assert.ok(!isRefusal(status), `${method} ${path}: ${status}`)
    else assert.equal(status, 403, `${method} ${path}`)
  }
})

test('a page of another site changes nothing in the name of an admin, and learns nothing through its own name', async () => {
  const { routes, callers, ask } = await walk()
  const admin = { ...callers['session of an admin'], ...OTHER_SITE }
  const rebound = { ...callers['session of an admin'], 'x-test-peer': '127.0.0.1', host: 'evil.test' }
  for (const { method, path } of routes) {
    if (path.startsWith('/api/') && !isSafe(method))
      assert.equal((await ask(method, path, admin)).status, 403, `${method} ${path}`)
    if (!/^\/(healthz|readyz)$/.test(path))
      assert.equal((await ask(method, path, rebound)).status, 421, `${method} ${path}`)
  }
})

test('a viewer reads and looks after themselves, and nobody else', async () => {
  const { callers, ask } = await walk()
  const anna = callers['session of a viewer'] ?? {}
  assert.equal((await ask('GET', '/api/v1/users/anna', anna)).status, 200)
  assert.equal((await ask('GET', '/api/v1/users/anna/tokens', anna)).status, 200)
  assert.equal((await ask('PATCH', '/api/v1/users/anna', anna)).status, 403)
  assert.equal((await ask('GET', '/api/v1/users/jo', anna)).status, 403)
  assert.equal((await ask('GET', '/api/v1/users/jo/tokens', anna)).status, 403)
  assert.equal((await ask('POST', '/api/v1/users/jo/tokens', anna)).status, 403)
})

test('somebody restricted to one group gets nothing else from any route or operation, by any proof', async () => {
  const { house, routes, ask, tokenOf } = await walk()
  const limits = { ...NO_LIMITS, groups: ['Another'] }
  house.accounts.put({ ...VIEWER, limits })
  const own = async (kind: 'viewing' | 'api' | 'app') =>
    (await house.tokens.add({ kind, name: 'Own', owner: 'Anna' })).token.reveal()
  const [viewing, app] = [await own('viewing'), await own('app')]
  const proofs: readonly (readonly [string, Record<string, string>])[] = [
    ['', await cookieOf(house, 'Anna')],
    ['', { authorization: `Bearer ${await own('api')}` }],
    ['', { authorization: `Basic ${btoa(`Anna:${app}`)}` }],
    [`/t/${viewing}`, {}],
  ]
  for (const [root, headers] of proofs)
    for (const route of routes) {
      if (!isSafe(route.method) || /\/(events|docs|openapi)/.test(route.path) || OPEN.test(route.path)) continue
      const path = root + route.path.replace('nobody/wrong', `Anna/${app}`)
      const query = path.includes('.php') ? `?username=Anna&password=${app}&action=get_live_streams&stream=1` : ''
      const response = await ask(route.method, path + query, { ...INTERNET, ...headers })
      const told = (await response.text()) + (response.headers.get('location') ?? '')
      assert.doesNotMatch(told, /One HD|\bTwo\b|"c[12]"|\/c[12]\b/, `${route.method} ${path}`)
      assert.notEqual(response.headers.get('x-downlink-error'), 'live/no-signal', `${route.method} ${path} was opened`)
    }
  // The walk is about something: who may see them gets them.
  const all = await (await ask('GET', `/t/${await tokenOf('viewing')}/playlist.m3u`, INTERNET)).text()
  assert.match(all, /One HD/)
})
