import assert from 'node:assert/strict'
import { test } from 'node:test'
import { xmlAttribute, xmlElements, xmlText } from '../../../../adapters/sources/enigma2/xml.ts'

const LIST =
  '<?xml version="1.0"?>\n<l>\n<s><r>1:0:1:</r>\n<n>A &amp; B</n></s>\n<s a="1"><r/><n>None</n></s>\n<s/>\n</l>'

test('xmlElements() gives the contents of every element', () => {
  assert.deepEqual([...xmlElements(LIST, 's')], ['<r>1:0:1:</r>\n<n>A &amp; B</n>', '<r/><n>None</n>', ''])
})

test('xmlElements() does not take a longer name for the one it looks for', () => {
  assert.deepEqual([...xmlElements('<e2eventlist><e2event>x</e2event></e2eventlist>', 'e2event')], ['x'])
})

test('xmlElements() gives what is whole of a document that was cut off', () => {
  assert.deepEqual([...xmlElements('<s>one</s><s>tw', 's')], ['one'])
})

test('xmlText() unescapes, and takes empty, missing and None for nothing', () => {
  const [first = '', second = ''] = xmlElements(LIST, 's')
  assert.deepEqual(
    [xmlText(first, 'r'), xmlText(first, 'n'), xmlText(second, 'r'), xmlText(second, 'n'), xmlText(second, 'x')],
    ['1:0:1:', 'A & B', null, null, null],
  )
})

test('xmlText() reads CDATA', () => {
  assert.equal(xmlText('<n><![CDATA[A < B]]></n>', 'n'), 'A < B')
})

test('xmlAttribute() reads an attribute', () => {
  assert.equal(xmlAttribute('<e2eventgenre id="32">Film</e2eventgenre>', 'e2eventgenre', 'id'), '32')
  assert.equal(xmlAttribute('<e2eventgenre>Film</e2eventgenre>', 'e2eventgenre', 'id'), null)
})
