import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

/** The doors themselves. */
const OPEN = new Set(['GET /api/v1/session', 'POST /api/v1/session', 'DELETE /api/v1/session', 'POST /api/v1/setup'])

/** Every operation of the API, with something in the place of each parameter. */
function operations(house: ReturnType<typeof fakeHouse>): readonly { method: string; path: string }[] {
  const seen = new Map<string, { method: string; path: string }>()
  for (const { method, path } of house.app.routes) {
    if (!path.startsWith('/api/v1/') || path.includes('*') || method === 'ALL') continue
    const real = path.replaceAll(/:[A-Za-z]+(\{[^}]*\})?/g, 'c1')
    seen.set(`${method} ${real}`, { method, path: real })
  }
  return [...seen.values()]
}

const ask = (
  house: ReturnType<typeof fakeHouse>,
  { method, path }: { method: string; path: string },
  headers: object,
) =>
  house.app.request(path, {
    method,
    headers: { host: 'localhost:18080', 'content-type': 'application/json', ...headers },
    ...(method !== 'GET' && { body: '{}' }),
  })

test('a stranger gets 401 from every operation of the API but the doors', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const all = operations(house)
  assert.ok(all.length > 40, `only ${all.length} operations were found`)
  for (const operation of all) {
    const name = `${operation.method} ${operation.path}`
    if (OPEN.has(name)) continue
    assert.equal((await ask(house, operation, STRANGER)).status, 401, name)
  }
})

test('a page of another site changes nothing with the cookie of an admin', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const jo = await cookieOf(house, 'jo')
  for (const operation of operations(house)) {
    if (operation.method === 'GET') continue
    for (const foreign of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example.org' }]) {
      const answer = await ask(house, operation, { ...jo, ...foreign })
      assert.equal(answer.status, 403, `${operation.method} ${operation.path}`)
    }
  }
})

test('a viewer changes nothing of the house', async () => {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
  const anna = await cookieOf(house, 'anna')
  for (const operation of operations(house)) {
    if (operation.method === 'GET' || OPEN.has(`${operation.method} ${operation.path}`)) continue
    const answer = await ask(house, operation, anna)
    assert.ok([401, 403, 404].includes(answer.status), `${operation.method} ${operation.path}: ${answer.status}`)
  }
})
