import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../../core/errors.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'
import { ownJobs } from '../../fakes/memory-jobs.ts'

async function aHouse() {
  const { jobs, clock } = ownJobs()
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { jobs } })
  const cookie = await cookieOf(made, 'Jo')
  const failed = jobs.run({ kind: 'source-refresh', subject: 'panel', name: 'Panel', askedBy: null }, () =>
    Promise.reject(new Failure('source/login', 'http://u:secret@panel.example/ refuses')),
  )
  await failed.done.catch(() => {})
  clock.now += 60_000
  const running = jobs.run(
    { kind: 'guide-import', subject: 'europe', name: 'Europe', askedBy: 'Jo' },
    ({ signal, report }) => {
      report({ step: 'fetching', done: 10, total: 100, unit: 'bytes' })
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    },
  )
  return { ...made, cookie, jobs, running }
}

test('GET /api/v1/jobs lists jobs, the newest first, without any address', async () => {
  const house = await aHouse()
  const response = await house.get('/api/v1/jobs', house.cookie)
  const text = await response.text()
  assert.ok(!text.includes('secret'))
  const { total, items } = JSON.parse(text)
  assert.equal(total, 2)
  assert.deepEqual(items[0], {
    id: 'j2',
    kind: 'guide-import',
    subject: 'europe',
    name: 'Europe',
    askedBy: 'Jo',
    state: 'running',
    cancelling: false,
    queuedAt: '2026-11-21T12:01:00.000Z',
    startedAt: '2026-11-21T12:01:00.000Z',
    endedAt: null,
    progress: { step: 'fetching', done: 10, total: 100, unit: 'bytes' },
    facts: {},
    problem: null,
  })
  assert.deepEqual([items[1].state, items[1].problem.code], ['failed', 'source/login'])
  assert.notEqual(items[1].problem.advice, undefined)
})

for (const { query, ids } of [
  { query: 'state=failed', ids: ['j1'] },
  { query: 'kind=guide-import', ids: ['j2'] },
  { query: 'subject=panel', ids: ['j1'] },
  { query: 'state=done', ids: [] },
  { query: 'offset=1&limit=5', ids: ['j1'] },
]) {
  test(`GET /api/v1/jobs?${query} finds some of them`, async () => {
    const house = await aHouse()
    const { items } = await (await house.get(`/api/v1/jobs?${query}`, house.cookie)).json()
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ids,
    )
  })
}

test('GET /api/v1/jobs refuses a state that there is not', async () => {
  const house = await aHouse()
  const answer = await house.get('/api/v1/jobs?state=asleep', house.cookie)
  assert.deepEqual([answer.status, (await answer.json()).code], [400, 'http/bad-request'])
})

test('DELETE /api/v1/jobs/{id} tells a job to end', async () => {
  const house = await aHouse()
  const told = await house.get('/api/v1/jobs/j2', house.cookie, 'DELETE')
  assert.equal(told.status, 202)
  await assert.rejects(house.running.done, { code: 'job/cancelled' })
  assert.equal((await (await house.get('/api/v1/jobs/j2', house.cookie)).json()).state, 'cancelled')
  const over = await house.get('/api/v1/jobs/j1', house.cookie, 'DELETE')
  assert.deepEqual([over.status, (await over.json()).code], [409, 'job/over'])
})

test('jobs are for admins, and a front has none', async () => {
  const house = await aHouse()
  const anna = await cookieOf(house, 'Anna')
  for (const [method, path] of [
    ['GET', '/api/v1/jobs'],
    ['GET', '/api/v1/jobs/j2'],
    ['DELETE', '/api/v1/jobs/j2'],
  ] as const) {
    assert.equal((await house.get(path, anna, method)).status, 403)
    assert.equal((await house.get(path, STRANGER, method)).status, 401)
  }
  assert.equal((await house.get('/api/v1/jobs/j9', house.cookie)).status, 404)
  const front = fakeHouse({ accounts: [ADMIN] })
  assert.equal((await front.get('/api/v1/jobs', await cookieOf(front, 'Jo'))).status, 404)
})
