import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChannelId, parseChannelNumber, channelKey, compareNumbers } from '../../../core/lineup/channel.ts'
import { createNumbering } from '../../../core/lineup/numbering.ts'

for (const { name, taken, wishes, given } of [
  { name: 'grants wishes that are free', taken: ['1'], wishes: ['2', '5.1'], given: ['2', '5.1'] },
  { name: 'goes on behind the highest', taken: ['1', '40'], wishes: ['1', null], given: ['41', '42'] },
  { name: 'grants all wishes before it gives numbers', taken: [], wishes: [null, '1', '2'], given: ['3', '1', '2'] },
  { name: 'gives the first of two with one wish the number', taken: [], wishes: ['7', '7'], given: ['7', '8'] },
  { name: 'drops leading zeros', taken: ['7'], wishes: ['007', '08'], given: ['9', '8'] },
  { name: 'takes 0 and words for no wish', taken: [], wishes: ['0', 'HD'], given: ['1', '2'] },
  { name: 'is not pushed up by ids in disguise', taken: ['3', '141830'], wishes: [null], given: ['4'] },
]) {
  test(`createNumbering() ${name}`, () => {
    const asked = wishes.map((wanted) => ({ wanted, range: null }))
    assert.deepEqual(createNumbering(taken).give(asked), given)
  })
}

const sport = { from: 100, to: 102 }

test('createNumbering() gives channels of a range the wanted number in it, else its first free one', () => {
  const numbering = createNumbering(['101', '7'], [sport])
  const asked = [null, '102', '5', '9'].map((wanted) => ({ wanted, range: sport }))
  assert.deepEqual(numbering.give(asked), ['100', '102', '8', '9'])
})

test('createNumbering() keeps the numbers of a range for its channels', () => {
  const numbering = createNumbering(['99'], [sport])
  const asked = ['101', null, null].map((wanted) => ({ wanted, range: null }))
  assert.deepEqual(numbering.give(asked), ['103', '104', '105'])
})

for (const { text, number } of [
  { text: '5', number: '5' },
  { text: ' 0012 ', number: '12' },
  { text: '5.10', number: '5.10' },
  { text: '0', number: null },
  { text: '-1', number: null },
  { text: '1234567', number: null },
  { text: '5.', number: null },
  { text: '1e3', number: null },
]) {
  test(`parseChannelNumber() reads "${text}" as ${number}`, () => {
    assert.equal(parseChannelNumber(text), number)
  })
}

for (const { text, id } of [
  { text: 'c12', id: 'c12' },
  { text: 'c2147483647', id: 'c2147483647' },
  { text: 'c2147483648', id: null },
  { text: 'c012', id: null },
  { text: 'c0', id: null },
  { text: 'C12', id: null },
  { text: '12', id: null },
]) {
  test(`parseChannelId() reads "${text}" as ${id}`, () => {
    assert.equal(parseChannelId(text), id)
  })
}

test('channelKey() refuses what is outside of the sequence', () => {
  for (const key of [0, -1, 1.5, 2 ** 31, Number.NaN]) assert.throws(() => channelKey(key), RangeError)
})

test('compareNumbers() counts sub-numbers', () => {
  const numbers = ['10', '5.10', '5.9', '5', '9']
  assert.deepEqual(numbers.toSorted(compareNumbers), ['5', '5.9', '5.10', '9', '10'])
})
