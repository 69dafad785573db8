import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadChained } from '../../../ui/src/grid/chained.ts'

const { signal } = new AbortController()

/** The even ones of so many numbers, as a list of which one sees a part; or all of them, counted. */
function list(length: number, isCounted = false) {
  const asked: number[] = []
  const load = loadChained<number>(async (at, limit) => {
    asked.push(at)
    const step = isCounted ? 1 : 2
    const items: number[] = []
    let next = at
    for (; next < length && items.length < limit; next++) if (next % step === 0) items.push(next)
    return { total: isCounted ? length : null, next: next >= length ? null : next, items }
  })
  return { load: (offset: number) => load(offset, 10, signal), asked }
}

test('loadChained() begins each page of an uncounted list where the one before says', async () => {
  const { load, asked } = list(50)
  assert.deepEqual((await load(0)).items, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
  assert.deepEqual((await load(10)).items, [20, 22, 24, 26, 28, 30, 32, 34, 36, 38])
  assert.deepEqual((await load(20)).items, [40, 42, 44, 46, 48])
  assert.deepEqual(asked, [0, 19, 39])
})

test('loadChained() gives an uncounted list one page more as long as it goes on', async () => {
  const { load } = list(50)
  assert.deepEqual([(await load(0)).total, (await load(10)).total, (await load(20)).total], [20, 30, 25])
  assert.deepEqual(await load(30), { revision: '', total: 30, items: [] })
})

test('loadChained() finds its way to a page far behind', async () => {
  const { load, asked } = list(100)
  assert.deepEqual((await load(30)).items[0], 60)
  assert.deepEqual(asked, [0, 19, 39, 59])
  assert.deepEqual((await load(20)).items[0], 40)
  assert.equal(asked.length, 5)
})

test('loadChained() asks a counted list anywhere', async () => {
  const { load, asked } = list(100, true)
  assert.equal((await load(0)).total, 100)
  assert.deepEqual((await load(70)).items[0], 70)
  assert.deepEqual(asked, [0, 70])
})
