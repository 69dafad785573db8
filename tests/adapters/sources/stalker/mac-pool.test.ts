import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMacPool } from '../../../../adapters/sources/stalker/mac-pool.ts'
import type { MacLease } from '../../../../adapters/sources/stalker/mac-pool.ts'
import { Failure } from '../../../../core/errors.ts'

const ANY = { canPlay: () => true, except: new Set<string>() }
const MINUTE_MS = 60_000

function aPool(options: { boxes?: readonly string[]; perMac?: number; limit?: number | null } = {}) {
  const clock = { now: 1_000_000 }
  const { boxes = ['a', 'b', 'c'], perMac = 1, limit = null } = options
  const pool = createMacPool({ boxes, perMac, limit, now: () => clock.now })
  const take = (): MacLease<string> => {
    const lease = pool.reserve(ANY)
    assert.ok(lease, 'a MAC should be free')
    return lease
  }
  /** A stream that stands for `ms` and is ended by the portal. */
  const endThere = (lease: MacLease<string>, ms: number): string => {
    lease.opened()
    clock.now += ms
    const verdict = lease.endedThere()
    lease.release()
    return verdict
  }
  return { clock, pool, take, endThere }
}

test('MacPool gives the MAC that has rested longest', () => {
  const { clock, take } = aPool()
  const order = Array.from({ length: 6 }, () => {
    clock.now++
    const lease = take()
    lease.release()
    return lease.box
  })
  assert.deepEqual(order, ['a', 'b', 'c', 'a', 'b', 'c'])
})

test('MacPool never gives more than the owner allows, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.record({ perMac: fc.integer({ min: 0, max: 3 }), limit: fc.option(fc.integer({ min: 1, max: 6 })) }),
      fc.array(fc.tuple(fc.constantFrom('take', 'give', 'end', 'contest', 'refuse', 'wait'), fc.nat(20)), {
        maxLength: 80,
      }),
      ({ perMac, limit }, steps) => {
        const { clock, pool } = aPool({ perMac, limit })
        const held: MacLease<string>[] = []
        for (const [step, at] of steps) {
          const lease = held[at % Math.max(1, held.length)]
          if (step === 'take') {
            const slots = pool.slots()
            const next = pool.reserve(ANY)
            if (next !== null) {
              assert.ok(slots === null || held.length < slots, `${held.length} of ${slots} are in use`)
              assert.equal(pool.state(next.box).kind, 'ready')
              next.linked()
              next.opened()
              held.push(next)
            } else assert.match(pool.whyNone(() => true).code, /^(live\/(no-slot|contested)|source\/device)$/)
          } else if (step === 'wait') clock.now += at * MINUTE_MS
          else if (lease !== undefined) {
            if (step === 'end') lease.endedThere()
            if (step === 'contest') lease.failed('contested', new Failure('live/contested', 'test'))
            if (step === 'refuse') lease.failed('refused', new Failure('source/device', 'test'))
            if (step === 'give' || step === 'end') {
              lease.release()
              lease.release()
              held.splice(held.indexOf(lease), 1)
            }
          }
          const uses = Object.values(Object.groupBy(held, ({ box }) => box)).map((leases) => leases?.length ?? 0)
          if (perMac > 0) assert.ok(uses.every((count) => count <= perMac))
          if (limit !== null) assert.ok(held.length <= limit)
          for (const box of ['a', 'b', 'c'])
            assert.equal(
              pool.isStreaming(box),
              held.some((one) => one.box === box),
            )
        }
      },
    ),
  )
})

test('MacPool takes two short streams on a MAC for a sign that somebody else uses it, and gives it time', () => {
  const { clock, pool, take, endThere } = aPool({ boxes: ['a'] })
  assert.equal(endThere(take(), 25_000), 'unclear')
  assert.equal(endThere(take(), 25_000), 'contested')
  assert.equal(pool.state('a').kind, 'contested')
  assert.equal(pool.reserve(ANY), null)
  assert.equal(pool.whyNone(() => true).code, 'live/contested')
  clock.now += 5 * MINUTE_MS
  assert.equal(pool.state('a').kind, 'ready')
  take().release()
})

test('MacPool waits twice as long each time in a row, and begins anew after a stream that stood', () => {
  const { clock, pool, take, endThere } = aPool({ boxes: ['a'] })
  const contest = (): number => {
    endThere(take(), 20_000)
    endThere(take(), 20_000)
    const state = pool.state('a')
    assert.ok(state.kind === 'contested')
    const wait = state.until - clock.now
    clock.now = state.until
    return wait
  }
  assert.deepEqual([contest(), contest(), contest()], [5 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS])
  const lease = take()
  lease.opened()
  clock.now += 2 * MINUTE_MS
  lease.release()
  assert.equal(contest(), 5 * MINUTE_MS)
})

test('MacPool does not blame anybody for long streams, or for short ones far apart', () => {
  const { clock, pool, take, endThere } = aPool({ boxes: ['a'] })
  for (let round = 0; round < 5; round++) assert.equal(endThere(take(), 2 * MINUTE_MS), 'unclear')
  for (let round = 0; round < 3; round++) {
    assert.equal(endThere(take(), 20_000), 'unclear')
    clock.now += 6 * MINUTE_MS
  }
  assert.equal(pool.state('a').kind, 'ready')
})

test('MacPool learns that a MAC allows less than the owner wrote', () => {
  const { clock, pool, take } = aPool({ boxes: ['a'], perMac: 2 })
  const first = take()
  first.opened()
  clock.now += 3 * MINUTE_MS
  const second = take()
  second.linked()
  clock.now += 1000
  assert.equal(first.endedThere(), 'over-limit')
  first.release()
  assert.equal(pool.slots(), 1)
  assert.equal(pool.reserve(ANY), null)
  assert.deepEqual(pool.overLimit(), [{ number: 1, limit: 1 }])
  clock.now += 2 * 60 * MINUTE_MS
  assert.equal(pool.slots(), 2)
})

test('MacPool counts usable MACs only, and never less than one', () => {
  const { pool } = aPool()
  const reason = new Failure('source/device', 'The portal refuses MAC 1')
  assert.equal(pool.slots(), 3)
  pool.mark('a', 'refused', reason)
  assert.equal(pool.slots(), 2)
  pool.mark('b', 'refused', reason)
  pool.mark('c', 'refused', reason)
  assert.equal(pool.slots(), 1)
  assert.equal(
    pool.whyNone(() => true),
    reason,
  )
  pool.works('b')
  assert.equal(pool.reserve(ANY)?.box, 'b')
})

test('MacPool gives only MACs that have the channel and were not tried yet', () => {
  const { pool } = aPool()
  assert.equal(pool.reserve({ canPlay: (box) => box !== 'a', except: new Set(['b']) })?.box, 'c')
  assert.equal(pool.reserve({ canPlay: () => false, except: new Set() }), null)
  assert.equal(pool.whyNone(() => false).code, 'live/refused')
})

test('MacPool without limit has no number of slots', () => {
  const { pool } = aPool({ perMac: 0 })
  assert.equal(pool.slots(), null)
  assert.equal(aPool({ perMac: 0, limit: 4 }).pool.slots(), 4)
})

test('MacPool tells what each MAC has in use, of how many, and for how long it rests', () => {
  const { pool, take, clock } = aPool({ boxes: ['a', 'b'], perMac: 2 })
  const { box } = take()
  assert.deepEqual(
    [pool.use(box), pool.use('b')],
    [
      { inUse: 1, limit: 2 },
      { inUse: 0, limit: 2 },
    ],
  )
  assert.deepEqual(aPool({ perMac: 0 }).pool.use('a'), { inUse: 0, limit: null })
  pool.mark('b', 'refused', new Failure('source/login', 'No'))
  const state = pool.state('b')
  assert.ok(state.kind === 'refused' && state.until > clock.now)
})
