import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { createPostgresLeases } from '../../../adapters/leases/postgres-leases.ts'
import { Secret } from '../../../core/secret.ts'
import { leaseStoreTests } from '../../conformance/lease-store.ts'
import type { OpenLeases } from '../../conformance/lease-store.ts'
import { skipWithout } from '../../require-program.ts'
import { findPostgres, startPostgres } from '../../servers/postgres.ts'
import type { PostgresServer } from '../../servers/postgres.ts'
import { startDeaf } from '../../servers/server.ts'
import { isFailure, seat } from './samples.ts'

let running: Promise<PostgresServer> | null = null
after(async () => (await running)?.[Symbol.asyncDispose]())

/** A test with the server of this file. */
function withServer(title: string, work: (server: PostgresServer) => Promise<void>): void {
  test(`createPostgresLeases(): ${title}`, async (t) => {
    const programs = findPostgres()
    if (programs === null) return skipWithout(t, 'postgres')
    await work(await (running ??= startPostgres(programs)))
  })
}

const now = Date.now
const open = (url: string) => createPostgresLeases(new Secret(url), { now })
leaseStoreTests((title, work) =>
  withServer(title, async (server) => {
    await work(async (): Promise<OpenLeases> => {
      const url = await server.database()
      // As many processes, each with a pool of its own.
      const [store, ...others] = [open(url), open(url), open(url), open(url)] as const
      return {
        store,
        others,
        async [Symbol.asyncDispose]() {
          for (const one of [store, ...others]) await one[Symbol.asyncDispose]()
        },
      }
    })
  }),
)

withServer('exact also where the database has another isolation as its default', async (server) => {
  const url = await server.database()
  const admin = postgres(url, { max: 1 })
  await admin.unsafe(
    `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = serializable`,
  )
  await admin.end()
  const stores = Array.from({ length: 4 }, () => open(url))
  const asked = Array.from({ length: 100 }, (_, index) =>
    stores[index % 4]?.acquire({ ...seat, id: `s${index}`, device: `d${index}`, limit: 3 }),
  )
  assert.equal((await Promise.all(asked)).filter((given) => given !== null).length, 3)
  for (const store of stores) await store[Symbol.asyncDispose]()
})

withServer('brings the layout up once, however many start at once, and finds it again', async (server) => {
  const url = await server.database()
  for (const _ of [1, 2]) {
    const stores = Array.from({ length: 6 }, () => open(url))
    const checks = await Promise.all(stores.map((store) => store.check()))
    assert.match(checks[0]?.product ?? '', /^PostgreSQL \d+/)
    assert.ok(Math.abs(checks[0]?.aheadMs ?? Infinity) < 60_000)
    for (const store of stores) await store[Symbol.asyncDispose]()
  }
})

withServer('says what is wrong, without the password', async (server) => {
  const url = await server.database()
  const wrong = (change: (url: URL) => void): string => {
    const other = new URL(url)
    change(other)
    return other.href
  }
  for (const { address, says } of [
    { address: wrong((one) => (one.password = 'guessed-7')), says: /refuses the user name or the password/ },
    { address: wrong((one) => (one.pathname = '/elsewhere')), says: /has no such database/ },
    { address: wrong((one) => (one.port = '1')), says: /nobody listens/ },
  ]) {
    await using store = open(address)
    await assert.rejects(store.check(), isFailure(says, 'guessed-7'))
    await assert.rejects(store.acquire({ ...seat, id: 'a' }), isFailure(says, server.password))
  }
})

withServer('goes on after the server was away', async (server) => {
  await using store = open(await server.database())
  assert.deepEqual(await store.acquire({ ...seat, id: 'a' }), { replaced: null })
  await server.stop()
  await assert.rejects(store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 22_000 }), isFailure(/./))
  await server.start()
  assert.equal(await store.renew({ id: 'a', account: 'anna' }, { now: 2000, expiresAt: 22_000 }), true)
})

test('createPostgresLeases() gives up a server that does not answer', async () => {
  await using deaf = await startDeaf()
  await using store = open(`postgres://a:b@127.0.0.1:${deaf.port}/c`)
  await assert.rejects(store.list(0), isFailure(/takes too long|does not answer/))
})

test('createPostgresLeases() knows a server that speaks something else', async () => {
  const web = createServer((socket) => void socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  await using store = open(`postgres://a:b@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/c`)
  await assert.rejects(store.list(0), isFailure(/cannot be asked|takes too long|does not answer/))
  web.close()
})
