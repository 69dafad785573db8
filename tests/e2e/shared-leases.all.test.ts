import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Receiver } from '../fakes/receiver/index.ts'
import { requireProgram, skipWithout } from '../require-program.ts'
import { findPostgres, startPostgres } from '../servers/postgres.ts'
import { startRedis } from '../servers/redis.ts'
import { KEYS } from '../runtime/front-suite.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import { RUNTIME, runToEnd, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct-horse-battery'
/** A seat counts so long after the last sign of life (docs/people.md). */
const SEAT_MS = 20_000

let receiver: Promise<Receiver> | null = null
after(async () => (await receiver)?.[Symbol.asyncDispose]())

/** A player of Anna, who may watch one stream: the device is its name. */
const anna = (device: string) => ({
  authorization: `Basic ${btoa(`Anna:${PASSWORD}`)}`,
  'user-agent': device,
  'x-forwarded-for': '203.0.113.9',
})

/** A house of its own, with the same receiver and the same people, that asks `leases` for seats. */
async function startAdapter(leases = ''): Promise<Program> {
  receiver ??= startTestReceiver()
  const users = [{ name: 'Anna', password: PASSWORD, role: 'viewer', maxStreams: 1 }]
  return startHouse(await receiver, {
    env: { DOWNLINK_LEASES_URL: leases, DOWNLINK_LINK_KEYS: KEYS.old },
    config: { users, access: { trustedProxies: ['127.0.0.1'] }, live: { lingerSeconds: 0 } },
    waitForGuide: false,
  })
}

/** Watches c1 on a device; null: all seats are taken. */
async function watch(house: Program, device: string, path = '/live/c1.ts') {
  const viewer = await house.open(path, { headers: anna(device) })
  if (viewer.status === 200) {
    await viewer.read(188)
    return viewer
  }
  viewer.close()
  assert.deepEqual([viewer.status, viewer.headers['x-downlink-error']], [503, 'access/too-many-streams'])
  return null
}

/** What two houses do that share their leases by this address. */
async function testSharing(url: string, end?: 'kill'): Promise<void> {
  await using home = await startAdapter(url)
  await using cabin = await startAdapter(url)
  // One seat in both houses.
  const first = await watch(home, 'tv')
  assert.notEqual(first, null)
  assert.equal(await watch(cabin, 'phone'), null)
  // A device that changes the channel, and the house with it, gets the picture; its old stream ends with the next renewal.
  const zapped = await watch(cabin, 'tv', '/live/c4.ts')
  assert.notEqual(zapped, null)
  await first?.ended
  assert.equal(await watch(home, 'phone'), null)
  zapped?.close()
  const next = await until('the seat is free', () => watch(home, 'phone'))
  if (end === undefined) return next.close()
  // A house that is killed gives nothing back; the seat is free when its time is over.
  await home.kill9()
  next.close()
  const killedAt = Date.now()
  assert.equal(await watch(cabin, 'tv'), null)
  const again = await until('the seat of the dead', () => watch(cabin, 'tv'), SEAT_MS + 10_000)
  assert.ok(Date.now() - killedAt <= SEAT_MS + 8000)
  again.close()
}

test(`two houses share the seats of people on Redis, on ${RUNTIME}`, { skip: noFfmpeg() }, async (t) => {
  const program = requireProgram(t, 'redis-server')
  if (program === null) return
  await using server = await startRedis(program)
  await testSharing(server.url, 'kill')
})

test(`two houses share the seats of people on PostgreSQL, on ${RUNTIME}`, { skip: noFfmpeg() }, async (t) => {
  const programs = findPostgres()
  if (programs === null) return skipWithout(t, 'postgres')
  await using server = await startPostgres(programs)
  await testSharing(await server.database())
})

test(`two houses share the seats of people by a front, on ${RUNTIME}`, { skip: noFfmpeg() }, async () => {
  await using front = await startProgram({
    args: ['--role', 'gateway'],
    env: { DOWNLINK_LINK_KEYS: KEYS.old, DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1' },
  })
  await testSharing(front.url)
})

test(`a house shares the seats of people with another house, on ${RUNTIME}`, { skip: noFfmpeg() }, async () => {
  await using home = await startAdapter()
  await using cabin = await startAdapter(home.url)
  const viewer = await watch(cabin, 'tv')
  assert.notEqual(viewer, null)
  assert.equal(await watch(home, 'phone'), null)
  viewer?.close()
  const next = await until('the seat is free', () => watch(home, 'phone'))
  assert.equal(await watch(cabin, 'tv'), null)
  next.close()
})

test(
  `a house whose store of leases is away streams, counts by itself and says so, on ${RUNTIME}`,
  { skip: noFfmpeg() },
  async () => {
    const secret = 'hunter2-4711'
    await using house = await startAdapter(`redis://:${secret}@127.0.0.1:1`)
    const viewer = await watch(house, 'tv')
    assert.notEqual(viewer, null)
    assert.equal(await watch(house, 'phone'), null)
    const line = await house.line('leases-away')
    assert.match(String(line['detail']), /^The Redis server is not there/)
    viewer?.close()
    const ran = await runToEnd({
      command: ['doctor'],
      env: { DOWNLINK_LEASES_URL: `redis://:${secret}@127.0.0.1:1` },
    })
    assert.equal(ran.code, 1)
    assert.match(ran.stdout, /^WRONG {2}Seats of people: The Redis server is not there/m)
    assert.ok(![ran.stdout, ran.stderr, house.printed()].some((text) => text.includes(secret)))
  },
)

test('a wrong leases.url stops the start with exit code 2 and one line', async () => {
  const ran = await runToEnd({ env: { DOWNLINK_LEASES_URL: 'mysql://root:hunter2@db/tv' } })
  assert.equal(ran.code, 2)
  assert.match(ran.stderr, /^downlink: DOWNLINK_LEASES_URL \(leases\.url\): should be an address like .*\n$/)
  assert.ok(!ran.stderr.includes('hunter2'))
})
