import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShelteredLeases } from '../../../adapters/leases/sheltered-leases.ts'
import { noLeases } from '../../../adapters/leases/shared-leases.ts'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import type { LeaseStore } from '../../../core/access/leases.ts'
import { createMemoryLeases } from '../../../core/access/memory-leases.ts'
import { createSeats } from '../../../core/access/seats.ts'
import type { Sitter } from '../../../core/access/seats.ts'
import { Failure } from '../../../core/errors.ts'
import { leaseStoreSuite } from '../../conformance/lease-store.ts'

leaseStoreSuite('createShelteredLeases()', () =>
  Promise.resolve({
    store: createShelteredLeases({
      shared: createMemoryLeases(),
      own: createMemoryLeases(),
      now: () => 0,
      log: () => {},
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
)

const isFull = (error: unknown) => error instanceof Failure && error.code === 'access/too-many-streams'
const at = (device: string, maxStreams = 1): Sitter => ({
  device,
  person: { name: 'Anna', role: 'viewer', limits: { ...NO_LIMITS, maxStreams } },
})

/** A store on another machine, whose cable the test holds; `houses` share it. */
function network() {
  const clock = { now: 1_790_000_000_000 }
  const under = createMemoryLeases()
  let isCut = false
  let asked = 0
  const reach = <T>(work: () => Promise<T>): Promise<T> => {
    asked += 1
    return isCut ? Promise.reject(noLeases('The cable is cut')) : work()
  }
  const shared: LeaseStore = {
    acquire: (wish) => reach(() => under.acquire(wish)),
    renew: (lease, times) => reach(() => under.renew(lease, times)),
    release: (lease) => reach(() => under.release(lease)),
    list: (now) => reach(() => under.list(now)),
  }
  const ticks: (() => void)[] = []
  const openHouse = () => {
    const events: string[] = []
    const now = (): number => clock.now
    const leases = createShelteredLeases({
      shared,
      own: createMemoryLeases(),
      now,
      log: (_, event) => void events.push(event),
    })
    const seats = createSeats({
      leases,
      now,
      every(work) {
        ticks.push(work)
        return () => {}
      },
    })
    const lost: string[] = []
    const take = (device: string, id: string, limit = 1) =>
      seats.take(at(device, limit), { id, subject: 'c1' }, () => void lost.push(id))
    return { leases, events, lost, take }
  }
  const pass = async (ms: number): Promise<void> => {
    for (const end = clock.now + ms; clock.now < end;) {
      clock.now += 1000
      if (clock.now % 6000 === 0) for (const tick of ticks) tick()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
  }
  return {
    clock,
    under,
    openHouse,
    pass,
    cut: () => void (isCut = true),
    mend: () => void (isCut = false),
    asked: () => asked,
  }
}

for (const seconds of [5, 19, 21, 600])
  test(`createSeats() over a shared store cuts nobody when it is away for ${seconds} s`, async () => {
    const { openHouse, pass, cut, mend, under, clock } = network()
    const house = openHouse()
    await house.take('tv', 'a')
    await pass(7000)
    cut()
    await pass(seconds * 1000)
    mend()
    await pass(12_000)
    assert.deepEqual([house.lost, (await under.list(clock.now)).map(({ id }) => id)], [[], ['a']])
    await assert.rejects(openHouse().take('phone', 'b'), isFull)
  })

test('while the store is away each house counts by itself; when it is back, what is too much ends', async () => {
  const { openHouse, pass, cut, mend, under, clock } = network()
  const [home, cabin] = [openHouse(), openHouse()]
  await home.take('tv', 'a')
  cut()
  await pass(30_000)
  await assert.rejects(home.take('phone', 'b'), isFull)
  assert.notEqual(await cabin.take('phone', 'c'), null)
  assert.notEqual(await home.take('tv', 'zap'), null)
  assert.deepEqual([home.lost, home.leases.away()?.code, home.events], [['a'], 'access/no-leases', ['leases-away']])
  mend()
  await pass(15_000)
  const held = (await under.list(clock.now)).map(({ id }) => id)
  assert.equal(held.length, 1)
  assert.deepEqual([...home.lost, ...cabin.lost, ...held].toSorted(), ['a', 'c', 'zap'])
  assert.deepEqual([home.leases.away(), home.events], [null, ['leases-away', 'leases-back']])
})

test('a store that is away makes one caller wait in three seconds, and not all', async () => {
  const { openHouse, cut, clock, asked } = network()
  const house = openHouse()
  cut()
  for (let count = 0; count < 50; count++) await house.take(`tv${count}`, `a${count}`, 100)
  assert.equal(asked(), 1)
  clock.now += 3000
  await house.take('tv', 'b', 100)
  assert.equal(asked(), 2)
})
