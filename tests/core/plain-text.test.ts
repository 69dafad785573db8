import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainText } from '../../core/plain-text.ts'
import { anyText } from './any-text.ts'

for (const { name, text, plain } of [
  { name: 'controls of DVB', text: 'ORF\u00861\u0087 HD', plain: 'ORF 1 HD' },
  { name: 'line breaks', text: ' a\r\n b\u2028c ', plain: 'a b c' },
  { name: 'a byte order mark', text: '\ufeffTV', plain: 'TV' },
  { name: 'half a surrogate', text: 'a\ud800b', plain: 'a b' },
  { name: 'what a failed decoder left', text: 'K\ufffd\ufffdche ï¿½', plain: 'K che' },
  { name: 'letters of all scripts', text: 'Первый 中 👾 é', plain: 'Первый 中 👾 é' },
]) {
  test(`plainText() cleans ${name}`, () => {
    assert.equal(plainText(text), plain)
  })
}

test('plainText() changes nothing more the second time', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(plainText(plainText(text)), plainText(text))
    }),
  )
})
