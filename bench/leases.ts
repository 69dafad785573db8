import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPostgresLeases } from '../adapters/leases/postgres-leases.ts'
import { createRedisLeases } from '../adapters/leases/redis-leases.ts'
import { openStore } from '../adapters/store/open-store.ts'
import type { LeaseStore } from '../core/access/leases.ts'
import { Secret } from '../core/secret.ts'
import { findPostgres, startPostgres } from '../tests/servers/postgres.ts'
import { startRedis } from '../tests/servers/redis.ts'
import { findProgram } from '../tests/require-program.ts'
import type { Figure } from './measure.ts'

const PEOPLE = 200
const LIMIT = 4
const AT_ONCE = 200

/** How long a seat takes where 200 people watch: in the own data folder, and in the servers that houses share. */
export async function leaseFigures(): Promise<Figure[]> {
  return [...(await onSqlite()), ...(await onPostgres()), ...(await onRedis())]
}

async function onSqlite(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'downlink-bench-'))
  try {
    await using store = await openStore(folder, { now: Date.now, log: () => {} })
    return await measure('SQLite', store.access.leases, { rounds: 20_000, aim: '≤ 1', where: 'on the disk' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const SERVER = { rounds: 5000, aim: '-', where: 'server on the same machine, over TCP' }

async function onPostgres(): Promise<Figure[]> {
  const programs = findPostgres()
  if (programs === null) return [absent('PostgreSQL', 'postgres')]
  await using server = await startPostgres(programs)
  await using store = createPostgresLeases(new Secret(await server.database()), { now: Date.now })
  return await measure('PostgreSQL', store, SERVER)
}

async function onRedis(): Promise<Figure[]> {
  const program = findProgram('redis-server')
  if (program === null) return [absent('Redis', 'redis-server')]
  await using server = await startRedis(program)
  await using store = createRedisLeases(new Secret(server.url), { now: Date.now })
  return await measure('Redis', store, SERVER)
}

const absent = (product: string, program: string): Figure => ({
  name: `lease on ${product}`,
  value: null,
  unit: 'ms',
  aim: '-',
  method: '',
  skipped: `"${program}" is not installed`,
})

type Measuring = { readonly rounds: number; readonly aim: string; readonly where: string }

async function measure(product: string, leases: LeaseStore, { rounds, aim, where }: Measuring): Promise<Figure[]> {
  const now = Date.now()
  const times = { acquire: [] as number[], renew: [] as number[] }
  const seat = (round: number, limit: number) => {
    const since = now + round
    const lease = { id: `seat${round}`, account: `person${round % PEOPLE}`, device: 'tv', subject: 'c1' }
    return { ...lease, since, expiresAt: since + 20_000, limit, mayReplace: true }
  }
  // Connections and prepared statements are there in a house that runs.
  for (let round = 0; round < 200; round++) await leases.acquire(seat(round, LIMIT))
  for (let round = 200; round < rounds + 200; round++) {
    const wish = seat(round, LIMIT)
    const start = performance.now()
    await leases.acquire(wish)
    const taken = performance.now()
    await leases.renew(wish, { now: wish.since, expiresAt: wish.since + 30_000 })
    times.acquire.push(taken - start)
    times.renew.push(performance.now() - taken)
  }
  const crowd = Array.from({ length: AT_ONCE }, (_, index) => ({
    ...seat(rounds + 1000 + index, 1),
    account: 'crowd',
    device: `d${index}`,
  }))
  const start = performance.now()
  const seated = (await Promise.all(crowd.map((wish) => leases.acquire(wish)))).filter((one) => one !== null).length
  const crowdMs = performance.now() - start
  if (seated !== 1) throw new Error(`${product} gave the last seat to ${seated} of ${AT_ONCE}`)
  const method = `${rounds} times, ${PEOPLE} people with ${LIMIT} seats, ${where}`
  return [
    ...(['acquire', 'renew'] as const).flatMap((step) => [
      { name: `lease ${step} on ${product}, median`, value: quantile(times[step], 0.5), unit: 'ms', aim, method },
      { name: `lease ${step} on ${product}, 99 of 100`, value: quantile(times[step], 0.99), unit: 'ms', aim, method },
    ]),
    {
      name: `last seat on ${product}, ${AT_ONCE} at once`,
      value: crowdMs,
      unit: 'ms',
      aim: '-',
      method: `until everybody has an answer, ${where}`,
    },
  ]
}

const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
