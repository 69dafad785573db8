import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_LIMITS } from '../../../core/access/accounts.ts'
import { createSeats } from '../../../core/access/seats.ts'
import type { Sitter } from '../../../core/access/seats.ts'
import { Failure } from '../../../core/errors.ts'
import { leaseStoreSuite } from '../../conformance/lease-store.ts'
import { createMemoryLeases } from '../../../core/access/memory-leases.ts'

leaseStoreSuite('createMemoryLeases()', () =>
  Promise.resolve({ store: createMemoryLeases(), [Symbol.asyncDispose]: () => Promise.resolve() }),
)

const isFull = (error: unknown) => error instanceof Failure && error.code === 'access/too-many-streams'
const at = (device: string, maxStreams: number | null = 1): Sitter => ({
  device,
  person: { name: 'Anna', role: 'viewer', limits: { ...NO_LIMITS, maxStreams } },
})
const seatOf = (id: string) => ({ id, subject: 'c1' })
const nothing = () => {}

/** Seats whose time and timer the test owns. */
function open() {
  const clock = { now: 1_790_000_000_000 }
  const leases = createMemoryLeases()
  let tick = nothing
  const seats = createSeats({
    leases,
    every(work) {
      tick = work
      return () => void (tick = nothing)
    },
    now: () => clock.now,
  })
  /** Lets time go by, with the timer's work in between. */
  const pass = async (ms: number) => {
    for (const end = clock.now + ms; clock.now < end;) {
      clock.now += 1000
      if (clock.now % 6000 === 0) tick()
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    }
  }
  return { clock, seats, leases, pass }
}

test('take() lets people without a limit pass and counts nothing', async () => {
  const { seats, leases, clock } = open()
  assert.equal(await seats.take({}, seatOf('a'), nothing), null)
  assert.equal(await seats.take(at('tv', null), seatOf('b'), nothing), null)
  await seats.visit({}, { subject: 'c1', begins: true })
  assert.deepEqual(await leases.list(clock.now), [])
})

test('take() refuses a second device and lets it in when the first has left', async () => {
  const { seats } = open()
  const seat = await seats.take(at('tv'), seatOf('a'), nothing)
  await assert.rejects(seats.take(at('phone'), seatOf('b'), nothing), isFull)
  seat?.leave()
  seat?.leave()
  assert.notEqual(await seats.take(at('phone'), seatOf('b'), nothing), null)
})

test('take() of the same device ends its old stream instead of being refused', async () => {
  const { seats } = open()
  let lost = 0
  const old = await seats.take(at('tv'), seatOf('a'), () => void lost++)
  await seats.take(at('tv'), seatOf('b'), nothing)
  assert.equal(lost, 1)
  // The old one, on its way out, must not take the new one's seat along.
  old?.leave()
  await assert.rejects(seats.take(at('phone'), seatOf('c'), nothing), isFull)
})

test('an open connection keeps its seat for hours; one that was not left ends by time', async () => {
  const { seats, pass } = open()
  await seats.take(at('tv'), seatOf('a'), nothing)
  await pass(3_600_000)
  await assert.rejects(seats.take(at('phone'), seatOf('b'), nothing), isFull)
  seats[Symbol.dispose]()
  await pass(21_000)
  assert.notEqual(await seats.take(at('phone'), seatOf('b'), nothing), null)
})

test('connections with the same id share one seat until the last has left', async () => {
  const { seats } = open()
  const first = await seats.take(at('tv'), seatOf('film'), nothing)
  const second = await seats.take(at('tv'), seatOf('film'), nothing)
  first?.leave()
  await assert.rejects(seats.take(at('phone'), seatOf('b'), nothing), isFull)
  second?.leave()
  assert.notEqual(await seats.take(at('phone'), seatOf('b'), nothing), null)
})

test('visit() keeps a seat while requests come, and 20 seconds longer', async () => {
  const { seats, pass } = open()
  await seats.visit(at('tv'), { subject: 'c1', begins: true })
  for (let count = 0; count < 30; count++) {
    await pass(2000)
    await seats.visit(at('tv'), { subject: 'c1', begins: false })
  }
  await assert.rejects(seats.visit(at('phone'), { subject: 'c1', begins: true }), isFull)
  await pass(21_000)
  await seats.visit(at('phone'), { subject: 'c1', begins: true })
})

test('visit() of another channel takes the seat, and late requests for the old one do not take it back', async () => {
  const { seats } = open()
  await seats.visit(at('tv'), { subject: 'c1', begins: true })
  await seats.visit(at('tv'), { subject: 'c2', begins: true })
  await assert.rejects(seats.visit(at('tv'), { subject: 'c1', begins: false }), isFull)
  await seats.visit(at('tv'), { subject: 'c2', begins: false })
  await seats.visit(at('tv'), { subject: 'c1', begins: true })
  await seats.visit(at('tv'), { subject: 'c1', begins: false })
})

test('leave() gives the seat of a visitor free at once', async () => {
  const { seats } = open()
  await seats.visit(at('tv'), { subject: 'c1', begins: true })
  await seats.leave(at('tv'), 'c1')
  await seats.visit(at('phone'), { subject: 'c1', begins: true })
})

test('a seat that ran out while the store was away is taken anew when it is free', async () => {
  const { seats, leases, pass, clock } = open()
  let lost = 0
  await seats.take(at('tv'), seatOf('a'), () => void lost++)
  await leases.release({ id: 'a', account: 'anna' })
  await pass(6000)
  assert.deepEqual([lost, (await leases.list(clock.now)).map(({ id }) => id)], [0, ['a']])
})

test('a seat that another process gave to the same device, or to another one, is lost', async () => {
  for (const device of ['tv', 'phone']) {
    const { seats, leases, pass, clock } = open()
    let lost = 0
    await seats.take(at('tv'), seatOf('a'), () => void lost++)
    await leases.release({ id: 'a', account: 'anna' })
    const since = clock.now
    const wish = { id: 'b', account: 'anna', device, subject: 'c2', since, expiresAt: since + 20_000, limit: 1 }
    await leases.acquire({ ...wish, mayReplace: true })
    await pass(6000)
    assert.deepEqual([lost, (await leases.list(clock.now)).map(({ id }) => id)], [1, ['b']])
  }
})

test('leases have whole milliseconds, whatever the clock gives', async () => {
  const { seats, leases, clock } = open()
  clock.now += 0.25
  await seats.take(at('tv'), seatOf('a'), nothing)
  const [lease] = await leases.list(clock.now)
  assert.ok(Number.isInteger(lease?.since) && Number.isInteger(lease?.expiresAt))
})
