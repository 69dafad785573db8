import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createRedisLeases } from '../../../adapters/leases/redis-leases.ts'
import { Secret } from '../../../core/secret.ts'
import { leaseStoreTests } from '../../conformance/lease-store.ts'
import type { OpenLeases } from '../../conformance/lease-store.ts'
import { requireProgram } from '../../require-program.ts'
import { startDeaf } from '../../servers/server.ts'
import { startRedis } from '../../servers/redis.ts'
import type { RedisServer } from '../../servers/redis.ts'
import { isFailure, seat } from './samples.ts'

const running = new Map<'alone' | 'cluster', Promise<RedisServer>>()
after(async () => {
  for (const server of running.values()) await (await server)[Symbol.asyncDispose]()
})

/** A test with an emptied server of this file. */
function withServer(title: string, work: (server: RedisServer) => Promise<void>, kind: 'alone' | 'cluster' = 'alone') {
  test(`createRedisLeases(): ${title}${kind === 'cluster' ? ', in a cluster' : ''}`, async (t) => {
    const program = requireProgram(t, 'redis-server')
    if (program === null) return
    const started = running.get(kind) ?? startRedis(program, kind)
    running.set(kind, started)
    const server = await started
    await server.command('FLUSHALL')
    await work(server)
  })
}

const now = Date.now
const open = (url: string) => createRedisLeases(new Secret(url), { now })
for (const kind of ['alone', 'cluster'] as const)
  leaseStoreTests((title, work) =>
    withServer(
      title,
      (server) =>
        work(async (): Promise<OpenLeases> => {
          const [store, ...others] = [open(server.url), open(server.url), open(server.url), open(server.url)] as const
          return {
            store,
            others,
            async [Symbol.asyncDispose]() {
              for (const one of [store, ...others]) await one[Symbol.asyncDispose]()
            },
          }
        }),
      kind,
    ),
  )

withServer('leaves nothing behind', async (server) => {
  await using store = open(server.url)
  await store.acquire({ ...seat, id: 'a', expiresAt: 1000 + 20_000 })
  const left = async () => Number(await server.command('PTTL', 'downlink:lease:{anna}'))
  assert.ok((await left()) > 70_000 && (await left()) <= 80_000)
  await store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 2000 + 60_000 })
  assert.ok((await left()) > 110_000 && (await left()) <= 120_000)
  await store.release({ id: 'a', account: 'anna' })
  assert.equal(await server.command('DBSIZE'), 0)
})

withServer('teaches a server its scripts again', async (server) => {
  await using store = open(server.url)
  await store.acquire({ ...seat, id: 'a' })
  await server.command('SCRIPT', 'FLUSH')
  assert.equal(await store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 22_000 }), true)
  await server.command('SCRIPT', 'FLUSH')
  assert.deepEqual(await store.acquire({ ...seat, id: 'b' }), { replaced: 'a' })
})

withServer('says what is wrong, without the password', async (server) => {
  for (const { url, says } of [
    { url: server.url.replace(server.password, 'guessed-7'), says: /refuses the user name or the password/ },
    { url: server.url.replace(`:${server.password}@`, ''), says: /wants a password/ },
    { url: server.url.replace(String(server.port), '1'), says: /nobody listens/ },
  ]) {
    await using store = open(url)
    await assert.rejects(store.check(), isFailure(says, 'guessed-7'))
    await assert.rejects(store.acquire({ ...seat, id: 'a' }), isFailure(says, server.password))
  }
  await using store = open(server.url)
  const { product, aheadMs } = await store.check()
  assert.match(product, /^(Redis|Valkey) \d/)
  assert.ok(Math.abs(aheadMs) < 60_000)
})

withServer('goes on by itself after the server was away', async (server) => {
  await using store = open(server.url)
  assert.deepEqual(await store.acquire({ ...seat, id: 'a' }), { replaced: null })
  await server.stop()
  await assert.rejects(store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 22_000 }), isFailure(/./))
  await server.start()
  const deadline = Date.now() + 10_000
  let answer: boolean | null = null
  while (answer === null) {
    assert.ok(Date.now() < deadline)
    answer = await store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 22_000 }).catch(() => null)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  // Nothing of it was on a disk: the seat is unknown, and free.
  assert.equal(answer, false)
  assert.deepEqual(await store.acquire({ ...seat, id: 'b', device: 'phone' }), { replaced: null })
})

test('createRedisLeases() gives up a server that does not answer', async () => {
  await using deaf = await startDeaf()
  await using store = open(`redis://127.0.0.1:${deaf.port}`)
  await assert.rejects(store.list(0), isFailure(/takes too long|does not answer|broken/))
})
