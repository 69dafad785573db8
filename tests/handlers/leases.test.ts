import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { createKeyRing, parseLinkKeys } from '../../core/access/keys.ts'
import { createMemoryLeases } from '../../core/access/memory-leases.ts'
import { createCallSeal, createMemoryNonces } from '../../core/access/sealed-call.ts'
import { leaseRoutes } from '../../handlers/leases.ts'
import { errorHandler, problem } from '../../handlers/problem.ts'

const NOW = 1_790_000_000_000
const ring = createKeyRing(parseLinkKeys('k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'))
const LIST = JSON.stringify({ call: 'list', now: NOW })

function openFront() {
  let count = 0
  const now = (): number => NOW
  const random = (size: number): Uint8Array => new Uint8Array(size).fill((count += 1))
  const seal = createCallSeal({ ring, purpose: 'lease', now, random, nonces: createMemoryNonces(now) })
  const store = createMemoryLeases()
  const app = new Hono().route('/', leaseRoutes({ store, seal, now }))
  app.onError(errorHandler(() => {}, problem))
  const call = async (body: string, authorization?: string): Promise<Response> =>
    app.request('/leases', {
      method: 'POST',
      body,
      headers: { authorization: authorization ?? (await seal.seal(body)) },
    })
  return { app, call, seal, store }
}

const lease = { id: 'a', account: 'anna', device: 'tv', subject: 'c1', since: NOW, expiresAt: NOW + 20_000 }
const wish = { ...lease, limit: 1, mayReplace: true }

test('POST /leases carries out a sealed call', async () => {
  const { call, store } = openFront()
  const answer = await call(JSON.stringify({ call: 'acquire', wish }))
  assert.deepEqual([answer.status, await answer.json()], [200, { replaced: null }])
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal((await store.list(NOW)).length, 1)
  assert.equal(
    await (await call(JSON.stringify({ call: 'acquire', wish: { ...wish, id: 'b', device: 'phone' } }))).json(),
    null,
  )
})

test('POST /leases answers whoever is not of this house alike, and does nothing', async () => {
  const { call, seal, store } = openFront()
  const body = JSON.stringify({ call: 'acquire', wish })
  const header = await seal.seal(LIST)
  assert.equal((await call(LIST, header)).status, 200)
  const answers = []
  for (const [text, authorization] of [
    [LIST, header],
    [body, header],
    [body, ''],
    [body, 'Basic YWRtaW46YWRtaW4='],
    ['not JSON', ''],
  ] as const) {
    const answer = await call(text, authorization)
    answers.push(`${answer.status} ${await answer.text()}`)
  }
  assert.equal(new Set(answers).size, 1)
  assert.match(answers[0] ?? '', /^403 .*access\/bad-link/)
  assert.deepEqual(await store.list(NOW), [])
})

test('POST /leases refuses what is no call, and too much', async () => {
  const { call } = openFront()
  const { mayReplace: _, ...short } = wish
  for (const body of [
    'x',
    '{}',
    JSON.stringify({ call: 'close' }),
    JSON.stringify({ call: 'acquire', wish: short }),
    JSON.stringify({ call: 'acquire', wish: { ...wish, limit: 0 } }),
    JSON.stringify({ call: 'acquire', wish: { ...wish, since: NOW + 0.5 } }),
    JSON.stringify({ call: 'acquire', wish: { ...wish, id: 'x'.repeat(1001) } }),
  ])
    assert.equal((await call(body)).status, 400, body.slice(0, 60))
  assert.equal((await call(`"${'x'.repeat(70_000)}"`)).status, 413)
})
