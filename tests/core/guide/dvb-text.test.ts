import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanDvbLine, cleanDvbText } from '../../../core/guide/dvb-text.ts'

for (const { name, raw, clean } of [
  { name: 'drops emphasis marks', raw: '\u0086ORF\u00871 HD', clean: 'ORF1 HD' },
  { name: 'turns U+008A into a line break', raw: 'eins\u008azwei', clean: 'eins\nzwei' },
  { name: 'turns U+E08A into a line break', raw: 'eins\ue08azwei', clean: 'eins\nzwei' },
  { name: 'drops the private-use copies', raw: 'a\ue086b\ue087c', clean: 'abc' },
  { name: 'drops control characters', raw: 'a\u0001b\u001ac', clean: 'abc' },
  { name: 'keeps one empty line', raw: 'a\n\n\n\nb', clean: 'a\n\nb' },
  { name: 'reads CR LF as one line break', raw: 'a\r\nb\rc', clean: 'a\nb\nc' },
  { name: 'collapses blanks and trims', raw: '  Leer \t zeichen ', clean: 'Leer zeichen' },
  { name: 'drops runs of replacement characters', raw: 'a\ufffd\ufffd\ufffd', clean: 'a' },
  { name: 'makes half surrogates whole', raw: 'a\ud800', clean: 'a\ufffd' },
]) {
  test(`cleanDvbText() ${name}`, () => {
    assert.equal(cleanDvbText(raw), clean)
  })
}

test('cleanDvbLine() puts all on one line', () => {
  assert.equal(cleanDvbLine('eins\u008azwei\n drei '), 'eins zwei drei')
})

test('cleanDvbText() gives only characters of XML 1.0 and is stable', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
      const clean = cleanDvbText(raw)
      assert.doesNotMatch(clean, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/) // eslint-disable-line no-control-regex -- must not be there
      assert.equal(cleanDvbText(clean), clean)
    }),
  )
})
