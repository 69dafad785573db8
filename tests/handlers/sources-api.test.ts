import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../core/errors.ts'
import type { AccountSeat, SourceDesk, SourceEvent, TestWish } from '../../core/lineup/source-check.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import type { SourceStatus } from '../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../fakes/gateway.ts'
import { notice } from '../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../core/notices/sources.ts'

const AT = Date.UTC(2026, 10, 21, 20)
const refused = new Failure('source/login', 'The panel does not know http://u:secret@panel.example/ any more')
const event = { at: AT, kind: 'refresh', ms: 12, problem: refused } as const satisfies SourceEvent
const source: SourceStatus = {
  id: sourceId('panel'),
  kind: 'xtream',
  name: 'Panel',
  state: 'failing',
  slots: { total: 2, used: 0 },
  channels: 0,
  lastRefresh: null,
  problem: refused,
  answered: true,
}

const ends = notice(SOURCE_NOTICES, 'account/ends', { day: '2026-12-01' }, { source: 'Panel' })

const SEAT: AccountSeat = {
  place: 2,
  inUse: 1,
  limit: 1,
  state: 'refused',
  until: AT,
  problem: refused,
  expires: { text: 'March 5', at: null },
}

function openHouse() {
  const wishes: TestWish[] = []
  const sourceDesk: SourceDesk = {
    history: () => ({ events: [event, { ...event, at: AT - 1, problem: null }], lastGood: AT - 1, lastError: event }),
    notices: () => [ends],
    seats: () => [SEAT],
    async test(_id, wish) {
      wishes.push(wish)
      return [{ userAgent: null, steps: [{ asked: 'log-in', ms: 5, facts: { maxConnections: 2 }, problem: null }] }]
    },
  }
  const house = fakeHouse({ accounts: [ADMIN, VIEWER], sources: [source], gateway: { sourceDesk } })
  return { ...house, wishes }
}

test('GET /api/v1/sources shows admins the last error with its advice, and no address', async () => {
  const house = openHouse()
  const response = await house.get('/api/v1/sources', await cookieOf(house, 'Jo'))
  const text = await response.text()
  const [item] = JSON.parse(text).items
  assert.equal(item.health.lastError.problem.code, 'source/login')
  assert.notEqual(item.health.lastError.problem.advice ?? item.health.lastError.problem.title, '')
  assert.deepEqual([item.health.good, item.health.bad, item.health.since], [1, 1, '2026-11-21T19:59:59.999Z'])
  assert.ok(!text.includes('secret'))
})

test('GET /api/v1/sources shows viewers names and states only', async () => {
  const house = openHouse()
  const cookie = await cookieOf(house, 'Anna')
  const short = { id: 'panel', name: 'Panel', state: 'failing' }
  assert.deepEqual(await (await house.get('/api/v1/sources', cookie)).json(), { total: 1, items: [short] })
  assert.deepEqual(await (await house.get('/api/v1/sources/panel', cookie)).json(), short)
  assert.equal((await house.send('POST', '/api/v1/sources/panel/test', {}, cookie)).status, 403)
})

test('GET /api/v1/sources/{id} shows the history and what the owner should know', async () => {
  const house = openHouse()
  const body = await (await house.get('/api/v1/sources/panel', await cookieOf(house, 'Jo'))).json()
  assert.deepEqual(body.notices, [ends])
  assert.deepEqual(
    body.events.map((one: { at: string; problem: unknown }) => [one.at, one.problem === null]),
    [
      ['2026-11-21T20:00:00.000Z', false],
      ['2026-11-21T19:59:59.999Z', true],
    ],
  )
  assert.equal((await house.get('/api/v1/sources/nobody', await cookieOf(house, 'Jo'))).status, 404)
})

test('POST /api/v1/sources/{id}/test asks as configured and as the named programs', async () => {
  const house = openHouse()
  const cookie = await cookieOf(house, 'Jo')
  const send = (body: unknown) => house.send('POST', '/api/v1/sources/panel/test', body, cookie)
  const response = await send({ userAgent: 'VLC/3.0', stream: true })
  assert.deepEqual(await response.json(), {
    sourceId: 'panel',
    answers: [
      {
        userAgent: null,
        ok: true,
        steps: [{ asked: 'log-in', ms: 5, facts: { maxConnections: 2 }, problem: null }],
      },
    ],
  })
  await send({ userAgent: ['a', 'b'] })
  assert.deepEqual(house.wishes, [
    { userAgents: ['VLC/3.0'], stream: true, askedBy: 'Jo' },
    { userAgents: ['a', 'b'], stream: false, askedBy: 'Jo' },
  ])
})

test('POST /api/v1/sources/{id}/test refuses what no header may hold, and too many programs', async () => {
  const house = openHouse()
  const cookie = await cookieOf(house, 'Jo')
  for (const userAgent of ['a\r\nb', '', ['a', 'b', 'c', 'd', 'e']])
    assert.equal((await house.send('POST', '/api/v1/sources/panel/test', { userAgent }, cookie)).status, 400)
  assert.deepEqual(house.wishes, [])
})

test('GET /api/v1/sources/{id} tells of each account what is in use and why it rests, and neither its MAC nor an address', async () => {
  const house = openHouse()
  const text = await (await house.get(`/api/v1/sources/${source.id}`, await cookieOf(house, 'Jo'))).text()
  const [{ problem, ...seat }] = JSON.parse(text).seats
  assert.deepEqual(seat, {
    place: 2,
    inUse: 1,
    limit: 1,
    state: 'refused',
    until: new Date(AT).toISOString(),
    expires: { text: 'March 5', at: null },
  })
  assert.equal(problem.code, refused.code)
  const viewer = await (await house.get(`/api/v1/sources/${source.id}`, await cookieOf(house, 'Anna'))).json()
  assert.equal(viewer.seats, undefined)
})
