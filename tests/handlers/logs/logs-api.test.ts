import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogDesk } from '../../../core/logs/log-desk.ts'
import { createLogRing } from '../../../core/logs/log-ring.ts'
import type { Change } from '../../../handlers/gateway.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'

/** A house whose log the test writes. */
async function aHouse() {
  const ring = createLogRing()
  const logs = createLogDesk({ ring, level: () => 'info', now: () => house.clock.now })
  const house = fakeHouse({
    accounts: [ADMIN, VIEWER],
    gateway: {
      logs,
      changes: { subscribe: (listener: (change: Change) => void) => logs.onLine(() => listener({ kind: 'log' })) },
    },
  })
  const write = (event: string, facts: object = {}, level: 'info' | 'warn' = 'info'): void => {
    ring.add({ at: house.clock.now, level, event, facts: JSON.stringify(facts) })
    logs.told()
  }
  return { house, write, jo: await cookieOf(house, 'Jo'), anna: await cookieOf(house, 'Anna') }
}

test('/logs gives a window of what the filter in the query means, newest first', async () => {
  const { house, write, jo } = await aHouse()
  write('relay-opened', { channelId: 'c1' })
  write('relay-failed', { channelId: 'c2', code: 'live/stalled' }, 'warn')
  write('relay-failed', { channelId: 'c1', code: 'live/stalled' }, 'warn')
  const answer = await house.get('/api/v1/logs?level=warn&text=stalled&limit=1', jo)
  assert.deepEqual(await answer.json(), {
    total: 2,
    until: 3,
    level: 'info',
    items: [
      {
        id: 3,
        at: '2026-11-21T20:20:00.000Z',
        level: 'warn',
        event: 'relay-failed',
        facts: { channelId: 'c1', code: 'live/stalled' },
      },
    ],
  })
  const { items } = await (await house.get('/api/v1/logs?channel=c1&until=2', jo)).json()
  assert.deepEqual(
    items.map(({ id }: { id: number }) => id),
    [1],
  )
})

for (const { query, says } of [
  { query: 'level=loud', says: /"level" should be/ },
  { query: 'chanel=c1', says: /did you mean "channel"/ },
  { query: 'from=yesterday', says: /"from" should be/ },
  { query: 'limit=501', says: /"limit" should be/ },
]) {
  test(`/logs refuses "${query}" and says why`, async () => {
    const { house, jo } = await aHouse()
    const answer = await house.get(`/api/v1/logs?${query}`, jo)
    assert.equal(answer.status, 400)
    assert.match((await answer.json()).detail, says)
  })
}

test('/logs is for admins, and a 404 where no log is kept', async () => {
  const { house, anna, jo } = await aHouse()
  assert.equal((await house.get('/api/v1/logs', anna)).status, 403)
  assert.equal((await house.send('PUT', '/api/v1/logs/tail', { level: 'info' }, anna)).status, 403)
  const { logs: _, ...without } = house.gateway
  const bare = fakeHouse({ accounts: [ADMIN], gateway: without })
  assert.equal((await bare.get('/api/v1/logs', await cookieOf(bare, 'Jo'))).status, 404)
  assert.equal((await house.get('/api/v1/logs', jo)).status, 200)
})

test('/events tells new lines to those alone who asked for them, and counts what was too much', async () => {
  const { house, write, jo } = await aHouse()
  write('before')
  const events = await house.get('/api/v1/events', jo)
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.ok(reader)
  let text = ''
  const readUntil = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(text)) text += (await reader.read()).value ?? ''
  }
  await readUntil(/event: lineup/)
  write('unasked')
  const asked = await house.send('PUT', '/api/v1/logs/tail', { level: 'warn' }, jo)
  assert.deepEqual(await asked.json(), { until: '2026-11-21T20:21:00.000Z', newest: 2 })
  write('quiet')
  for (let count = 0; count < 130; count++) write('loud', { count }, 'warn')
  await readUntil(/event: log\ndata: .*\n/)
  await reader.cancel()
  const { lines, leftOut, newest } = JSON.parse(/event: log\ndata: (.*)\n/.exec(text)?.[1] ?? '')
  assert.deepEqual([lines.length, leftOut, newest], [100, 30, 133])
  assert.deepEqual([lines[0].facts.count, lines[99].facts.count], [30, 129])
  assert.doesNotMatch(text, /unasked|quiet/)
})
