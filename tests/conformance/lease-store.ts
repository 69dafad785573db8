import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeaseStore, LeaseWish } from '../../core/access/leases.ts'

const NOW = 1_790_000_000_000
const TTL = 20_000

/** What every store of leases must do; `open` gives an empty one. */
export function leaseStoreSuite(
  name: string,
  open: () => Promise<{ readonly store: LeaseStore } & AsyncDisposable>,
): void {
  const wish = (id: string, given: Partial<LeaseWish> = {}): LeaseWish => {
    const since = given.since ?? NOW
    return { id, account: 'anna', device: id, subject: 'c1', since, expiresAt: since + TTL, limit: 2, ...given }
  }
  const ids = async (store: LeaseStore, now = NOW): Promise<string[]> =>
    (await store.list(now)).map(({ id }) => id).toSorted()

  test(`${name}: as many seats as the limit says, and no more`, async () => {
    await using house = await open()
    const { store } = house
    assert.deepEqual(await store.acquire(wish('a')), { replaced: null })
    assert.deepEqual(await store.acquire(wish('b')), { replaced: null })
    assert.equal(await store.acquire(wish('c')), null)
    assert.deepEqual(await ids(store), ['a', 'b'])
  })

  test(`${name}: exact when fifty ask at once`, async () => {
    await using house = await open()
    const { store } = house
    const asked = Array.from({ length: 50 }, (_, index) => store.acquire(wish(`s${index}`, { limit: 7 })))
    assert.equal((await Promise.all(asked)).filter((seat) => seat !== null).length, 7)
    assert.equal((await store.list(NOW)).length, 7)
  })

  test(`${name}: people do not take seats from one another`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.deepEqual(await store.acquire(wish('b', { limit: 1, account: 'bob' })), { replaced: null })
    assert.deepEqual(await ids(store), ['a', 'b'])
  })

  test(`${name}: a device without a free seat replaces its own oldest stream, never another device's`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('old', { device: 'tv', limit: 3 }))
    await store.acquire(wish('other', { device: 'phone', since: NOW + 1, limit: 3 }))
    await store.acquire(wish('new', { device: 'tv', since: NOW + 2, limit: 3 }))
    const seat = await store.acquire(wish('zap', { device: 'tv', since: NOW + 3, limit: 3 }))
    assert.deepEqual(seat, { replaced: 'old' })
    assert.deepEqual(await ids(store, NOW + 3), ['new', 'other', 'zap'])
    assert.equal(await store.renew('old', { now: NOW + 4, expiresAt: NOW + 4 + TTL }), false)
  })

  test(`${name}: a device with a free seat keeps both streams`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('one', { device: 'tv' }))
    assert.deepEqual(await store.acquire(wish('two', { device: 'tv' })), { replaced: null })
    assert.deepEqual(await ids(store), ['one', 'two'])
  })

  test(`${name}: the same id again is the same seat, for longer`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.deepEqual(await store.acquire(wish('a', { limit: 1, since: NOW + 5000 })), { replaced: null })
    const [lease] = await store.list(NOW + 5000)
    assert.deepEqual([lease?.since, lease?.expiresAt], [NOW, NOW + 5000 + TTL])
  })

  test(`${name}: a seat that was given free, or was not renewed, is free`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a'))
    await store.acquire(wish('b'))
    await store.release('a')
    await store.release('a')
    assert.deepEqual(await store.acquire(wish('c')), { replaced: null })
    const later = NOW + TTL
    assert.deepEqual(await store.list(later), [])
    assert.equal(await store.renew('b', { now: later, expiresAt: later + TTL }), false)
    assert.deepEqual(await store.acquire(wish('d', { since: later, limit: 1 })), { replaced: null })
  })

  test(`${name}: a seat that is renewed stays taken`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.equal(await store.renew('a', { now: NOW + TTL - 1, expiresAt: NOW + 2 * TTL }), true)
    assert.equal(await store.acquire(wish('b', { limit: 1, since: NOW + TTL })), null)
  })

  test(`${name}: list() tells who watches what, by account`, async () => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('z', { account: 'zoe', subject: 'c9' }))
    await store.acquire(wish('b', { since: NOW + 1 }))
    await store.acquire(wish('a'))
    const rows = (await store.list(NOW + 1)).map(({ account, id, subject }) => [account, id, subject])
    assert.deepEqual(rows, [
      ['anna', 'a', 'c1'],
      ['anna', 'b', 'c1'],
      ['zoe', 'z', 'c9'],
    ])
  })
}
