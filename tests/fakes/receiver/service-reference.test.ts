import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePercent, parseServiceReference, printServiceReference } from './service-reference.ts'

for (const { name, text, canonical, path, title } of [
  {
    name: 'an HD service',
    text: '1:0:19:132F:3EF:1:C00000:0:0:0:',
    canonical: '1:0:19:132F:3EF:1:C00000:0:0:0:',
    path: '',
    title: '',
  },
  {
    name: 'lower case without the last colon',
    text: '1:0:1:ef:1a:85:c00000:0:0:0',
    canonical: '1:0:1:EF:1A:85:C00000:0:0:0:',
    path: '',
    title: '',
  },
  {
    name: 'a name tail',
    text: '1:0:1:EF:1A:85:C00000:0:0:0::Das Erste',
    canonical: '1:0:1:EF:1A:85:C00000:0:0:0:',
    path: '',
    title: 'Das Erste',
  },
  {
    name: 'an escaped URL and its name',
    text: '4097:0:1:2:0:0:0:0:0:0:http%3a//host%3a80/2.ts:Zwei',
    canonical: '1:0:1:2:0:0:0:0:0:0:',
    path: 'http://host:80/2.ts',
    title: 'Zwei',
  },
]) {
  test(`parseServiceReference() reads ${name}`, () => {
    const ref = parseServiceReference(text)
    assert.ok(ref)
    assert.equal(printServiceReference(ref), canonical)
    assert.equal(ref.path, path)
    assert.equal(ref.name, title)
  })
}

test('parseServiceReference() refuses what has fewer than ten fields', () => {
  assert.equal(parseServiceReference('1:0:19:132F:3EF:1:C00000:0:0'), null)
})

test('decodePercent() leaves + alone and drops %00', () => {
  assert.equal(decodePercent('a+b%20c%00%C3%A4%zz'), 'a+b cä%zz')
})
