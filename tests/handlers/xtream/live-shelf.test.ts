import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FIRST_VOD_NUMBER } from '../../../core/lineup/vod-numbers.ts'
import { createLiveShelf } from '../../../handlers/xtream/live-shelf.ts'
import { fakeChannel } from '../../fakes/gateway.ts'

const shelfOf = (
  names: readonly string[],
  channels = names.map((name, index) => fakeChannel(index + 1, { groups: [name] })),
) => {
  const groups = names.map((name, order) => ({ name, order }))
  return { channels, shelf: createLiveShelf({ revision: '1', channels, groups }) }
}

test('every category has an id of its own, whatever the groups are called, and every channel is in one', () => {
  const anyNames = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), { maxLength: 60 })
  fc.assert(
    fc.property(anyNames, (names) => {
      const { channels, shelf } = shelfOf(names)
      const rows = shelf.categories(channels)
      const ids = new Set(rows.map((row) => row.category_id))
      assert.equal(ids.size, names.length)
      for (const id of ids) assert.ok(Number(id) > 0 && Number(id) < FIRST_VOD_NUMBER)
      for (const channel of channels) assert.ok(shelf.idsOf(channel).every((id) => ids.has(id)))
    }),
  )
})

test('the id of a category is its name alone: neither order nor company changes it', () => {
  const idIn = (names: readonly string[]): unknown => {
    const { channels, shelf } = shelfOf(names)
    return shelf.categories(channels).find((row) => row.category_name === 'Sport')?.category_id
  }
  assert.equal(idIn(['Sport']), idIn(['News', 'Sport', 'Film']))
  // A number that a release of this program has told must not change with the next.
  assert.equal(idIn(['Sport']), '526434962')
})

test('two groups whose names have one id are told apart', () => {
  const names = ['Group 6307', 'Group 53650'] // found by trying
  const alone = names.map((name) => shelfOf([name])).map(({ shelf, channels }) => shelf.categories(channels))
  assert.equal(alone[0]?.[0]?.category_id, alone[1]?.[0]?.category_id)
  const { channels, shelf } = shelfOf(names)
  assert.equal(new Set(shelf.categories(channels).map((row) => row.category_id)).size, 2)
  assert.notEqual(shelf.idsOf(channels[0] ?? fakeChannel(1))[0], shelf.idsOf(channels[1] ?? fakeChannel(1))[0])
})

test('numbers are whole and unique; channels with a whole one keep it', () => {
  const anyNumber = fc.oneof(fc.integer({ min: 1, max: 30 }).map(String), fc.constantFrom('5.1', '5.2', '12.10'))
  fc.assert(
    fc.property(fc.array(anyNumber, { maxLength: 40 }), (given) => {
      const channels = given.map((number, index) => fakeChannel(index + 1, { number }))
      const { shelf } = shelfOf([], channels)
      const numbers = channels.map((channel) => shelf.numberOf(channel))
      assert.equal(new Set(numbers).size, channels.length)
      assert.ok(numbers.every((number) => Number.isInteger(number) && number > 0))
      for (const [index, number] of given.entries())
        if (/^\d+$/.test(number) && given.indexOf(number) === index) assert.equal(numbers[index], Number(number))
    }),
  )
})
