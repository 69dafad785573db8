import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LeaseStore, LeaseWish } from '../../core/access/leases.ts'

const NOW = 1_790_000_000_000
const TTL = 20_000

const wish = (id: string, given: Partial<LeaseWish> = {}): LeaseWish => {
  const since = given.since ?? NOW
  const expiresAt = since + TTL
  return { id, account: 'anna', device: id, subject: 'c1', since, expiresAt, limit: 2, mayReplace: true, ...given }
}
const anna = (id: string) => ({ id, account: 'anna' })
const until = (now: number) => ({ now, expiresAt: now + TTL })
const ids = async (store: LeaseStore, now = NOW): Promise<string[]> =>
  (await store.list(now)).map(({ id }) => id).toSorted()

/** An empty store; `others` are further ways into the same one, as other processes have them. */
export type OpenLeases = {
  readonly store: LeaseStore
  readonly others?: readonly LeaseStore[]
} & AsyncDisposable

/** What a test of the suite hangs on: `test` itself, or one that may be skipped where a program is absent. */
export type LeaseTest = (title: string, work: (open: () => Promise<OpenLeases>) => Promise<void>) => void

/** What every store of leases must do; `open` gives an empty one. */
export function leaseStoreSuite(name: string, open: () => Promise<OpenLeases>): void {
  leaseStoreTests((title, work) => test(`${name}: ${title}`, () => work(open)))
}

/** The tests of `leaseStoreSuite` on whatever `check` makes of them. */
export function leaseStoreTests(check: LeaseTest): void {
  check('as many seats as the limit says, and no more', async (open) => {
    await using house = await open()
    const { store } = house
    assert.deepEqual(await store.acquire(wish('a')), { replaced: null })
    assert.deepEqual(await store.acquire(wish('b')), { replaced: null })
    assert.equal(await store.acquire(wish('c')), null)
    assert.deepEqual(await ids(store), ['a', 'b'])
  })

  check('exact when two hundred ask at once, for all seats and for the last one', async (open) => {
    await using house = await open()
    const { store, others = [] } = house
    const ways = [store, ...others]
    const ask = async (prefix: string, limit: number): Promise<number> => {
      const asked = Array.from({ length: 100 }, (_, index) =>
        (ways[index % ways.length] ?? store).acquire(wish(`${prefix}${index}`, { limit })),
      )
      return (await Promise.all(asked)).filter((seat) => seat !== null).length
    }
    assert.equal(await ask('s', 7), 7)
    assert.equal(await ask('t', 8), 1)
    assert.equal((await store.list(NOW)).length, 8)
  })

  check('one seat for a device that asks for many channels at once, and the last one has it', async (open) => {
    await using house = await open()
    const { store, others = [] } = house
    const ways = [store, ...others]
    const asked = Array.from({ length: 40 }, (_, index) =>
      (ways[index % ways.length] ?? store).acquire(wish(`z${index}`, { limit: 1, device: 'tv' })),
    )
    const replaced = (await Promise.all(asked)).map((seat) => seat?.replaced)
    // Everybody but one replaced somebody, nobody was replaced twice, and who was not replaced has the seat.
    const gone = replaced.filter((id) => typeof id === 'string')
    assert.deepEqual([gone.length, new Set(gone).size], [39, 39])
    const [last = ''] = await ids(store)
    assert.deepEqual([(await ids(store)).length, gone.includes(last)], [1, false])
  })

  check('one seat for one id, however often it is asked for at once', async (open) => {
    await using house = await open()
    const { store, others = [] } = house
    const ways = [store, ...others]
    const asked = Array.from({ length: 40 }, (_, index) => (ways[index % ways.length] ?? store).acquire(wish('a')))
    assert.ok((await Promise.all(asked)).every((seat) => seat?.replaced === null))
    assert.deepEqual(await ids(store), ['a'])
  })

  check('people do not take seats from one another', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.deepEqual(await store.acquire(wish('b', { limit: 1, account: 'bob' })), { replaced: null })
    assert.deepEqual(await ids(store), ['a', 'b'])
    await store.release({ id: 'a', account: 'bob' })
    assert.equal(await store.renew({ id: 'a', account: 'bob' }, until(NOW)), false)
    assert.deepEqual(await ids(store), ['a', 'b'])
  })

  check('a device without a free seat replaces its own oldest stream, never another device’s', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('old', { device: 'tv', limit: 3 }))
    await store.acquire(wish('other', { device: 'phone', since: NOW + 1, limit: 3 }))
    await store.acquire(wish('new', { device: 'tv', since: NOW + 2, limit: 3 }))
    const seat = await store.acquire(wish('zap', { device: 'tv', since: NOW + 3, limit: 3 }))
    assert.deepEqual(seat, { replaced: 'old' })
    assert.deepEqual(await ids(store, NOW + 3), ['new', 'other', 'zap'])
    assert.equal(await store.renew(anna('old'), until(NOW + 4)), false)
    assert.deepEqual(await ids(store, NOW + 4), ['new', 'other', 'zap'])
  })

  check('who must not replace takes a free seat or none', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { device: 'tv', limit: 1 }))
    assert.equal(await store.acquire(wish('b', { device: 'tv', limit: 1, mayReplace: false })), null)
    assert.deepEqual(await ids(store), ['a'])
    await store.release(anna('a'))
    assert.deepEqual(await store.acquire(wish('b', { device: 'tv', limit: 1, mayReplace: false })), { replaced: null })
  })

  check('a device with a free seat keeps both streams', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('one', { device: 'tv' }))
    assert.deepEqual(await store.acquire(wish('two', { device: 'tv' })), { replaced: null })
    assert.deepEqual(await ids(store), ['one', 'two'])
  })

  check('the same id again is the same seat, for longer', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.deepEqual(await store.acquire(wish('a', { limit: 1, since: NOW + 5000 })), { replaced: null })
    const [lease] = await store.list(NOW + 5000)
    assert.deepEqual([lease?.since, lease?.expiresAt], [NOW, NOW + 5000 + TTL])
  })

  check('the same id after its end is a new seat', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    const later = NOW + TTL
    assert.deepEqual(await store.acquire(wish('a', { limit: 1, since: later })), { replaced: null })
    assert.deepEqual(
      (await store.list(later)).map(({ since, expiresAt }) => [since, expiresAt]),
      [[later, later + TTL]],
    )
  })

  check('a lower limit takes nothing from those who sit, and lets nobody in before enough have left', async (open) => {
    await using house = await open()
    const { store } = house
    for (const [index, id] of ['a', 'b', 'c'].entries()) await store.acquire(wish(id, { limit: 3, since: NOW + index }))
    const then = { limit: 1, since: NOW + 10 }
    assert.deepEqual(await store.acquire(wish('c', then)), { replaced: null })
    await store.release(anna('a'))
    assert.equal(await store.acquire(wish('d', then)), null)
    await store.release(anna('b'))
    assert.equal(await store.acquire(wish('d', then)), null)
    await store.release(anna('c'))
    assert.deepEqual(await store.acquire(wish('d', then)), { replaced: null })
  })

  check('a seat that was given free, or was not renewed, is free', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a'))
    await store.acquire(wish('b'))
    await store.release(anna('a'))
    await store.release(anna('a'))
    assert.deepEqual(await store.acquire(wish('c')), { replaced: null })
    const later = NOW + TTL
    assert.deepEqual(await store.list(later), [])
    assert.equal(await store.renew(anna('b'), until(later)), false)
    assert.deepEqual(await store.list(later), [])
    assert.deepEqual(await store.acquire(wish('d', { since: later, limit: 1 })), { replaced: null })
  })

  check('the time is the caller’s: to the millisecond, and never the store’s own', async (open) => {
    await using house = await open()
    const { store } = house
    for (const since of [1000, NOW * 2]) {
      assert.deepEqual(await store.acquire(wish(`a${since}`, { limit: 1, since })), { replaced: null })
      assert.equal(await store.acquire(wish('b', { limit: 1, since: since + TTL - 1 })), null)
      assert.deepEqual(await store.acquire(wish(`b${since}`, { limit: 1, since: since + TTL })), { replaced: null })
      await store.release(anna(`b${since}`))
    }
  })

  check('a seat that is renewed stays taken', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('a', { limit: 1 }))
    assert.equal(await store.renew(anna('a'), until(NOW + TTL - 1)), true)
    assert.equal(await store.acquire(wish('b', { limit: 1, since: NOW + TTL })), null)
    assert.deepEqual(await ids(store, NOW + 2 * TTL - 2), ['a'])
    assert.deepEqual(await ids(store, NOW + 2 * TTL - 1), [])
  })

  check('list() tells who watches what, by account, oldest first', async (open) => {
    await using house = await open()
    const { store } = house
    await store.acquire(wish('z', { account: 'zoe', subject: 'c9' }))
    await store.acquire(wish('c', { since: NOW + 1, limit: 4 }))
    await store.acquire(wish('b', { since: NOW + 1, limit: 4 }))
    await store.acquire(wish('a', { since: NOW + 2, limit: 4, device: 'tv' }))
    await store.acquire(wish('x', { limit: 4 }))
    const rows = (await store.list(NOW + 2)).map(({ account, id, subject }) => [account, id, subject])
    assert.deepEqual(rows, [
      ['anna', 'x', 'c1'],
      ['anna', 'b', 'c1'],
      ['anna', 'c', 'c1'],
      ['anna', 'a', 'c1'],
      ['zoe', 'z', 'c9'],
    ])
    const { limit: _, mayReplace: __, ...lease } = wish('a', { since: NOW + 2, device: 'tv' })
    assert.deepEqual((await store.list(NOW + 2))[3], lease)
  })

  check('names may hold what people and addresses hold', async (open) => {
    await using house = await open()
    const { store } = house
    const account = 'änne {o’brien}*:"\\ 日本 \u{1f4fa}'
    const id = JSON.stringify(['visit', account, 'tv?*[a]', 'c1'])
    assert.deepEqual(await store.acquire(wish(id, { account, limit: 1 })), { replaced: null })
    assert.equal(await store.renew({ id, account }, until(NOW + 1)), true)
    assert.deepEqual(
      (await store.list(NOW + 1)).map((lease) => [lease.id, lease.account, lease.device]),
      [[id, account, id]],
    )
    await store.release({ id, account })
    assert.deepEqual(await store.list(NOW + 1), [])
  })
}
