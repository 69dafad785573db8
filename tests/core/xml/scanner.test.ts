import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { XmlScanner } from '../../../core/xml/scanner.ts'

/** What a scanner finds, one line each; neighbouring texts are one. */
function scan(pieces: readonly string[]): readonly string[] {
  const found: string[] = []
  let text = ''
  const note = (line: string): void => {
    if (text !== '') found.push(`"${text}"`)
    text = ''
    found.push(line)
  }
  const scanner = new XmlScanner({
    open: (name, attributes) => note(`<${name}|${attributes.trim()}`),
    close: (name) => note(`/${name}`),
    text: (buffer, from, to, isLiteral) => {
      const piece = buffer.slice(from, to)
      text += isLiteral ? piece.replaceAll('&', '&amp;') : piece
    },
    problem: (message) => note(`! ${message} at ${scanner.line}`),
  })
  for (const piece of pieces) scanner.push(piece)
  scanner.end()
  if (text !== '') found.push(`"${text}"`)
  return found
}

for (const { name, xml, found } of [
  { name: 'tags, attributes and text', xml: '<a x="1" y=\'2\'>t</a>', found: ['<a|x="1" y=\'2\'', '"t"', '/a'] },
  { name: 'an empty tag', xml: '<a x="1"/>', found: ['<a|x="1"', '/a'] },
  { name: 'a ">" in a value', xml: '<a x="1>2">t', found: ['<a|x="1>2"', '"t"'] },
  { name: 'comments', xml: 'a<!-- <b> -- > -->c', found: ['"ac"'] },
  { name: 'CDATA as literal text', xml: '<a><![CDATA[<b> & ]] >]]></a>', found: ['<a|', '"<b> &amp; ]] >"', '/a'] },
  { name: 'instructions', xml: '<?xml version="1.0"?><?x y > z?>t', found: ['"t"'] },
  { name: 'a document type', xml: '<!DOCTYPE tv SYSTEM "xmltv.dtd">t', found: ['"t"'] },
  {
    name: 'a document type with declarations, of which none is expanded',
    xml: '<!DOCTYPE tv [<!ENTITY lol "lol"><!ENTITY x SYSTEM "file:///etc/passwd">]>&lol;',
    found: ['"&lol;"'],
  },
  { name: 'a "<" that is none', xml: '<a>5 < 6 <3</a>', found: ['<a|', '"5 < 6 <3"', '/a'] },
  {
    name: 'a "<" that runs into a tag',
    xml: '<a>x <y and <b/>',
    found: ['<a|', '"x "', '! a tag is broken at 1', '"<y and "', '<b|', '/b'],
  },
  {
    name: 'a value whose quote does not end',
    xml: '<a>\n<icon src="x/>\n<b>t</b>',
    found: ['<a|', '"\n"', '! a tag is broken at 2', '<icon|src="x', '/icon', '"\n"', '<b|', '"t"', '/b'],
  },
  {
    name: 'an end tag without its end',
    xml: '<a>t</a\n<b/>',
    found: ['<a|', '"t"', '! the end tag "a" is not closed at 1', '/a', '"\n"', '<b|', '/b'],
  },
  {
    name: 'a document that stops in a tag',
    xml: '<a>\n<b x="',
    found: ['<a|', '"\n"', '! a tag is broken at 2', '"<b x=""'],
  },
  {
    name: 'CDATA that does not end',
    xml: '<a>\n<![CDATA[x',
    found: ['<a|', '"\n"', '! a CDATA section does not end at 2'],
  },
]) {
  test(`XmlScanner takes ${name}`, () => {
    assert.deepEqual(scan([xml]), found)
  })
}

test('XmlScanner finds the same wherever a document is cut', () => {
  const piece = fc.constantFrom(
    '<a>',
    '</a>',
    '<b x="1"/>',
    '<b y="<">',
    '<',
    '>',
    '&amp;',
    '&',
    '"',
    "'",
    'text',
    '\n',
    '<!-- x -->',
    '<!--',
    '<![CDATA[',
    ']]>',
    '<?pi?>',
    '<!DOCTYPE x [<!ENTITY y "z">]>',
    '</',
    '/>',
    'ä',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.integer({ min: 1, max: 9 })), (parts, cuts) => {
      const xml = parts.join('')
      const pieces: string[] = []
      let at = 0
      for (const length of cuts) {
        pieces.push(xml.slice(at, at + length))
        at += length
      }
      pieces.push(xml.slice(at))
      assert.deepEqual(scan(pieces), scan([xml]))
    }),
    { numRuns: 500 },
  )
})

test('XmlScanner gives up on a section that does not end, and goes on behind it', () => {
  const found: string[] = []
  const scanner = new XmlScanner({
    open: (name) => void found.push(name),
    close() {},
    text() {},
    problem: (message) => void found.push(message),
  })
  scanner.push('<a><![CDATA[')
  for (let index = 0; index < 17; index++) scanner.push('x'.repeat(64 * 1024))
  assert.deepEqual(found, ['a', 'a CDATA section does not end'])
  scanner.push('<c>]]><b>')
  assert.deepEqual(found, ['a', 'a CDATA section does not end', 'b'])
})
