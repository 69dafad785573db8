import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_CONTENT_BYTES, nameOf } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import { MAX_POINTER_BYTES, SWEEP_AT_ONCE } from '../../core/snapshots/store.ts'
import type { SnapshotStore } from '../../core/snapshots/store.ts'

/** A store that is empty, and the clock by which it counts. */
export type OpenedSnapshotStore = AsyncDisposable & {
  readonly store: SnapshotStore
  readonly clock: { now: number }
  /** The same place seen by somebody else, or by a process that was started anew; null: there is none. */
  readonly reopen: (() => Promise<SnapshotStore>) | null
}

/** What a platform cannot promise. */
export type SnapshotStoreLimits = {
  /** Of several who replace a pointer at the same time one succeeds. */
  readonly replacesAtomically: boolean
  /** Others see the same place, also after a new start. */
  readonly isShared: boolean
}

const START = Date.UTC(2026, 10, 21, 20, 15)
const utf8 = new TextEncoder()

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => utf8.encode(text)

/** Bytes that nothing can shorten. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)))
  return bytes
}

async function keep(store: SnapshotStore, bytes: Uint8Array<ArrayBuffer>): Promise<ContentName> {
  const name = await nameOf(bytes)
  await store.put(name, bytes)
  return name
}

/** What every store of snapshots does. */
export function testSnapshotStore(
  name: string,
  open: (clock: { now: number }) => Promise<OpenedSnapshotStore>,
  { replacesAtomically = true, isShared = true }: Partial<SnapshotStoreLimits> = {},
): void {
  const start = () => open({ now: START })

  test(`${name} gives back what was put, byte for byte`, async () => {
    await using opened = await start()
    const { store } = opened
    for (const bytes of [bytesOf('a line-up'), new Uint8Array([0]), noise(65_536), noise(65_537), noise(200_000)])
      assert.deepEqual(await store.get(await keep(store, bytes)), bytes)
  })

  test(`${name} takes contents as large as there are, which nothing can pack`, async () => {
    await using opened = await start()
    const { store } = opened
    const bytes = noise(MAX_CONTENT_BYTES)
    const kept = await store.get(await keep(store, bytes))
    assert.equal(kept?.length, bytes.length)
    assert.equal(await nameOf(kept), await nameOf(bytes))
  })

  test(`${name} knows nothing of what was never put`, async () => {
    await using opened = await start()
    const { store } = opened
    assert.equal(await store.get(await nameOf(bytesOf('nothing'))), null)
    assert.equal(await store.pointer('home'), null)
    assert.equal(await store.sweep(new Set(), START), 0)
  })

  test(`${name} names those that are missing, in their order`, async () => {
    await using opened = await start()
    const { store } = opened
    const here = await keep(store, bytesOf('here'))
    const [one, two] = [await nameOf(bytesOf('one')), await nameOf(bytesOf('two'))]
    assert.deepEqual(await store.missing([two, here, one]), [two, one])
    assert.deepEqual(await store.missing([here]), [])
    assert.deepEqual(await store.missing([]), [])
  })

  test(`${name} knows hundreds of names at once`, async () => {
    await using opened = await start()
    const { store } = opened
    const names = await Promise.all(Array.from({ length: 300 }, (_, index) => nameOf(bytesOf(`no ${index}`))))
    const here = await keep(store, bytesOf('here'))
    assert.deepEqual(await store.missing([...names, here]), names)
  })

  test(`${name} takes the same content twice`, async () => {
    await using opened = await start()
    const { store } = opened
    const bytes = noise(70_000)
    const content = await keep(store, bytes)
    await keep(store, bytes)
    assert.deepEqual(await store.get(content), bytes)
  })

  test(`${name} replaces a pointer only if it is what was read`, async () => {
    await using opened = await start()
    const { store } = opened
    assert.equal(await store.replace('home', 'one', null), true)
    assert.equal(await store.replace('home', 'two', null), false)
    assert.equal(await store.replace('home', 'two', 'other'), false)
    assert.equal(await store.pointer('home'), 'one')
    assert.equal(await store.replace('home', 'two', 'one'), true)
    assert.equal(await store.pointer('home'), 'two')
    assert.equal(await store.pointer('cabin'), null)
  })

  test(`${name} keeps the pointers of sites apart`, async () => {
    await using opened = await start()
    const { store } = opened
    await store.replace('home', 'of home', null)
    await store.replace('home-2', 'of another', null)
    assert.deepEqual([await store.pointer('home'), await store.pointer('home-2')], ['of home', 'of another'])
  })

  test(`${name} keeps pointers as long as there are`, async () => {
    await using opened = await start()
    const { store } = opened
    const long = 'ü'.repeat(MAX_POINTER_BYTES / 2)
    assert.equal(await store.replace('home', long, null), true)
    assert.equal(await store.pointer('home'), long)
    assert.equal(await store.replace('home', 'short', long), true)
  })

  if (replacesAtomically)
    test(`${name} lets one of many replace a pointer`, async () => {
      await using opened = await start()
      const { store } = opened
      const tries = await Promise.all(Array.from({ length: 8 }, (_, index) => store.replace('home', `${index}`, null)))
      assert.equal(tries.filter((done) => done).length, 1)
      assert.equal(await store.pointer('home'), String(tries.indexOf(true)))
    })

  test(`${name} drops what is old and not needed, and only that`, async () => {
    await using opened = await start()
    const { store, clock } = opened
    const needed = await keep(store, bytesOf('needed'))
    const old = await keep(store, noise(150_000))
    clock.now += 10_000
    const young = await keep(store, bytesOf('young'))
    assert.equal(await store.sweep(new Set([needed]), START + 5_000), 1)
    assert.deepEqual(await store.missing([needed, old, young]), [old])
    assert.equal(await store.get(old), null)
    assert.deepEqual(await store.get(needed), bytesOf('needed'))
    assert.equal(await store.sweep(new Set([needed]), START + 5_000), 0)
  })

  test(`${name} drops a bounded number at a time, and the rest the next time`, async () => {
    await using opened = await start()
    const { store, clock } = opened
    const count = SWEEP_AT_ONCE + 5
    for (let index = 0; index < count; index += 20)
      await Promise.all(
        Array.from({ length: Math.min(20, count - index) }, (_, more) => keep(store, bytesOf(`no ${index + more}`))),
      )
    clock.now += 10_000
    const first = await store.sweep(new Set(), clock.now)
    assert.ok(first <= SWEEP_AT_ONCE, String(first))
    assert.equal(first + (await store.sweep(new Set(), clock.now)), count)
  })

  if (isShared)
    test(`${name} is found again by others`, async () => {
      await using opened = await start()
      const { store, reopen } = opened
      assert.ok(reopen !== null, 'a shared place can be opened again')
      const content = await keep(store, noise(100_000))
      await store.replace('home', 'pointer', null)
      const again = await reopen()
      assert.equal(await again.pointer('home'), 'pointer')
      assert.deepEqual(await again.missing([content]), [])
      assert.deepEqual(await again.get(content), await store.get(content))
    })
}
