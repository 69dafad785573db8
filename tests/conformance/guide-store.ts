import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Programme } from '../../core/guide/programme.ts'
import type { GuideStore } from '../../core/guide/store.ts'
import { aProgramme, at, spans } from '../core/guide/samples.ts'

const ref = { feed: 'box', channel: 'a' }
const ALL = { from: at(-10_000), to: at(10_000) }
const hour = { from: at(0), to: at(60) }

const tell = (
  store: GuideStore,
  programmes: readonly Programme[],
  window = { from: at(0), to: at(600) },
  channel = 'a',
) => store.replace('box', { channel, ...window, programmes }, 1)

/** What every guide store has to do. */
export function testGuideStore(
  name: string,
  open: () => Promise<AsyncDisposable & { readonly store: GuideStore }>,
): void {
  test(`${name}: programmes() gives back all that was told`, async () => {
    await using subject = await open()
    const full = aProgramme(0, 60, {
      title: 'Ä \u{1f4fa}',
      subtitle: 'S',
      description: 'D\nE',
      categories: ['News', 'Local'],
      season: 2,
      episode: 0,
      repeat: true,
      details: { date: '2019', stars: '4/5', credits: [{ role: 'actor', name: 'A' }], isNew: true },
    })
    await tell(subject.store, [full, aProgramme(60, 90)])
    assert.deepEqual(await subject.store.programmes(ref, ALL), [full, aProgramme(60, 90)])
  })

  test(`${name}: programmes() gives what touches the window, and nothing of other channels and feeds`, async () => {
    await using subject = await open()
    await tell(subject.store, [aProgramme(-30, 0), aProgramme(0, 30), aProgramme(30, 90), aProgramme(90, 120)], ALL)
    assert.deepEqual(spans(await subject.store.programmes(ref, { from: at(10), to: at(31) })), [
      [0, 30, 'From 0'],
      [30, 90, 'From 30'],
    ])
    assert.deepEqual(spans(await subject.store.programmes(ref, { from: at(0), to: at(30) })), [[0, 30, 'From 0']])
    assert.deepEqual(spans(await subject.store.programmes(ref, { from: at(40), to: at(50) })), [[30, 90, 'From 30']])
    assert.deepEqual(await subject.store.programmes(ref, { from: at(120), to: at(200) }), [])
    assert.deepEqual(await subject.store.programmes({ feed: 'box', channel: 'b' }, ALL), [])
    assert.deepEqual(await subject.store.programmes({ feed: 'sat', channel: 'a' }, ALL), [])
  })

  test(`${name}: replace() replaces the window and keeps what is outside`, async () => {
    await using subject = await open()
    await tell(subject.store, [aProgramme(-30, 10), aProgramme(10, 60), aProgramme(60, 90)], ALL)
    await tell(subject.store, [aProgramme(10, 40, { title: 'New' })], hour)
    assert.deepEqual(spans(await subject.store.programmes(ref, ALL)), [
      [-30, 10, 'From -30'],
      [10, 40, 'New'],
      [60, 90, 'From 60'],
    ])
  })

  test(`${name}: replace() drops stored programmes that a told one overlaps, however far it reaches`, async () => {
    await using subject = await open()
    await tell(
      subject.store,
      [aProgramme(-600, -300), aProgramme(-300, 30), aProgramme(60, 300), aProgramme(300, 330)],
      ALL,
    )
    await tell(subject.store, [aProgramme(-500, 20, { title: 'Long' }), aProgramme(50, 310, { title: 'Late' })], hour)
    assert.deepEqual(spans(await subject.store.programmes(ref, ALL)), [
      [-500, 20, 'Long'],
      [50, 310, 'Late'],
    ])
  })

  test(`${name}: replace() cleans what is told`, async () => {
    await using subject = await open()
    await tell(subject.store, [aProgramme(60, 90), aProgramme(0, 70), aProgramme(5, 5)])
    assert.deepEqual(spans(await subject.store.programmes(ref, ALL)), [
      [0, 60, 'From 0'],
      [60, 90, 'From 60'],
    ])
  })

  for (const { what, given, changes } of [
    { what: 'the same', given: {}, changes: false },
    { what: 'another title', given: { title: 'x' }, changes: true },
    { what: 'another end', given: { stop: at(50) }, changes: true },
    { what: 'another category', given: { categories: ['Sports'] }, changes: true },
    { what: 'another date', given: { details: { date: '2020' } }, changes: true },
    { what: 'a repeat', given: { repeat: true }, changes: true },
  ]) {
    test(`${name}: revision() ${changes ? 'changes' : 'stays'} when ${what} is told`, async () => {
      await using subject = await open()
      assert.equal(await tell(subject.store, [aProgramme(0, 60, { categories: ['News'] })]), true)
      const before = subject.store.revision()
      assert.equal(subject.store.revision(), before)
      assert.equal(await tell(subject.store, [aProgramme(0, 60, { categories: ['News'], ...given })]), changes)
      assert.equal(subject.store.revision() !== before, changes)
    })
  }

  test(`${name}: fetched() says when each channel of a feed was fetched last, also without programmes`, async () => {
    await using subject = await open()
    await subject.store.replace('box', { channel: 'a', ...hour, programmes: [] }, 100)
    await subject.store.replace('box', { channel: 'b', ...hour, programmes: [aProgramme(0, 5)] }, 200)
    await subject.store.replace('sat', { channel: 'c', ...hour, programmes: [] }, 300)
    await subject.store.replace('box', { channel: 'a', ...hour, programmes: [] }, 400)
    assert.deepEqual(
      await subject.store.fetched('box'),
      new Map([
        ['a', 400],
        ['b', 200],
      ]),
    )
    assert.deepEqual(await subject.store.fetched('none'), new Map())
  })

  test(`${name}: prune() forgets what is over and changes the revision only then`, async () => {
    await using subject = await open()
    await tell(subject.store, [aProgramme(0, 30), aProgramme(30, 90)])
    await tell(subject.store, [aProgramme(0, 60)], hour, 'b')
    const before = subject.store.revision()
    assert.equal(await subject.store.prune(at(29)), 0)
    assert.equal(subject.store.revision(), before)
    assert.equal(await subject.store.prune(at(60)), 2)
    assert.notEqual(subject.store.revision(), before)
    assert.deepEqual(spans(await subject.store.programmes(ref, ALL)), [[30, 90, 'From 30']])
  })
}
