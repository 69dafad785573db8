import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyMaker } from '../../../../adapters/sources/m3u/item-key.ts'
import { createM3uReader } from '../../../../core/lineup/m3u/reader.ts'

type Line = { readonly url: string; readonly name?: string; readonly id?: string; readonly group?: string }

/** The keys of a list with these entries. */
function keysOf(...lines: readonly Line[]): readonly (string | null)[] {
  const text = lines.map(
    ({ url, name = 'News', id = '', group = '' }) =>
      `#EXTINF:-1 tvg-id="${id}" group-title="${group}",${name}\n${url}\n`,
  )
  const maker = createKeyMaker()
  const keys: (string | null)[] = []
  const reader = createM3uReader({
    head: () => {},
    problem: () => {},
    entry: (entry) => void keys.push(maker.keyOf(entry, new URL(entry.url))),
  })
  reader.push(new TextEncoder().encode(text.join('')))
  reader.end()
  return keys
}

for (const { name, before, after } of [
  {
    name: 'another user, password and host of a panel',
    before: { url: 'http://a.example.org/live/u1/p1/4711.ts' },
    after: { url: 'https://b.example.org:8443/live/u2/p2/4711.m3u8', name: 'News HD', group: 'Info' },
  },
  {
    name: 'another user and password without "live"',
    before: { url: 'http://a.example.org/u1/p1/4711' },
    after: { url: 'http://a.example.org/u2/p2/4711.ts' },
  },
  {
    name: 'another token in the query',
    before: { url: 'http://a.example.org/news/index.m3u8?token=1', id: 'news.de' },
    after: { url: 'http://a.example.org/news/index.m3u8?token=2', id: 'NEWS.de' },
  },
  {
    name: 'another token in the path',
    before: { url: 'http://a.example.org/play/aGVsbG8/ts' },
    after: { url: 'http://a.example.org/play/d29ybGQ/ts' },
  },
  {
    name: 'another group',
    before: { url: 'http://a.example.org/news', id: 'news.de', group: 'A' },
    after: { url: 'http://a.example.org/news', id: 'news.de', group: 'B' },
  },
  {
    name: 'another spelling of a service reference',
    before: { url: 'http://box:8001/1:0:19:132F:3EF:1:C00000:0:0:0:' },
    after: { url: 'http://192.168.1.2:8001/1%3a0%3a19%3a132f%3a3ef%3a1%3ac00000%3a0%3a0%3a0%3a', name: 'Other' },
  },
]) {
  test(`keyOf() stays the same with ${name}`, () => {
    assert.deepEqual(keysOf(before), keysOf(after))
  })
}

test('keyOf() gives service references and numbers of providers as they are', () => {
  assert.deepEqual(
    keysOf(
      { url: 'http://box:8001/1:0:19:132f:3ef:1:c00000:0:0:0:' },
      { url: 'http://a.example.org/live/u/p/4711.ts' },
    ),
    ['1:0:19:132F:3EF:1:C00000:0:0:0:', 'id4711'],
  )
})

test('keyOf() tells apart what differs in anything', () => {
  const base = { url: 'http://a.example.org/x', name: 'News', id: 'news.de', group: 'A' }
  const keys = keysOf(
    base,
    { ...base, name: 'News 2' },
    { ...base, id: 'news.at' },
    { ...base, group: 'B', url: 'http://a.example.org/x2' },
    { ...base, url: 'http://b.example.org/x' },
    { ...base, url: 'http://a.example.org/y' },
    { ...base, url: 'http://a.example.org/x?id=2' },
    { ...base, url: 'http://a.example.org/x?id=3' },
    { url: 'http://a.example.org/u/p/1.ts', name: 'One' },
    { url: 'http://b.example.org/u/p/1.ts', name: 'Another one' },
  )
  assert.equal(new Set(keys).size, keys.length)
  assert.ok(!keys.includes(null))
})

test('keyOf() knows an entry that comes twice', () => {
  const entry = { url: 'http://a.example.org/x', id: 'news.de' }
  assert.deepEqual(keysOf(entry, { ...entry, group: 'Favourites' }).slice(1), [null])
})

test('keyOf() holds nothing of an address', () => {
  for (const key of keysOf({ url: 'http://user:secret@a.example.org/live/u5er/pa55/x.ts?token=t0ken' }))
    assert.match(key ?? '', /^n[0-9a-z]+$/)
})
