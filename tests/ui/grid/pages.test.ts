import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPages } from '../../../ui/src/grid/pages.ts'

/** A list of numbers whose answers come when the test says so. */
function numbers(total: number) {
  const house = { revision: '1', total, now: 0, offset: 0 }
  const asked: number[] = []
  const renewed: string[] = []
  let answers: (() => void)[] = []
  const pages = openPages<number>({
    size: 10,
    staleMs: 1000,
    now: () => house.now,
    load: async (offset, limit) => {
      asked.push(offset)
      await new Promise<void>((resolve) => answers.push(resolve))
      const length = Math.max(0, Math.min(limit, house.total - offset))
      return {
        revision: house.revision,
        total: house.total,
        items: Array.from({ length }, (_, index) => house.offset + offset + index),
      }
    },
    onRenewed: (before, after, revision) => renewed.push(`${before[0]} → ${after[0]} at ${revision}`),
  })
  const answer = async () => {
    const now = answers
    answers = []
    for (const resolve of now) resolve()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { pages, house, asked, renewed, answer }
}

test('openPages() asks for the pages that are looked at, each once', async () => {
  const { pages, asked, answer } = numbers(100)
  assert.equal(pages.total.value, null)
  await answer()
  pages.look({ first: 5, last: 35 }, 0)
  pages.look({ first: 5, last: 35 }, 0)
  assert.deepEqual(asked, [0, 10, 20, 30])
  assert.equal(pages.row(25), null)
  await answer()
  assert.deepEqual([pages.total.value, pages.row(25), pages.row(40)], [100, 25, null])
})

test('openPages() asks again for what is old, and shows it until the answer is there', async () => {
  const { pages, house, asked, renewed, answer } = numbers(100)
  await answer()
  pages.look({ first: 0, last: 10 }, 1000)
  assert.deepEqual(asked, [0])
  pages.look({ first: 0, last: 10 }, 1001)
  assert.deepEqual(asked, [0, 0])
  house.offset = 500
  assert.equal(pages.row(3), 3)
  await answer()
  assert.equal(pages.row(3), 503)
  assert.deepEqual(renewed, ['0 → 500 at 1'])
})

test('openPages() takes an answer of another revision as a sign that all pages are old', async () => {
  const { pages, house, asked, answer } = numbers(100)
  await answer()
  house.revision = '2'
  pages.look({ first: 10, last: 20 }, 0)
  await answer()
  assert.equal(pages.revision.value, '2')
  pages.look({ first: 0, last: 20 }, 0)
  assert.deepEqual(asked, [0, 10, 0], 'the page of the new revision is good')
})

test('openPages() refreshes what is looked at, and forgets what is far away', async () => {
  const { pages, asked, answer } = numbers(5000)
  await answer()
  pages.refresh()
  pages.look({ first: 0, last: 5 }, 0)
  assert.deepEqual(asked, [0, 0])
  await answer()
  for (let first = 10; first < 3000; first += 100) {
    pages.look({ first, last: first + 100 }, 0)
    await answer()
  }
  assert.equal(pages.row(0), null)
  assert.equal(pages.row(2990), 2990)
})

test('openPages() shows a row as it will be until the next answer', async () => {
  const { pages, answer } = numbers(20)
  await answer()
  pages.put(3, 333)
  pages.put(15, 1) // not known here
  assert.deepEqual([pages.row(3), pages.row(4), pages.row(15)], [333, 4, null])
  pages.refresh()
  pages.look({ first: 0, last: 5 }, 0)
  await answer()
  assert.equal(pages.row(3), 3)
})
