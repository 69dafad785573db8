import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

const BOB = {
  name: 'Bob',
  password: 'battery staple',
  maxStreams: 2,
  groups: ['News'],
  expires: '2027-01-31T00:00:00Z',
}
const basic = (name: string, password: string) => ({
  authorization: `Basic ${btoa(`${name}:${password}`)}`,
  ...STRANGER,
})

async function openHouse() {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
  return { house, jo: await cookieOf(house, 'jo'), anna: await cookieOf(house, 'anna') }
}

test('/api/v1/users is looked after by admins alone', async () => {
  const { house, anna } = await openHouse()
  for (const [method, path] of [
    ['GET', '/api/v1/users'],
    ['POST', '/api/v1/users'],
    ['GET', '/api/v1/users/jo'],
    ['PATCH', '/api/v1/users/anna'],
    ['DELETE', '/api/v1/users/jo'],
    ['GET', '/api/v1/users/jo/tokens'],
    ['POST', '/api/v1/users/jo/tokens'],
    ['DELETE', '/api/v1/users/jo/tokens/x'],
  ] as const) {
    assert.equal((await house.app.request(path, { method, headers: { host: 'localhost' } })).status, 401, path)
    assert.equal(
      (await house.app.request(path, { method, headers: { host: 'localhost', ...anna } })).status,
      403,
      `${method} ${path}`,
    )
  }
})

test('POST /api/v1/users adds a person, GET shows them without a word of the password', async () => {
  const { house, jo } = await openHouse()
  const response = await house.send('POST', '/api/v1/users', BOB, jo)
  assert.equal(response.status, 201)
  const bob = await response.json()
  assert.deepEqual(bob, {
    id: 'bob',
    name: 'Bob',
    role: 'viewer',
    maxStreams: 2,
    groups: ['News'],
    selections: null,
    adultLock: false,
    expires: '2027-01-31T00:00:00.000Z',
    managed: false,
    createdAt: '2026-11-21T20:20:00.000Z',
  })
  const { items } = await (await house.get('/api/v1/users', jo)).json()
  assert.deepEqual(
    items.map(({ name }: { name: string }) => name),
    ['Anna', 'Bob', 'Jo'],
  )
  assert.equal((await house.send('POST', '/api/v1/users', { ...BOB, name: 'BOB' }, jo)).status, 409)
})

test('PATCH /api/v1/users/{id} with If-Match loses no change of somebody else', async () => {
  const { house, jo } = await openHouse()
  const etag = (await house.get('/api/v1/users/anna', jo)).headers.get('etag') ?? ''
  const first = await house.send('PATCH', '/api/v1/users/anna', { maxStreams: 1 }, { ...jo, 'if-match': etag })
  assert.equal(first.status, 200)
  const second = await house.send('PATCH', '/api/v1/users/anna', { maxStreams: 9 }, { ...jo, 'if-match': etag })
  assert.deepEqual([second.status, (await second.json()).code], [412, 'access/user-changed'])
  assert.equal((await (await house.get('/api/v1/users/anna', jo)).json()).maxStreams, 1)
})

test('DELETE /api/v1/users/{id} ends sessions and links, and never takes the last admin', async () => {
  const { house, jo, anna } = await openHouse()
  const link = await (await house.send('POST', '/api/v1/users/anna/tokens', { name: 'Kodi' }, jo)).json()
  const path = `/t/${link.token}/playlist.m3u`
  assert.equal((await house.get(path, STRANGER)).status, 200)
  assert.equal((await house.get('/api/v1/users/anna', jo)).status, 200)
  assert.equal(
    (await house.app.request('/api/v1/users/anna', { method: 'DELETE', headers: { host: 'localhost', ...jo } })).status,
    204,
  )
  assert.equal((await house.get(path, STRANGER)).status, 403)
  assert.equal((await (await house.get('/api/v1/session', { ...STRANGER, ...anna })).json()).user, null)
  const last = await house.app.request('/api/v1/users/jo', { method: 'DELETE', headers: { host: 'localhost', ...jo } })
  assert.deepEqual([last.status, (await last.json()).code], [409, 'access/last-admin'])
})

test('a person looks after their own links and app passwords, and gives out no API tokens', async () => {
  const { house, anna } = await openHouse()
  assert.equal((await house.get('/api/v1/users/anna', anna)).status, 200)
  const made = await house.send('POST', '/api/v1/users/anna/tokens', { name: 'TiviMate', kind: 'app' }, anna)
  assert.equal(made.status, 201)
  const { id, token } = await made.json()
  assert.match(token, /^[a-km-np-z2-9]{26}$/)
  const { items } = await (await house.get('/api/v1/users/anna/tokens', anna)).json()
  assert.deepEqual(
    items.map(({ name, token: shown }: { name: string; token?: string }) => [name, shown]),
    [
      ['Anna', undefined],
      ['TiviMate', undefined],
    ],
  )
  const api = await house.send('POST', '/api/v1/users/anna/tokens', { name: 'x', kind: 'api' }, anna)
  assert.equal(api.status, 403)
  const gone = await house.app.request(`/api/v1/users/anna/tokens/${id}`, {
    method: 'DELETE',
    headers: { host: 'localhost', ...anna },
  })
  assert.equal(gone.status, 204)
})

test('HTTP Basic opens viewing routes with a password or an app password, and nothing of the API', async () => {
  const { house, jo } = await openHouse()
  const app = await (await house.send('POST', '/api/v1/users/anna/tokens', { name: 'VLC', kind: 'app' }, jo)).json()
  for (const password of ['correct horse', app.token]) {
    const caller = await (await house.get('/playlist.m3u', basic('Anna', password))).json()
    assert.deepEqual([caller.user, caller.role, caller.mayWatch], ['Anna', 'viewer', true])
    assert.match(caller.prefix, /^\/t\//)
  }
  assert.equal((await house.get('/api/v1/tokens', basic('Jo', 'correct horse'))).status, 401)
})

test('a wrong pair and no pair are asked to sign in alike, unless a browser calls', async () => {
  const { house } = await openHouse()
  for (const headers of [basic('Anna', 'wrong'), basic('Nobody', 'wrong'), STRANGER]) {
    const answer = await house.get('/playlist.m3u', headers)
    assert.deepEqual([answer.status, answer.headers.get('www-authenticate')?.slice(0, 5)], [401, 'Basic'])
    assert.equal(await answer.text(), '')
  }
  const browser = await house.get('/playlist.m3u', { ...STRANGER, 'sec-fetch-mode': 'cors' })
  assert.deepEqual([browser.status, browser.headers.get('www-authenticate')], [401, null])
})

test('an API token that may read cannot change anything', async () => {
  const { house, jo } = await openHouse()
  const made = await house.send('POST', '/api/v1/tokens', { name: 'Grafana', kind: 'api', scope: 'read' }, jo)
  const bearer = { authorization: `Bearer ${(await made.json()).token}`, ...STRANGER }
  assert.equal((await house.get('/api/v1/users', bearer)).status, 200)
  assert.equal((await house.send('POST', '/api/v1/users', BOB, bearer)).status, 403)
})
