import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../../core/access/audit.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

/** A house whose book is in memory. */
async function open() {
  const entries: AuditEntry[] = []
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    gateway: {
      audit: {
        write: (entry) => Promise.resolve(void entries.push({ ...entry, id: entries.length + 1 })),
        read: ({ limit, before = Infinity }) =>
          Promise.resolve(
            entries
              .filter(({ id }) => id < before)
              .toReversed()
              .slice(0, limit),
          ),
      },
    },
  })
  return { house, entries, jo: await cookieOf(house, 'jo'), anna: await cookieOf(house, 'anna') }
}

test('changes by the API are written down with who made them, and without a word of the body', async () => {
  const { house, entries, jo } = await open()
  await house.send(
    'POST',
    '/api/v1/users',
    { name: 'Bob', password: 'battery staple' },
    { ...jo, ...STRANGER, origin: 'http://localhost:18080' },
  )
  const last = entries.at(-1)
  assert.deepEqual(
    [last?.who, last?.by, last?.address, last?.action, last?.status],
    ['Jo', 'session', '203.0.113.9', 'POST /api/v1/users', 201],
  )
  assert.ok(!JSON.stringify(entries).includes('battery'))
})

test('signing in is written down with the name, reading and refusals are not', async () => {
  const { house, entries, jo, anna } = await open()
  assert.deepEqual(
    entries.map(({ who, action }) => [who, action]),
    [
      ['Jo', 'POST /api/v1/session'],
      ['Anna', 'POST /api/v1/session'],
    ],
  )
  await house.get('/api/v1/users', jo)
  await house.send('POST', '/api/v1/users', { name: 'Bob', password: 'battery staple' }, anna)
  await house.send('POST', '/api/v1/session', { name: 'jo', password: 'wrong' })
  assert.equal(entries.length, 2)
})

test('GET /api/v1/audit is for admins, newest first, in windows', async () => {
  const { house, jo, anna } = await open()
  assert.equal((await house.get('/api/v1/audit', anna)).status, 403)
  assert.equal((await house.get('/api/v1/audit', STRANGER)).status, 401)
  const { items } = await (await house.get('/api/v1/audit?limit=1', jo)).json()
  assert.deepEqual(
    items.map(({ id, who, at }: AuditEntry) => [id, who, at]),
    [[2, 'Anna', '2026-11-21T20:20:00.000Z']],
  )
  const rest = await (await house.get('/api/v1/audit?before=2', jo)).json()
  assert.equal(rest.items.length, 1)
})
