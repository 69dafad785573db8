import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN, cookieOf, fakeChannel, fakeHouse } from '../fakes/gateway.ts'

const GROUPS = ['One', 'Two', 'Three']

async function house() {
  const channels = GROUPS.map((name, index) => fakeChannel(index + 1, { groups: [name] }))
  const groups = GROUPS.map((name, order) => ({ name, order }))
  const made = fakeHouse({ accounts: [ADMIN], lineup: { revision: '7', channels, groups } })
  const cookie = await cookieOf(made, 'Jo')
  return { ...made, ask: (path: string) => made.get(`/api/v1${path}`, cookie), cookie }
}

test('GET /api/v1/groups gives all groups, or the window that was asked for, and counts them', async () => {
  const { ask } = await house()
  const namesOf = async (path: string) => {
    const { total, revision, items } = await (await ask(path)).json()
    assert.deepEqual([total, revision], [3, '7'])
    return (items as readonly { name: string }[]).map(({ name }) => name)
  }
  assert.deepEqual(await namesOf('/groups'), GROUPS)
  assert.deepEqual(await namesOf('/groups?offset=1&limit=1'), ['Two'])
  assert.deepEqual(await namesOf('/groups?offset=9'), [])
})

for (const { path, detail } of [
  { path: '/groups?ofset=1', detail: 'Cannot read the query: "ofset" is not known here, did you mean "offset"?' },
  { path: '/tokens?secret=1', detail: 'Cannot read the query: "secret" is not known here' },
  { path: `/channels?${'x'.repeat(100)}=1`, detail: `Cannot read the query: "${'x'.repeat(40)}…" is not known here` },
]) {
  test(`readQuery() refuses a parameter that nobody knows: ${path.slice(0, 30)}`, async () => {
    const response = await (await house()).ask(path)
    assert.equal(response.status, 400)
    assert.equal((await response.json()).detail, detail)
  })
}

for (const { body, detail } of [
  { body: { nam: 'x' }, detail: 'Cannot read the body: "nam" is not known here, did you mean "name"?' },
  { body: {}, detail: 'Cannot read the body: "name" is missing' },
  { body: { name: 'x', owner: 'y' }, detail: 'Cannot read the body: "owner" is not known here' },
]) {
  test(`readJson() says which key is wrong or missing: ${JSON.stringify(body)}`, async () => {
    const { send, cookie } = await house()
    const response = await send('POST', '/api/v1/tokens', body, cookie)
    assert.equal(response.status, 400)
    assert.equal((await response.json()).detail, detail)
  })
}
