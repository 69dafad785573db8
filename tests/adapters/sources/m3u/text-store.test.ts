import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createListItems } from '../../../../adapters/sources/m3u/list-items.ts'
import { createTextCopier, createTextStore } from '../../../../adapters/sources/m3u/text-store.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.nat(400_000).map((length) => 'x'.repeat(length)),
)

test('createTextStore() gives every text back, whatever came before and after it', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 40 }), (texts) => {
      const store = createTextStore()
      const places = texts.map((text) => store.put(text))
      assert.equal(new Set(places).size, places.length)
      for (const [index, place] of places.entries()) assert.equal(store.get(place), texts[index])
    }),
  )
})

test('createTextStore() fails for a place where nothing is', () => {
  assert.throws(() => createTextStore().get(0), RangeError)
})

test('createTextCopier() makes the same text', () => {
  const copy = createTextCopier()
  fc.assert(fc.property(anyText, (text) => assert.equal(copy(text), text)))
})

test('createListItems() gives address, picture and headers of an entry, and shows none of them by itself', () => {
  const items = createListItems()
  items.add('a', {
    url: 'http://tv.example/user/secret/1.ts',
    logo: 'http://l.example/1.png',
    catchup: null,
    headers: {},
  })
  items.add('b', { url: 'http://tv.example/2', logo: null, catchup: null, headers: { Referer: 'http://r.example/' } })
  assert.equal(items.size, 2)
  assert.equal(items.get('a')?.revealUrl().href, 'http://tv.example/user/secret/1.ts')
  assert.equal(items.get('a')?.revealLogo()?.href, 'http://l.example/1.png')
  assert.equal(items.get('b')?.revealLogo(), null)
  assert.deepEqual(items.get('b')?.headers, { Referer: 'http://r.example/' })
  assert.equal(items.get('c'), undefined)
  assert.equal(JSON.stringify({ item: items.get('a'), items }).includes('secret'), false)
})
