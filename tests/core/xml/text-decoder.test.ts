import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDocumentDecoder } from '../../../core/xml/text-decoder.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), isLittle)
  return bytes
}

/** The text of bytes that come in pieces of this size. */
function decode(bytes: Uint8Array, size: number): string {
  const decoder = createDocumentDecoder()
  let text = ''
  for (let at = 0; at < bytes.length; at += size) text += decoder.push(bytes.subarray(at, at + size))
  return text + decoder.end()
}

const BODY = `<tv>${'<x/>'.repeat(100)}Köln, Überraschung, çà</tv>`
const head = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`

for (const { name, bytes, text } of [
  { name: 'UTF-8 without a declaration', bytes: utf8(BODY), text: BODY },
  { name: 'UTF-8 with a byte order mark', bytes: utf8(`\ufeff${BODY}`), text: BODY },
  { name: 'a declared latin-1', bytes: latin(head('ISO-8859-1') + BODY), text: head('ISO-8859-1') + BODY },
  {
    name: 'quotes of windows-1252 in what is declared latin-1',
    bytes: latin(`${head('iso-8859-1')}\u0084x\u0093`),
    text: `${head('iso-8859-1')}„x“`,
  },
  {
    name: 'the euro of a declared latin-9',
    bytes: latin(`${head('ISO-8859-15')}5 \u00a4`),
    text: `${head('ISO-8859-15')}5 €`,
  },
  {
    name: 'Polish of a declared latin-2',
    bytes: latin(`${head('iso-8859-2')}\u00b1\u00ea`),
    text: `${head('iso-8859-2')}ąę`,
  },
  { name: 'latin-1 that says nothing', bytes: latin(BODY), text: BODY },
  { name: 'latin-1 that is declared UTF-8', bytes: latin(head('UTF-8') + BODY), text: head('UTF-8') + BODY },
  { name: 'UTF-16 little endian with its mark', bytes: utf16(`\ufeff${BODY}`, true), text: BODY },
  { name: 'UTF-16 big endian without a mark', bytes: utf16(BODY, false), text: BODY },
  { name: 'UTF-8 that is declared UTF-16', bytes: utf8(head('utf-16') + BODY), text: head('utf-16') + BODY },
  { name: 'an encoding that nobody knows', bytes: utf8(head('x-klingon') + BODY), text: head('x-klingon') + BODY },
  { name: 'a short document', bytes: utf8('<tv/>'), text: '<tv/>' },
]) {
  for (const size of [1, 7, 1 << 16]) {
    test(`createDocumentDecoder() reads ${name} in pieces of ${size}`, () => {
      assert.equal(decode(bytes, size), text)
    })
  }
}

test('createDocumentDecoder() stays with UTF-8 when one character of it is broken', () => {
  const bytes = utf8(`${BODY}*Köln`).map((byte) => (byte === 0x2a ? 0xff : byte))
  assert.equal(decode(bytes, 50), `${BODY}\ufffdKöln`)
})

test('createDocumentDecoder() gives UTF-8 back whole, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 300 }), (text, size) => {
      const whole = `<tv>${text}`
      assert.equal(decode(utf8(whole), size), whole.toWellFormed())
    }),
  )
})
