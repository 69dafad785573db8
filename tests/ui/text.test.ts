import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numberOf, stepped, typeDigit } from '../../ui/src/player/digits.ts'
import { playlistFile } from '../../ui/src/player/explain.ts'
import { formatBytes, formatKbps, formatSpan, hueOf, initials, progressOf } from '../../ui/src/text/format.ts'

for (const [bytes, text] of [
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [12_400_000, '12 MB'],
  [1_644_000_000, '1.6 GB'],
  [5e15, '5,000 TB'],
] as const) {
  test(`formatBytes() writes ${text}`, () => assert.equal(formatBytes(bytes), text))
}

for (const [seconds, text] of [
  [42.9, '42 s'],
  [60, '1 min'],
  [7500, '2 h 05 min'],
  [93_784, '1 d 2 h'],
  [-3, '0 s'],
] as const) {
  test(`formatSpan() writes ${text}`, () => assert.equal(formatSpan(seconds), text))
}

test('formatKbps() changes to Mbit at one thousand', () => {
  assert.equal(formatKbps(999.4), '999 kbit/s')
  assert.equal(formatKbps(8123), '8.1 Mbit/s')
})

for (const [name, letters] of [
  ['Das Erste HD', 'ER'],
  ['BBC One', 'BO'],
  ['arte HD', 'AR'],
  ['HD', 'HD'],
  ['Первый канал', 'ПК'],
] as const) {
  test(`initials() makes ${letters} of ${name}`, () => assert.equal(initials(name), letters))
}

test('hueOf() is a stable angle for any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const hue = hueOf(text)
      assert.ok(Number.isInteger(hue) && hue >= 0 && hue < 360)
      assert.equal(hueOf(text), hue)
    }),
  )
})

test('progressOf() stays between nothing and all', () => {
  assert.equal(progressOf({ start: 100, stop: 200 }, 150), 0.5)
  assert.equal(progressOf({ start: 100, stop: 200 }, 50), 0)
  assert.equal(progressOf({ start: 100, stop: 200 }, 900), 1)
  assert.equal(progressOf({ start: 100, stop: 100 }, 100), 0)
})

const typeAll = (keys: string) => [...keys].reduce((typed, key) => typeDigit(typed, key) ?? typed, '')

for (const [keys, number] of [
  ['12', '12'],
  ['007', '7'],
  ['0', '0'],
  ['12.1', '12.1'],
  ['12,1', '12.1'],
  ['12.', '12'],
  ['.5', '5'],
  ['1.2.3', '1.23'],
  ['', null],
] as const) {
  test(`numberOf() makes ${number} of the keys "${keys}"`, () => assert.equal(numberOf(typeAll(keys)), number))
}

test('typeDigit() refuses keys that are no part of a number', () => {
  for (const key of ['a', 'Enter', 'ArrowUp', ' ', 'F1', '٣']) assert.equal(typeDigit('1', key), null)
})

test('typeDigit() takes the last digit back', () => assert.equal(typeDigit('12', 'Backspace'), '1'))

test('stepped() goes round and round', () => {
  assert.equal(stepped(0, -1, 5), 4)
  assert.equal(stepped(4, 1, 5), 0)
  assert.equal(stepped(0, 1, 0), 0)
})

test('playlistFile() lets no channel name start a line of its own', () => {
  const file = playlistFile({ name: 'Evil\n#EXTINF:-1,Two\r\nhttp://x/', number: '1' }, 'http://10.0.0.1/live/c1.ts')
  assert.equal(file.trimEnd().split('\n').length, 3)
})
