import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_CHANNEL_KEY } from '../../core/lineup/channel.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import { FIRST_VOD_NUMBER } from '../../core/lineup/vod-numbers.ts'
import type { VodNumbers } from '../../core/lineup/vod-numbers.ts'

const A = sourceId('panel-a')
const B = sourceId('panel-b')

/** Numbers under test; `reopen` gives the same ones as a new process would see them. */
export type NumbersUnderTest = AsyncDisposable & {
  readonly numbers: VodNumbers
  readonly reopen: () => Promise<VodNumbers>
}

/** What every implementation of `VodNumbers` does. */
export function testVodNumbers(name: string, create: () => Promise<NumbersUnderTest>): void {
  test(`${name}: numbers are positive integers of 31 bits above all channel keys there are`, async () => {
    await using made = await create()
    const given = await made.numbers.numbersOf(A, 'film', ['1', '2', '3'])
    assert.equal(new Set(given).size, 3)
    for (const number of given)
      assert.ok(Number.isInteger(number) && number > FIRST_VOD_NUMBER && number <= MAX_CHANNEL_KEY, String(number))
  })

  test(`${name}: an item keeps its number, whatever it is asked for with`, async () => {
    await using made = await create()
    const { numbers, reopen } = made
    const [first, second] = await numbers.numbersOf(A, 'film', ['10', '20'])
    assert.deepEqual(await numbers.numbersOf(A, 'film', ['30', '20', '10', '20']), [
      ...(await numbers.numbersOf(A, 'film', ['30'])),
      second,
      first,
      second,
    ])
    assert.deepEqual(await (await reopen()).numbersOf(A, 'film', ['20', '10']), [second, first])
  })

  test(`${name}: looking costs no number`, async () => {
    await using made = await create()
    const { numbers } = made
    const [first = 0] = await numbers.numbersOf(A, 'film', ['1'])
    for (let turn = 0; turn < 10; turn++) await numbers.numbersOf(A, 'film', ['1'])
    assert.deepEqual(await numbers.numbersOf(A, 'film', ['2']), [first + 1])
  })

  test(`${name}: sources, kinds and doubles are told apart`, async () => {
    await using made = await create()
    const { numbers } = made
    const given = [
      ...(await numbers.numbersOf(A, 'film', ['1', '1'])),
      ...(await numbers.numbersOf(B, 'film', ['1'])),
      ...(await numbers.numbersOf(A, 'series', ['1'])),
      ...(await numbers.numbersOf(A, 'film-category', ['1', ''])),
    ]
    assert.equal(given[0], given[1])
    assert.equal(new Set(given).size, 5)
  })

  test(`${name}: find() gives back what a number stands for, and null for any other`, async () => {
    await using made = await create()
    const { numbers } = made
    const [number = 0] = await numbers.numbersOf(B, 'episode', ["show-7/1/2 'x'"])
    assert.deepEqual(await numbers.find(number), { sourceId: B, kind: 'episode', item: "show-7/1/2 'x'" })
    for (const other of [0, 1, FIRST_VOD_NUMBER, number + 1, MAX_CHANNEL_KEY])
      assert.equal(await numbers.find(other), null)
  })

  test(`${name}: nothing asked, nothing given`, async () => {
    await using made = await create()
    assert.deepEqual(await made.numbers.numbersOf(A, 'film', []), [])
  })
}
