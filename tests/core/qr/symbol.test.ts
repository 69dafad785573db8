import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import qrcode from 'qrcode-generator'
import { qrSvg } from '../../../core/qr/svg.ts'
import { qrSymbol } from '../../../core/qr/symbol.ts'
import type { Modules } from '../../../core/qr/penalty.ts'
import { capacityOf, MAX_VERSION, sizeOf } from '../../../core/qr/versions.ts'

const draw = (symbol: Modules): readonly string[] =>
  symbol.map((row) => row.map((isDark) => (isDark ? '#' : '.')).join(''))

/** The same text by another program. */
function drawByOther(text: string): readonly string[] {
  qrcode.stringToBytes = (plain) => [...new TextEncoder().encode(plain)]
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const count = code.getModuleCount()
  return Array.from({ length: count }, (_, y) =>
    Array.from({ length: count }, (_module, x) => (code.isDark(y, x) ? '#' : '.')).join(''),
  )
}

/** The mask that a symbol says it has: three bits beside the upper left finder (ISO/IEC 18004, 7.9). */
const maskOf = (rows: readonly string[]): number =>
  [2, 3, 4].reduce((mask, x) => (mask << 1) | Number((rows[8]?.[x] === '#') !== [true, false, true][x - 2]), 0)

const same = (text: string): void => {
  const other = drawByOther(text)
  assert.deepEqual(draw(qrSymbol(text, maskOf(other))), other)
}

for (const text of ['', 'a', 'http://192.168.1.5:18080/x/7k2m9qxz', 'Küche – 電視', 'x'.repeat(666)])
  test(`qrSymbol() draws ${text.length} characters as another program does`, () => same(text))

test('qrSymbol() draws every version as another program does', () => {
  for (let version = 1; version <= MAX_VERSION; version++) {
    const text = 'downlink '.repeat(80).slice(0, capacityOf(version))
    assert.equal(qrSymbol(text).length, sizeOf(version))
    same(text)
  }
})

test('qrSymbol() draws any text as another program does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => same(text.toWellFormed())),
    { numRuns: 40 },
  )
})

test('qrSymbol() chooses a mask by itself, and one of the eight', () => {
  const text = 'http://192.168.1.5:18080/t/k1.abcdefghijkl.0123456789/playlist.m3u'
  const own = draw(qrSymbol(text))
  assert.deepEqual(own, draw(qrSymbol(text, maskOf(own))))
  assert.throws(() => qrSymbol(text, 8), RangeError)
})

test('qrSymbol() refuses what no symbol of ours holds', () => {
  assert.throws(() => qrSymbol('x'.repeat(667)), RangeError)
})

test('qrSvg() has the quiet zone of four modules on each side', () => {
  const svg = qrSvg('a')
  assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 29 29"/)
  assert.ok(svg.includes('d="M4 4h1v1h-1z'))
})
