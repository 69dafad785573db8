import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeDvbText } from '../../../../core/guide/eit/dvb-charset.ts'

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0))

for (const { name, bytes, text } of [
  { name: 'ASCII', bytes: ascii('Tatort'), text: 'Tatort' },
  { name: 'nothing', bytes: [], text: '' },
  {
    name: 'ISO 6937 with marks',
    bytes: [...ascii('Mu'), 0xc8, 0x75, ...ascii('ller '), 0xc2, 0x65],
    text: 'Muüller é',
  },
  { name: 'ISO 6937 without marks', bytes: [...ascii('5 '), 0xa4, 0x20, 0xa3], text: '5 € £' },
  {
    name: 'ISO 8859-9 that nobody announced',
    bytes: [...ascii('K'), 0xf6, ...ascii('ln gr'), 0xfc, 0xdf, ...ascii('t')],
    text: 'Köln grüßt',
  },
  { name: 'ISO 8859-5', bytes: [0x01, 0xbc, 0xd8, 0xe0], text: 'Мир' },
  { name: 'ISO 8859-9', bytes: [0x05, 0xdd, 0xfe], text: 'İş' },
  { name: 'ISO 8859-15', bytes: [0x0b, 0xa4], text: '€' },
  { name: 'ISO 8859-2 by its number', bytes: [0x10, 0x00, 0x02, 0xb1, 0xea], text: 'ąę' },
  { name: 'UCS-2', bytes: [0x11, 0x00, 0x41, 0x04, 0x16], text: 'AЖ' },
  { name: 'UTF-8', bytes: [0x15, ...new TextEncoder().encode('日本 €')], text: '日本 €' },
  { name: 'GB 2312', bytes: [0x13, 0xd6, 0xd0], text: '中' },
  { name: 'a line break and emphasis', bytes: [0x05, 0x86, ...ascii('A'), 0x87, 0x8a, ...ascii('B')], text: 'A\nB' },
  { name: 'a line break of UCS-2', bytes: [0x11, 0x00, 0x41, 0xe0, 0x8a, 0x00, 0x42], text: 'A\nB' },
  { name: "Freesat's compression", bytes: [0x1f, 0x01, 0x9a, 0x12], text: '' },
]) {
  test(`decodeDvbText() reads ${name}`, () => {
    assert.equal(decodeDvbText(Uint8Array.from(bytes)), text)
  })
}

test('decodeDvbText() gives clean text for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const text = decodeDvbText(bytes)
      // eslint-disable-next-line no-control-regex -- these should not be in it
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
      assert.ok(text.isWellFormed())
    }),
  )
})
